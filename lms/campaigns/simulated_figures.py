"""What simulated people's results say of a form: how often it decides, rightly or wrongly, and what it leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lms.psychometrics.matrix import Matrix
from lms.psychometrics.profile import RoleGap, RoleProfile

MOSTLY = 0.5  # of the people: what a test leaves open for more than these, it does not decide


@dataclass(frozen=True)
class DistanceLine:
    """People at one distance from what the role asks: shares whom the answers call at, below, or leave open."""

    distance: float
    meets: float
    below: float
    open: float


@dataclass(frozen=True)
class Expected:
    """false_pass: of those below, the share whom the answers call at the role; false_fail: of those at it, the share
    called below; open: of all. questions, shortest, longest: median, 5th and 95th percentile. exposure: the share of
    people who get the question most often given, of a pool of `pool`. undecided: skills and sub-competencies
    whose level the whole form leaves open for most people. skills: share of people whose skill is surely above or
    below what the role asks. lengths: by skill and number of questions, the share of people one level away from what is
    asked who are rightly known to be. works: by work sample of the form, what would be undecided without it. confirmed:
    of people at the role, the share of whom no evidence that it asks for is missing. work_minutes: of all samples."""

    persons: int
    seed: int
    false_pass: float
    false_fail: float
    open: float
    lines: list[DistanceLine]
    questions: float
    shortest: float
    longest: float
    exposure: float
    pool: int
    undecided: list[str]
    skills: dict[str, float]
    lengths: dict[str, dict[str, float]]
    works: dict[str, list[str]]
    confirmed: float
    work_minutes: float


def lines_of(distances: np.ndarray, says: np.ndarray) -> list[DistanceLine]:
    """Around one below, half below, at it, half above and one above."""
    lines = []
    for middle in (-1.0, -0.5, 0.0, 0.5, 1.0):
        near = says[np.abs(distances - middle) <= 0.25]
        lines.append(DistanceLine(middle, *(share_of(near == word) for word in ("meets", "below", "open"))))
    return lines


def undecided_of(gaps: Sequence[RoleGap], role: RoleProfile) -> list[str]:
    """Skills whose evidence opens the level too seldom, then minima that stay open: work samples or people decide."""
    skills = [skill for skill in role.required if share_of(np.array([skill in gap.thin for gap in gaps])) > MOSTLY]
    subs = [sub for sub in role.critical if share_of(np.array([sub in gap.open for gap in gaps])) > MOSTLY]
    return [*skills, *subs]


def decided_skills(estimates: Sequence[Matrix], role: RoleProfile) -> dict[str, float]:
    cuts = estimates[0].rules.cuts
    shares = {}
    for skill, level in role.required.items():
        if level:
            cells = [matrix.cells[skill] for matrix in estimates]
            sure = [cell.n > 0 and not cell.low <= cuts[level - 1] <= cell.high for cell in cells]
            shares[skill] = share_of(np.array(sure))
    return shares


def share_of(flags: np.ndarray) -> float:
    return round(float(np.mean(flags)), 4) if len(flags) else 0.0
