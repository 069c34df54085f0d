"""What is said about a level: one object for page, chart, team row, certificate, document and API.

All numbers stand on the level scale: an ability at the cut of level k is k, between two cuts it runs evenly, 0 and the
highest level are its ends. `estimate`, `low` and `high` are what the answers say, to the tenth that is reached: at 1.98
the level is 1, and no page may draw or write 2.0 beside it. `level` is what may be said of them: the whole level at the
estimate, lowered to the cap that the kinds of evidence set. How much of it is known says `grain`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from math import floor
from typing import Any, Literal

from lms.psychometrics.matrix import Cell, Matrix

Grain = Literal["level", "at_least", "up_to", "range"]


@dataclass(frozen=True)
class LevelStatement:
    """level: the likeliest, None without an answer; cap: the level that lowers it, None where nothing does; n: answers
    it rests on; kinds: how many of each; missing: what the gate above the cap lacks, (count, how many); grain: whether
    the level is said alone, else which ends of the interval."""

    key: str
    level: int | None
    estimate: float
    low: float
    high: float
    cap: int | None
    n: int
    kinds: Mapping[str, int]
    missing: tuple[tuple[str, int], ...]
    grain: Grain = "level"

    @property
    def known(self) -> bool:
        """Whether anything is said; certificates of earlier releases said nothing of what was not precise."""
        return self.level is not None

    @property
    def precise(self) -> bool:
        """Whether one level is named alone."""
        return self.known and self.grain == "level"

    @property
    def begins_below(self) -> bool:
        """Whether one level is named that begins below the whole interval, and no cap says why."""
        return self.precise and self.cap is None and (self.level or 0) < self.low

    @property
    def ends(self) -> tuple[int, int]:
        """The levels of the interval's two ends."""
        return int(self.low), int(self.high)

    @property
    def least(self) -> int:
        """The level that is reached with the probability above the interval's lower end (.95 of a 90 % one)."""
        return min(self.ends[0], self.level or 0)

    @property
    def assured(self) -> int:
        """The level below which the statement says that nobody is; 0 where it says none."""
        if self.grain == "level":
            return self.level or 0
        return 0 if self.grain == "up_to" else self.least

    @property
    def most(self) -> int:
        """The level of the interval's upper end."""
        return self.ends[1]

    @property
    def said(self) -> tuple[int | None, ...]:
        """All that is said of the level beside the figures of the interval; another one is news."""
        words = {"at_least": (self.least,), "up_to": (self.most,), "range": (*self.ends, self.level)}
        return words.get(self.grain, (self.level,))

    @property
    def skill(self) -> str:
        return self.key.partition(".")[0]

    @property
    def wanted(self) -> str:
        """The first count that the gate above the cap lacks: "observations", "performance", ...; empty if none."""
        return next((name for name, _ in self.missing), "")


@dataclass(frozen=True)
class MatrixStatement:
    """The statements of a matrix by key; skills: skill -> its sub-competencies."""

    cells: Mapping[str, LevelStatement]
    skills: Mapping[str, tuple[str, ...]]


def state(cell: Cell, cuts: Sequence[float]) -> LevelStatement:
    """The statement about a cell; `cuts` are those it was judged by."""
    estimate, low, high = (_reached(on_scale(theta, cuts)) for theta in (cell.theta, cell.low, cell.high))
    cap = cell.level if "capped" in cell.reasons else None
    grain = _grain(cell, low, high, len(cuts))
    return LevelStatement(
        cell.key, cell.level, estimate, low, high, cap, cell.n, dict(cell.kinds), tuple(cell.missing), grain
    )


def _grain(cell: Cell, low: float, high: float, highest: int) -> Grain:
    """What is known at all: one level, also where uneven cuts leave the whole interval within it; else an end, where
    the answers know but one (all right, all wrong, the interval runs out of the scale); else both."""
    if cell.precise or not cell.n:
        return "level"
    full = all(observation.category == len(observation.item.b) for observation in cell.observations)
    none = not any(observation.category for observation in cell.observations)
    if low >= 1 and (full or high >= highest):
        return "at_least"
    if high < highest and (none or (low < 1 and not full)):
        return "up_to"
    return "level" if int(low) == int(high) else "range"


def state_matrix(matrix: Matrix) -> MatrixStatement:
    """The statements about every cell, by the cuts that the matrix was made by."""
    return MatrixStatement({key: state(cell, matrix.rules.cuts) for key, cell in matrix.cells.items()}, matrix.skills)


def state_skills(matrix: Matrix) -> MatrixStatement:
    """The same of the skills alone, where their sub-competencies are not shown."""
    cells = {skill: state(matrix.cells[skill], matrix.rules.cuts) for skill in matrix.skills}
    return MatrixStatement(cells, matrix.skills)


def on_scale(theta: float, cuts: Sequence[float]) -> float:
    """An ability on the level scale 0 .. len(cuts); below the first cut one level is as wide as the next one."""
    if theta < cuts[0]:
        return max(0.0, 1 + (theta - cuts[0]) / (cuts[1] - cuts[0]))
    for k in range(1, len(cuts)):
        if theta < cuts[k]:
            return k + (theta - cuts[k - 1]) / (cuts[k] - cuts[k - 1])
    return float(len(cuts))


def _reached(levels: float) -> float:
    """The tenth below or at it; what rounding left of a whole tenth is one."""
    return floor(round(10 * levels, 6)) / 10


def in_levels(width: float, cuts: Sequence[float]) -> float:
    """A width on the ability scale as levels, cuts lying (highest - lowest) / (number - 1) apart on the whole."""
    return width * (len(cuts) - 1) / (cuts[-1] - cuts[0])


def tenths(levels: float) -> float:
    """As it is written down; nothing is a minus nought."""
    return round(levels, 1) + 0.0


def statement_data(statement: LevelStatement) -> dict[str, Any]:
    """The statement as plain JSON values, for what is kept for ever."""
    data = {field.name: getattr(statement, field.name) for field in fields(statement)}
    return {**data, "kinds": dict(statement.kinds), "missing": [list(pair) for pair in statement.missing]}


def statement_of(data: Mapping[str, Any]) -> LevelStatement:
    """What `statement_data` gave."""
    return LevelStatement(**{**data, "missing": tuple((name, count) for name, count in data["missing"])})
