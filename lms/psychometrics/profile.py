"""What a matrix says for a role, against other people, over time, and what to ask next.

Composite of a role: C = sum of w_s (theta_s - cut of the level required in s) over the skills assessed, weights summing
to 1. C >= 0 means "on the whole at what the role asks"; a floor per skill (one level below the requirement) stops a
strong skill from hiding a missing one. The probability of both treats the skills' posteriors as independent normals.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, pi, sqrt
from typing import TypeVar

import numpy as np
from scipy.special import ndtr

from lms.psychometrics.matrix import Cell, Matrix, Rules
from lms.psychometrics.model import TINY, Floats, Item, Items, category_probs

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Role:
    """required: level per skill, 0 = not needed; weights: any positive scale; critical: least level of single
    sub-competencies; floor_below: levels that a skill may lack; decide: probability that settles the outcome."""

    required: Mapping[str, int]
    weights: Mapping[str, float]
    critical: Mapping[str, int]
    floor_below: int = 1
    decide: float = 0.95


@dataclass(frozen=True)
class Gap:
    """level, low_level, high_level as in the cell; gap: required - level, at least 0, None without enough evidence."""

    key: str
    required: int
    level: int | None
    low_level: int
    high_level: int
    gap: int | None
    weight: float


@dataclass(frozen=True)
class RoleGap:
    """composite with its interval on the theta scale (0 = exactly what is asked), None when nothing is assessed;
    assessed: share of the weights with enough evidence; probability: of composite >= 0 with every floor held;
    met, failed, open: critical minima; thin: skills whose evidence doesn't open the level required;
    outcome: "met" | "not_met" | "inconclusive" ("met" needs nothing open or thin). It supports a decision and never
    makes one."""

    composite: float | None
    low: float
    high: float
    probability: float
    assessed: float
    met: tuple[str, ...]
    failed: tuple[str, ...]
    open: tuple[str, ...]
    thin: tuple[str, ...]
    gaps: tuple[Gap, ...]
    outcome: str


def role_gap(matrix: Matrix, role: Role) -> RoleGap:
    """Hold a matrix against a role. A critical minimum is met where the estimate reaches its level, failed where the
    whole interval stays below, and open between or where the evidence is too thin for that level.
    gaps: known ones by weight * gap, then the open ones by weight. KeyError names a key the matrix lacks."""
    cells = [matrix.cells[key] for key, level in role.required.items() if level > 0]
    ready = [cell for cell in cells if cell.enough]
    states = {key: _critical(matrix.cells[key], level, matrix.rules) for key, level in role.critical.items()}
    met, failed, unknown = (tuple(k for k, s in states.items() if s == name) for name in ("met", "failed", "open"))
    thin = tuple(c.key for c in cells if not c.enough or (c.cap or 0) < role.required[c.key])
    mean, sd, probability = _composite(ready, role, matrix.rules) if ready else (None, inf, 0.5)
    middle, margin = mean or 0.0, matrix.rules.margin(sd)
    assessed = sum(role.weights[c.key] for c in ready) / max(sum(role.weights[c.key] for c in cells), TINY)
    gaps = [_gap(cell, role) for cell in cells]
    gaps.sort(key=lambda gap: (gap.gap is None, -gap.weight * (gap.gap or 0), -gap.weight))
    outcome = "met" if probability >= role.decide and not unknown + thin else "inconclusive"
    outcome = "not_met" if failed or probability <= 1 - role.decide else outcome
    return RoleGap(
        mean, middle - margin, middle + margin, probability, assessed, met, failed, unknown, thin, tuple(gaps), outcome
    )


def _critical(cell: Cell, level: int, rules: Rules) -> str:
    if not cell.enough or (cell.cap or 0) < level:
        return "open"
    if rules.level(cell.theta) >= level:
        return "met"
    return "open" if rules.level(cell.high) >= level else "failed"


def _gap(cell: Cell, role: Role) -> Gap:
    required = role.required[cell.key]
    gap = None if cell.level is None else max(required - cell.level, 0)
    return Gap(cell.key, required, cell.level, cell.low_level, cell.high_level, gap, role.weights[cell.key])


def _composite(cells: Sequence[Cell], role: Role, rules: Rules) -> tuple[float, float, float]:
    """Mean and SD of the composite, and the probability that it and every floor hold: the floors' own probability
    times that of a sum of normals truncated at the floors, the sum taken as normal."""
    cuts = (*(-inf,) * (role.floor_below + 1), *rules.cuts)  # of level - floor_below, for every level
    asked, floor = (np.array([cuts[role.required[c.key] + k] for c in cells]) for k in (role.floor_below, 0))
    theta, sd, share = np.array([(c.theta, c.sd, role.weights[c.key]) for c in cells]).T
    share = share / share.sum()
    below = (floor - theta) / sd
    above = ndtr(-below)
    hazard = np.exp(-(below**2) / 2) / sqrt(2 * pi) / np.maximum(above, TINY)
    held = theta + sd * hazard
    spread = sd**2 * (1 + np.where(np.isinf(below), 0, below) * hazard - hazard**2)
    total = ndtr(share @ (held - asked) / np.sqrt(max(share**2 @ spread, TINY)))
    return float(share @ (theta - asked)), float(np.sqrt(share**2 @ sd**2)), float(above.prod() * total)


def rank_ranges(intervals: Mapping[Key, tuple[float, float]]) -> dict[Key, tuple[int, int]]:
    """Best and worst rank (1 = highest) that each person's (low, high) interval leaves open: behind all whose interval
    lies wholly above, before all whose lies wholly below. So the ranges of people who overlap share a rank, those of
    people who do not overlap stand one behind the other, and no chain of neighbours pulls everybody together. The
    marginal form of the confidence sets for ranks of Mogstad, Romano, Shaikh & Wilhelm (2024)."""
    lows, highs = (np.sort([interval[end] for interval in intervals.values()]) for end in (0, 1))
    above = {key: len(lows) - int(np.searchsorted(lows, high, "right")) for key, (_, high) in intervals.items()}
    below = {key: int(np.searchsorted(highs, low, "left")) for key, (low, _) in intervals.items()}
    return {key: (above[key] + 1, len(intervals) - below[key]) for key in intervals}


@dataclass(frozen=True)
class Change:
    """difference of theta and its sd; low, high: interval; probability: that the person grew at all."""

    difference: float
    sd: float
    low: float
    high: float
    probability: float


def change(before: Cell, after: Cell, rules: Rules) -> Change:
    """Growth between two cells that rest on different answers. Each estimate first gives back what the prior had pulled
    it by, so that true growth isn't shrunk towards none. ValueError when a side holds no information."""
    (old, old_variance), (new, new_variance) = (_unshrunk(cell, rules) for cell in (before, after))
    difference, sd = new - old, sqrt(old_variance + new_variance)
    margin = rules.margin(sd)
    return Change(difference, sd, difference - margin, difference + margin, float(ndtr(difference / sd)))


