"""A simulated person with all the answers that they would give, so that what is asked next can rest on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lms.learn.specifications import SETTLE
from lms.learn.undecided_role import EACH, open_cuts
from lms.psychometrics.evidence import Observation, Rules
from lms.psychometrics.matrix import Matrix, matrices
from lms.psychometrics.next_best import most_informative
from lms.psychometrics.profile import RoleProfile, role_gap

Skills = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class SimulatedPerson:
    """observations: the answers so far; left: to questions that are new to the person; works: criteria of further work
    samples, one work after another, of which those count that are about what is open."""

    observations: tuple[Observation, ...]
    left: tuple[Observation, ...]
    works: tuple[tuple[Observation, ...], ...]

    def asked(self, measured: Matrix, role: RoleProfile) -> SimulatedPerson | None:
        """After a sheet about what keeps the role open; None where too little is left to ask."""
        candidates = [(each.sub, each.item) for each in self.left]
        best = most_informative(candidates, open_cuts(measured, role), EACH, SETTLE.most)
        if len(best) < SETTLE.least:
            return None
        rest = tuple(each for place, each in enumerate(self.left) if place not in best)
        return SimulatedPerson((*self.observations, *(self.left[place] for place in best)), rest, self.works)

    def worked(self, measured: Matrix, role: RoleProfile) -> SimulatedPerson | None:
        """After a further work sample about what is open; None without one."""
        if not self.works:
            return None
        wanted = open_cuts(measured, role)
        shown = (each for each in self.works[0] if each.sub in wanted)
        return SimulatedPerson((*self.observations, *shown), self.left, self.works[1:])


def settled(
    people: Sequence[SimulatedPerson], role: RoleProfile, skills: Skills, rules: Rules
) -> tuple[list[Matrix], float]:
    """Everybody's matrix once their role is decided or nothing more can be asked: sheets first, then further works,
    with a look after each; and the mean number of questions of these sheets."""
    ended: dict[int, Matrix] = {}
    running = dict(enumerate(people))
    while running:
        measured = dict(
            zip(running, matrices([person.observations for person in running.values()], skills, rules), strict=True)
        )
        going = {place: _next(running[place], matrix, role) for place, matrix in measured.items()}
        ended |= {place: measured[place] for place, person in going.items() if person is None}
        running = {place: person for place, person in going.items() if person is not None}
    questions = sum(_questions(people[place], matrix) for place, matrix in ended.items())
    return [ended[place] for place in range(len(people))], questions / len(people)


def _next(person: SimulatedPerson, measured: Matrix, role: RoleProfile) -> SimulatedPerson | None:
    if role_gap(measured, role).outcome != "inconclusive" or not open_cuts(measured, role):
        return None
    return person.asked(measured, role) or person.worked(measured, role)


def _questions(person: SimulatedPerson, measured: Matrix) -> int:
    """Of the sheets that came after what was given."""
    new = {each.ref for each in person.left}
    return sum(each.ref in new for skill in measured.skills for each in measured.cells[skill].observations)
