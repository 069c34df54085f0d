"""What the first answers of one person add to the counts of items: whole numbers, so that adding and taking away again
leaves exactly what was there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log2, sqrt
from typing import NamedTuple

WHOLE = 1000  # a share scored is counted in so many parts
OCTAVE = 16  # steps of the scale of times from one duration to its double


class TallyCell(NamedTuple):
    """What is counted together: a revision of an item, marked in so many categories, answered in one language ("" where
    that wasn't kept)."""

    revision_id: int
    item_key: str
    categories: int
    language: str


Tally = Counter[str]
"""Names of the numbers, with x the category reached and r the share scored on the person's other items of the skill:
c0, c1 … answers by category; n: answers with r; x, xx, r, rr, xr: sums over these; f: answers that an attempt holds;
o: of these left out; p0, p1 … options picked; fn, fr, frr: as n, r, rr over f; q0 … and s0 …: how many and the sum of r
over those who picked option 0 …; t…: answers by duration."""


@dataclass(frozen=True)
class FirstAnswer:
    """How an answer was given: omitted, the options picked (the author's places; empty for other types), and seconds
    since the answer before it, None where that isn't known."""

    person: int
    omitted: bool
    picked: frozenset[int]
    seconds: float | None


@dataclass(frozen=True)
class GivenEvidence:
    """One piece of evidence. id: its place in time; first: None where no attempt holds it."""

    id: int
    cell: TallyCell
    skill: str
    category: int
    first: FirstAnswer | None


def tallies(answers: Sequence[GivenEvidence]) -> dict[TallyCell, Tally]:
    """Of all answers of one person."""
    counted: dict[TallyCell, Tally] = {}
    points, possible = Counter[str](), Counter[str]()
    for answer in answers:
        points[answer.skill] += answer.category
        possible[answer.skill] += answer.cell.categories - 1
    for answer in answers:
        rest = possible[answer.skill] - answer.cell.categories + 1
        share = round(WHOLE * (points[answer.skill] - answer.category) / rest) if rest else None
        counted.setdefault(answer.cell, Tally()).update(_of_answer(answer, share))
    return counted


def _of_answer(answer: GivenEvidence, share: int | None) -> Tally:
    tally = Tally({f"c{answer.category}": 1})
    if share is not None:
        x = answer.category
        tally.update({"n": 1, "x": x, "xx": x * x, "r": share, "rr": share * share, "xr": x * share})
    if answer.first is not None:
        tally.update(_of_first(answer.first, share))
    return tally


def _of_first(first: FirstAnswer, share: int | None) -> Tally:
    tally = Tally({"f": 1, "o": int(first.omitted)})
    tally.update(f"p{place}" for place in first.picked)
    if share is not None:
        tally.update({"fn": 1, "fr": share, "frr": share * share})
        tally.update(f"q{place}" for place in first.picked)
        tally.update({f"s{place}": share for place in first.picked})
    if first.seconds is not None and not first.omitted:
        tally[f"t{step_of(first.seconds)}"] += 1
    return tally


def step_of(seconds: float) -> int:
    return round(OCTAVE * log2(1 + max(0.0, seconds)))


def median_seconds(tally: Tally) -> float | None:
    """To a fortieth of the duration; None where no duration is known."""
    steps = sorted((int(name[1:]), count) for name, count in tally.items() if name[0] == "t")
    total, passed = sum(count for _, count in steps), 0
    for step, count in steps:
        passed += count
        if 2 * passed >= total:
            return float(2 ** (step / OCTAVE) - 1)
    return None


def correlation(n: int, x: int, xx: int, r: int, rr: int, xr: int) -> float | None:
    """Pearson's r from sums over n pairs; None where one side is constant."""
    spread = (n * xx - x * x) * (n * rr - r * r)
    return (n * xr - x * r) / sqrt(spread) if spread > 0 else None


def added(cells: dict[TallyCell, Tally], more: dict[TallyCell, Tally], sign: int = 1) -> None:
    """Add `more` to `cells` in place, or take it away with sign -1."""
    for cell, tally in more.items():
        into = cells.setdefault(cell, Tally())
        for name, count in tally.items():
            into[name] += sign * count


def without_zeros(tally: Tally) -> Tally:
    return Tally({name: count for name, count in tally.items() if count})