def _unshrunk(cell: Cell, rules: Rules) -> tuple[float, float]:
    """Mean and variance of the answers alone: the posterior's precision less the prior's."""
    known = 1 / cell.sd**2 - 1 / rules.sd**2
    if known <= 1e-9:
        raise ValueError(f"{cell.key}: too little evidence to measure a change")
    return (cell.theta / cell.sd**2 - rules.mu / rules.sd**2) / known, 1 / known


@dataclass(frozen=True)
class Sharpening:
    """Candidate number `index` would bring the variance of cell `key` from `variance` down to `expected`."""

    index: int
    key: str
    variance: float
    expected: float

    @property
    def gain(self) -> float:
        return self.variance - self.expected


def next_best(matrix: Matrix, candidates: Sequence[tuple[str, Item]], keys: Sequence[str] = ()) -> list[Sharpening]:
    """What would sharpen which cell most: every (sub-competency, item) candidate against its own cell and its skill's
    (only `keys` where given), by falling gain. Each cell's posterior is taken as normal."""
    home = {sub: skill for skill, subs in matrix.skills.items() for sub in subs}
    found: list[Sharpening] = []
    for key, cell in matrix.cells.items():
        mine = [i for i, (sub, _) in enumerate(candidates) if key in (sub, home[sub]) and (not keys or key in keys)]
        if mine:
            expected = _expected_variance(cell, Items.of([candidates[i][1] for i in mine]).widened())
            found += [Sharpening(i, key, cell.sd**2, float(v)) for i, v in zip(mine, expected, strict=True)]
    return sorted(found, key=lambda s: (-s.gain, s.index, s.key))


def _expected_variance(cell: Cell, items: Items) -> Floats:
    """Posterior variance (n,) expected after one more answer: the mean over categories of the variance each leaves."""
    points = np.linspace(-5, 5, 81)
    density = np.exp(-0.5 * points**2)
    joint = category_probs(items, cell.theta + cell.sd * points) * (density / density.sum())[:, None, None]
    chance, mean, square = (np.einsum("t,tnk->nk", points**power, joint) for power in range(3))
    return np.asarray(cell.sd**2 * (square - mean**2 / np.maximum(chance, TINY)).sum(axis=1))
