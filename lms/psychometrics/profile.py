"""What a matrix says for a role.

Composite of a role: C = sum of w_s (theta_s - cut of the level required in s) over the skills assessed, weights summing
to 1. C >= 0 means "on the whole at what the role asks"; a floor per skill (one level below the requirement) stops a
strong skill from hiding a missing one. The probability of both treats the skills' posteriors as independent normals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, pi, sqrt

import numpy as np
from scipy.special import ndtr

from lms.psychometrics.arrays import TINY, Floats
from lms.psychometrics.matrix import Cell, Matrix, Rules


@dataclass(frozen=True)
class RoleProfile:
    """required: level per skill, 0 = not needed. weights: any positive scale. critical: least level of single
    sub-competencies. floor_below: levels that a skill may lack. decide: probability that settles the outcome."""

    required: Mapping[str, int]
    weights: Mapping[str, float]
    critical: Mapping[str, int]
    floor_below: int = 1
    decide: float = 0.95


@dataclass(frozen=True)
class SkillGap:
    """level, low_level, high_level as in the cell; gap: required - level, at least 0, None without enough evidence."""

    key: str
    required: int
    level: int | None
    low_level: int
    high_level: int
    gap: int | None
    weight: float


@dataclass(frozen=True)
class Composite:
    """mean and sd on the theta scale (0 = exactly what is asked), mean None when nothing is assessed; probability: of
    composite >= 0 with every floor held."""

    mean: float | None
    sd: float
    probability: float


@dataclass(frozen=True)
class RoleGap:
    """A matrix held against a role; it supports a decision and never makes one.

    composite with its interval on the theta scale (0 = exactly what is asked), None when nothing is assessed.
    assessed: share of the weights with enough evidence. probability: of composite >= 0 with every floor held.
    met, failed, open: critical minima. thin: skills whose evidence doesn't open the level required.
    outcome: "met" | "not_met" | "inconclusive" ("met" needs nothing open or thin).
    """

    composite: float | None
    low: float
    high: float
    probability: float
    assessed: float
    met: tuple[str, ...]
    failed: tuple[str, ...]
    open: tuple[str, ...]
    thin: tuple[str, ...]
    gaps: tuple[SkillGap, ...]
    outcome: str


def role_gap(matrix: Matrix, role: RoleProfile) -> RoleGap:
    """Hold a matrix against a role. A critical minimum is met where the estimate reaches its level, failed where the
    whole interval stays below, and open between or where the evidence is too thin for that level.
    gaps: known ones by weight * gap, then the open ones by weight. KeyError names a key the matrix lacks."""
    cells = [matrix.cells[key] for key, level in role.required.items() if level > 0]
    ready = [cell for cell in cells if cell.enough]
    minima = _critical_minima(matrix, role)
    thin = tuple(cell.key for cell in cells if not _opens(cell, role.required[cell.key]))
    composite = _composite(ready, role, matrix.rules)
    middle = composite.mean or 0.0
    margin = matrix.rules.margin(composite.sd)
    return RoleGap(
        composite=composite.mean,
        low=middle - margin,
        high=middle + margin,
        probability=composite.probability,
        assessed=_weight(ready, role) / max(_weight(cells, role), TINY),
        met=minima["met"],
        failed=minima["failed"],
        open=minima["open"],
        thin=thin,
        gaps=_gaps(cells, role),
        outcome=_outcome(composite.probability, role.decide, minima, thin),
    )


def _outcome(probability: float, decide: float, minima: Mapping[str, tuple[str, ...]], thin: tuple[str, ...]) -> str:
    if minima["failed"] or probability <= 1 - decide:
        return "not_met"
    settled = not minima["open"] and not thin
    return "met" if probability >= decide and settled else "inconclusive"


def _opens(cell: Cell, level: int) -> bool:
    """Whether the evidence is enough and of the kinds that this level asks for."""
    return cell.enough and (cell.cap or 0) >= level


def _critical_minima(matrix: Matrix, role: RoleProfile) -> dict[str, tuple[str, ...]]:
    """Sub-competencies under "met", "failed" and "open"."""
    states = {key: _critical(matrix.cells[key], level, matrix.rules) for key, level in role.critical.items()}
    return {name: tuple(key for key, state in states.items() if state == name) for name in ("met", "failed", "open")}


def _critical(cell: Cell, level: int, rules: Rules) -> str:
    if not _opens(cell, level):
        return "open"
    if rules.level(cell.theta) >= level:
        return "met"
    return "open" if rules.level(cell.high) >= level else "failed"


def _weight(cells: Sequence[Cell], role: RoleProfile) -> float:
    return sum(role.weights[cell.key] for cell in cells)


def _gaps(cells: Sequence[Cell], role: RoleProfile) -> tuple[SkillGap, ...]:
    gaps = [_gap(cell, role) for cell in cells]
    return tuple(sorted(gaps, key=lambda gap: (gap.gap is None, -gap.weight * (gap.gap or 0), -gap.weight)))


def _gap(cell: Cell, role: RoleProfile) -> SkillGap:
    required = role.required[cell.key]
    return SkillGap(
        key=cell.key,
        required=required,
        level=cell.level,
        low_level=cell.low_level,
        high_level=cell.high_level,
        gap=None if cell.level is None else max(required - cell.level, 0),
        weight=role.weights[cell.key],
    )


def _composite(cells: Sequence[Cell], role: RoleProfile, rules: Rules) -> Composite:
    """The floors' own probability times that of a sum of normals truncated at the floors, the sum taken as normal."""
    if not cells:
        return Composite(mean=None, sd=inf, probability=0.5)
    asked, floor = _cuts(cells, role, rules)
    theta = np.array([cell.theta for cell in cells])
    sd = np.array([cell.sd for cell in cells])
    share = np.array([role.weights[cell.key] for cell in cells])
    share = share / share.sum()
    above, mean, variance = _truncated(theta, sd, floor)
    total = ndtr(share @ (mean - asked) / np.sqrt(max(share**2 @ variance, TINY)))
    return Composite(
        mean=float(share @ (theta - asked)),
        sd=float(np.sqrt(share**2 @ sd**2)),
        probability=float(above.prod() * total),
    )


def _cuts(cells: Sequence[Cell], role: RoleProfile, rules: Rules) -> tuple[Floats, Floats]:
    """Theta of the level required and of the floor below it, -inf where that is level 0 or less."""
    cuts = (*[-inf] * (role.floor_below + 1), *rules.cuts)  # of level - floor_below, for every level
    levels = [role.required[cell.key] for cell in cells]
    asked = np.array([cuts[level + role.floor_below] for level in levels])
    return asked, np.array([cuts[level] for level in levels])


def _truncated(theta: Floats, sd: Floats, floor: Floats) -> tuple[Floats, Floats, Floats]:
    """Probabilities that normals lie above their floors, and their mean and variance if they do."""
    below = (floor - theta) / sd
    above = ndtr(-below)
    hazard = np.exp(-(below**2) / 2) / sqrt(2 * pi) / np.maximum(above, TINY)
    finite = np.where(np.isinf(below), 0, below)
    return above, theta + sd * hazard, sd**2 * (1 + finite * hazard - hazard**2)
