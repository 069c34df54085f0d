"""What a matrix says for a role: its composite over the skills asked, its critical minima, and the gaps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lms.psychometrics.arrays import TINY
from lms.psychometrics.composite import Composite, composite, cuts_asked
from lms.psychometrics.evidence import Rules
from lms.psychometrics.matrix import Cell, Matrix
from lms.psychometrics.special import normal_cdf


@dataclass(frozen=True)
class RoleProfile:
    """required: level per skill, 0 = not needed. weights: any positive scale. critical: least level of single
    sub-competencies. floor_below: levels that a skill may lack. decide: probability that settles the outcome, or that
    a minimum is missed; minimum: probability of its level that meets one."""

    required: Mapping[str, int]
    weights: Mapping[str, float]
    critical: Mapping[str, int]
    floor_below: int = 1
    decide: float = 0.95
    minimum: float = 0.85


@dataclass(frozen=True)
class SkillGap:
    """level, low_level, high_level as in the cell; gap: required - level, at least 0, None where one level
    cannot be named alone."""

    key: str
    required: int
    level: int | None
    low_level: int
    high_level: int
    gap: int | None
    weight: float


@dataclass(frozen=True)
class RoleGap:
    """A matrix held against a role; it supports a decision and never makes one.

    composite with its interval on the theta scale (0 = exactly what is asked), None when nothing is assessed.
    assessed: share of the weights with answers. probability: of composite >= 0 with every floor held, from even odds.
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
    """Hold a matrix against a role. A critical minimum is met at P(level >= it) >= role.minimum with its gate open,
    failed at P <= 1 - role.decide, and open between or where the gate is shut. A skill without an answer stands in the
    composite with the prior and its whole width: nobody gains by what is not known.
    gaps: known ones by weight * gap, then the open ones by weight. KeyError names a key the matrix lacks."""
    cells = [matrix.cells[key] for key, level in role.required.items() if level > 0]
    answered = [cell for cell in cells if cell.n]
    minima = _critical_minima(matrix, role)
    thin = [cell for cell in cells if not _opens(cell, role.required[cell.key])]
    fit = _composite(cells if answered else [], role, matrix.rules)
    probability = _probability(cells if answered else [], role, matrix.rules)
    middle = fit.mean or 0.0
    margin = matrix.rules.margin(fit.sd)
    return RoleGap(
        composite=fit.mean,
        low=middle - margin,
        high=middle + margin,
        probability=probability,
        assessed=_weight(answered, role) / max(_weight(cells, role), TINY),
        met=minima["met"],
        failed=minima["failed"],
        open=minima["open"],
        thin=tuple(cell.key for cell in thin),
        gaps=_gaps(cells, role),
        outcome=_outcome(probability, role.decide, minima, thin),
    )


def _outcome(probability: float, decide: float, minima: Mapping[str, tuple[str, ...]], thin: Sequence[Cell]) -> str:
    if minima["failed"] or probability <= 1 - decide:
        return "not_met"
    settled = not minima["open"] and not thin
    return "met" if probability >= decide and settled else "inconclusive"


def _opens(cell: Cell, level: int) -> bool:
    """Whether the evidence is of the kinds and numbers that this level asks for."""
    return (cell.cap or 0) >= level


def _critical_minima(matrix: Matrix, role: RoleProfile) -> dict[str, tuple[str, ...]]:
    """Sub-competencies under "met", "failed" and "open"."""
    minima: dict[str, tuple[str, ...]] = {"met": (), "failed": (), "open": ()}
    for key, level in role.critical.items():
        state = _critical(matrix.cells[key], level, role, matrix.rules)
        minima[state] = (*minima[state], key)
    return minima


def _critical(cell: Cell, level: int, role: RoleProfile, rules: Rules) -> str:
    reached = probability_of_level(cell, level, rules)
    if cell.n and reached <= 1 - role.decide:
        return "failed"
    return "met" if reached >= role.minimum and _opens(cell, level) else "open"


def undecided(matrix: Matrix, role: RoleProfile) -> tuple[str, ...]:
    """The critical minima that answers leave between met and missed, whatever their gates: more answers may decide
    them."""
    reached = {
        key: probability_of_level(matrix.cells[key], level, matrix.rules) for key, level in role.critical.items()
    }
    return tuple(key for key, probability in reached.items() if 1 - role.decide < probability < role.minimum)


def probability_of_level(cell: Cell, level: int, rules: Rules) -> float:
    """P(level >= this one), 1 for level 0. The posterior is taken as normal and moved to a prior of the same SD that
    stands at the level's cut, so that it says neither yes nor no by itself: one near the middle of people would carry
    the weak over a low cut. Another mean of a normal prior moves a normal posterior by (sd / prior sd)^2 of the way."""
    if level <= 0:
        return 1.0
    cut = rules.cuts[level - 1]
    return float(normal_cdf((_from_even_odds(cell, cut, rules) - cut) / cell.sd))


def _from_even_odds(cell: Cell, cut: float, rules: Rules) -> float:
    """The estimate had the prior stood at this cut."""
    return cell.theta + (cell.sd / rules.sd) ** 2 * (cut - rules.mu)


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
        gap=None if cell.level is None or not cell.precise else max(required - cell.level, 0),
        weight=role.weights[cell.key],
    )


def _probability(cells: Sequence[Cell], role: RoleProfile, rules: Rules) -> float:
    """Of the composite from even odds: every prior stands at what is asked, so that people's own mean neither carries
    the weak over a low role nor holds the strong below a high one."""
    moved = [
        replace(cell, theta=_from_even_odds(cell, rules.cuts[role.required[cell.key] - 1], rules)) for cell in cells
    ]
    return _composite(moved, role, rules).probability


def _composite(cells: Sequence[Cell], role: RoleProfile, rules: Rules) -> Composite:
    levels = [role.required[cell.key] for cell in cells]
    asked_cuts, floor = cuts_asked(levels, rules.cuts, role.floor_below)
    return composite(
        theta=np.array([cell.theta for cell in cells]),
        sd=np.array([cell.sd for cell in cells]),
        weights=np.array([role.weights[cell.key] for cell in cells]),
        asked_cuts=asked_cuts,
        floor=floor,
    )
