"""The work samples of the house as scoring units: what somebody who does each of them once adds to the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lms.lab import tasks as played
from lms.psychometrics.evidence import Observation
from lms.psychometrics.items import ItemParameters
from lms.rating import tasks as written

RATERS = 2  # of a work that people judge


def work_units(skills: Mapping[str, tuple[str, ...]], cuts: Sequence[float]) -> Iterator[Observation]:
    """One unmarked unit for every sub-competency that a work sample shows, portfolio pieces apart: their author chooses
    which one they are about. cuts: of the levels on theta."""
    places = {sub for subs in skills.values() for sub in subs}
    for play in played.TASKS.values():
        yield from _units(play.code, play.kind, play.unit, play.sub_competencies & places, 0)
    for work in written.TASKS.values():
        yield from _units(work.code, work.kind, work.unit(cuts), work.sub_competencies & places, RATERS)


def _units(code: str, kind: str, unit: ItemParameters, subs: frozenset[str], raters: int) -> Iterator[Observation]:
    for sub in sorted(subs):
        yield Observation(sub, unit, -1, kind, True, raters, ref=code)
