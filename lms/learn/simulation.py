"""People of known ability on the product's own paths: the placement as it chooses, the checks as they are drawn."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from numpy.random import Generator

from lms import evidence, publishing
from lms.assess import Specification
from lms.assess.adaptive import begun_from, selector_for
from lms.assess.chance import chance, fixed_chance
from lms.assess.item_sampling import draw, unasked
from lms.content.model import Item
from lms.learn.simulated_person import SimulatedPerson
from lms.learn.specifications import CHECK, PLACEMENT
from lms.learn.work_units import work_units
from lms.psychometrics.correlated_skills import correlated_estimates
from lms.psychometrics.evidence import Observation, Rules
from lms.psychometrics.items import ItemParameters
from lms.psychometrics.matrix import Matrix, matrices, matrix
from lms.psychometrics.simulate import run
from lms.psychometrics.simulated_people import Truth, answered

WORK_SAMPLE = ItemParameters(1.2, (-1.5, 0.0, 1.5), 0.0, 0.3)  # one criterion of a rubric, around Walk.work_at
CRITERIA = 2  # of a further work sample
RUBRICS = ("work sample", "simulation")  # kinds of performance that two people rate


@dataclass(frozen=True)
class Walk:
    """What a person goes through. courses: slugs of which every check is sat; work_samples: rated criteria for each
    sub-competency, imagined; work_at: theta around which they are hard; works: how many times each work sample that
    there is; further: work samples of two rated criteria, after sheets about what keeps a role open (none where 0
    and not `settle`)."""

    courses: frozenset[str] = frozenset()
    work_samples: int = 0
    work_at: float = 0.5
    works: int = 0
    settle: bool = False
    further: int = 0


Answer = Callable[[Sequence[Observation]], list[Observation]]  # questions with the categories that somebody reaches


class PublishedWorld:
    """The published questions and their parameters, read once."""

    def __init__(self, rules: Rules) -> None:
        self.rules, self.skills = rules, evidence.skills()
        newest = evidence.current_set()
        self._set = newest.id if newest else None
        bank = publishing.items(PLACEMENT.pool)
        self._bank = sorted(revision for revision, _ in bank)
        self._checks = {key: unasked(CHECK, key) for key in publishing.library().modules}
        questions = [*bank, *(pair for pool in self._checks.values() for pair in pool)]
        units = evidence.units((revision for revision, _ in questions), self._set)
        self._question = {revision: _question(revision, item, units[revision]) for revision, item in questions}

    @property
    def placement_items(self) -> list[ItemParameters]:
        """Parameters of the placement's questions."""
        return [self._question[revision].item for revision in self._bank]

    def placement(self, truth: Truth, rng: Generator) -> list[Observation]:
        """The answers of one placement of somebody of whom nothing is known."""
        return self.sitting(PLACEMENT, self.knowing(truth, rng), rng)

    def knowing(self, truth: Truth, rng: Generator) -> Answer:
        """How somebody of these abilities answers."""
        return lambda questions: answered(questions, truth, rng, self.rules.testlet_sd)

    def sitting(
        self,
        test: Specification,
        answer: Answer,
        rng: Generator,
        observations: Sequence[Observation] = (),
        skill: str = "",
    ) -> list[Observation]:
        """The answers of an adaptive test begun after these, with questions not seen yet (of one skill, where given);
        none where too few are left."""
        answered_items = {question.ref for question in observations}
        bank = [
            each for each in self._bank if each not in answered_items and self._question[each].sub.startswith(skill)
        ]
        if len(bank) < (test.least or test.most):
            return []
        selector = selector_for(replace(test, testlet_sd=self.rules.testlet_sd), bank, self._set)
        begun = begun_from(self.estimates(observations), selector) if test.from_evidence else ()
        whole = answer([self._question[each] for each in bank])
        state, _ = run(selector, [each.category for each in whole], int(rng.integers(1 << 62)), begun)
        return [whole[place] for place in state.given]

    def estimates(self, observations: Sequence[Observation]) -> dict[str, tuple[float, float]]:
        """What the evidence says of every skill, as `evidence.estimates_of`."""
        cells = correlated_estimates(matrix(observations, self.skills, self.rules)).skills if observations else ()
        return {cell.key: (cell.theta, cell.sd) for cell in cells}

    def checks(self, walk: Walk, rng: Generator) -> Iterator[Observation]:
        """The questions of every check of the walk's courses, drawn as they are for a person."""
        modules = publishing.library().modules
        with fixed_chance(int(rng.integers(1 << 62))):
            forms = [
                draw(pool, (), chance(), CHECK.least, CHECK.most)
                for key, pool in self._checks.items()
                if modules[key].course in walk.courses
            ]
        yield from (self._question[revision] for form in forms for revision in form)

    def work(self, walk: Walk) -> Iterator[Observation]:
        """Criteria of work samples, each work about every sub-competency, and the work samples that there are."""
        for at in range(walk.work_samples):
            yield from self._criteria(walk, at, f"work {at}")
        for time in range(walk.works):
            yield from (
                replace(unit, testlet=f"{unit.ref} {time}") for unit in work_units(self.skills, self.rules.cuts)
            )

    def _criteria(self, walk: Walk, at: int, testlet: str) -> Iterator[Observation]:
        """One rated criterion of every sub-competency."""
        thresholds = tuple(walk.work_at + b for b in WORK_SAMPLE.b)
        item = ItemParameters(WORK_SAMPLE.a, thresholds, 0.0, WORK_SAMPLE.sd_b)
        for sub in (sub for subs in self.skills.values() for sub in subs):
            yield Observation(sub, item, 0, RUBRICS[at % len(RUBRICS)], True, 2, True, testlet=testlet)

    def person(self, truth: Truth, walk: Walk, subs: Collection[str], rng: Generator) -> SimulatedPerson:
        """A placement and the walk; what would be answered after it about these sub-competencies."""
        answer = self.knowing(truth, rng)
        observations = self.placement(truth, rng) + answer([*self.checks(walk, rng), *self.work(walk)])
        answered_items = {each.ref for each in observations}
        fresh = [each for each in self._question.values() if each.ref not in answered_items] if walk.settle else []
        works = [
            [each for at in range(CRITERIA) for each in self._criteria(walk, at, f"further {number}")]
            for number in range(walk.further)
        ]
        return SimulatedPerson(
            tuple(observations),
            tuple(answer([each for each in fresh if each.sub in subs])),
            tuple(tuple(answer([each for each in work if each.sub in subs])) for work in works),
        )

    def people(self, truths: Sequence[Truth], walk: Walk, rng: Generator) -> list[tuple[Truth, Matrix]]:
        """Everybody's matrix after a placement and the walk."""
        observations = [
            self.placement(truth, rng) + self.knowing(truth, rng)([*self.checks(walk, rng), *self.work(walk)])
            for truth in truths
        ]
        return list(zip(truths, matrices(observations, self.skills, self.rules), strict=True))


def _question(revision: int, item: Item, unit: ItemParameters) -> Observation:
    return Observation(item.sub, unit, -1, item.type, item.performance, testlet=item.set_id or "", ref=revision)
