"""The learner's own picture: all skills at once, each leaning on the answers in the others.

Abilities count as normal with a stated spread and a stated correlation between any two skills, and theta is the joint
MAP under them. Together the two say how far a person's general level may lie from the middle, spread * correlation^.5,
and how far a skill from that level, spread * (1 - correlation)^.5. The first is stated wider than people differ, so
that a dozen answers are not drawn to the middle (docs/measurement.md).

It borrows, so it may tell a learner where they stand and never decides about them: `role_gap` reads the matrix, where
each skill rests on its own answers alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lms.psychometrics.arrays import Floats
from lms.psychometrics.evidence import Observation, Rules
from lms.psychometrics.items import Items
from lms.psychometrics.matrix import Ability, Cell, Matrix, cell_of, powers
from lms.psychometrics.point_estimates import joint_map
from lms.psychometrics.special import normal_cdf
from lms.psychometrics.testlets import mean_information

OVERALL = "overall"
DRAWS = 4_000  # people drawn from the posterior to see which skill is first and which last


@dataclass(frozen=True)
class OrderPlace:
    """The skill that most likely holds a place in the order, and how likely."""

    skill: str
    probability: float


@dataclass(frozen=True)
class CorrelatedEstimates:
    """skills: a cell of every skill, level None where it has no answer of its own; overall: the mean of all skills;
    strongest, weakest: among the skills with answers, None with fewer than two."""

    skills: tuple[Cell, ...]
    overall: Cell
    strongest: OrderPlace | None
    weakest: OrderPlace | None


def correlated(skills: int, rules: Rules) -> Floats:
    """Covariance (S, S) that the picture takes for granted."""
    share = rules.correlation + (1 - rules.correlation) * np.eye(skills)
    return np.asarray(rules.spread**2 * share)


def correlated_estimates(matrix: Matrix) -> CorrelatedEstimates:
    """The picture of the evidence that a matrix rests on."""
    theta, covariance = _joint(matrix)
    skills, rules = tuple(matrix.skills), matrix.rules
    cells = tuple(
        cell_of(skill, matrix.cells[skill].observations, ability, rules, True)
        for skill, ability in zip(skills, _each(theta, covariance, rules), strict=True)
    )
    everything = [observation for skill in skills for observation in matrix.cells[skill].observations]
    whole = Ability(float(theta.mean()), float(np.sqrt(covariance.mean())))
    assessed = [place for place, cell in enumerate(cells) if cell.n]
    overall = cell_of(OVERALL, everything, whole, rules, True)
    first, last = _ends([skills[place] for place in assessed], theta[assessed], covariance[np.ix_(assessed, assessed)])
    return CorrelatedEstimates(cells, overall, first, last)


def _joint(matrix: Matrix) -> tuple[Floats, Floats]:
    """Theta (S,) and its covariance (S, S); the prior's without an answer."""
    placed = [
        (place, observation)
        for place, skill in enumerate(matrix.skills)
        for observation in matrix.cells[skill].observations
    ]
    prior = correlated(len(matrix.skills), matrix.rules)
    if not placed:
        return np.zeros(len(prior)), prior
    items = Items.of([observation.item for _, observation in placed])
    information = mean_information(items, matrix.rules.mu, matrix.rules.sd)
    return joint_map(
        items,
        np.eye(len(prior))[[place for place, _ in placed]],
        [observation.category for _, observation in placed],
        prior,
        powers([_within(skill, observation) for skill, observation in placed], information, matrix.rules),
    )


def _each(theta: Floats, covariance: Floats, rules: Rules) -> list[Ability]:
    """What is said of every skill. A prior at the cut of level 1 in all of them would move the picture, taken for
    normal, by covariance times prior precision of the way."""
    cut = rules.cuts[0]
    moved = theta + (cut - rules.mu) * covariance @ np.linalg.inv(correlated(len(theta), rules)).sum(axis=1)
    sd = np.sqrt(np.diag(covariance))
    by_itself = normal_cdf((moved - cut) / sd)
    return [Ability(*row) for row in zip(theta.tolist(), sd.tolist(), by_itself.tolist(), strict=True)]


def _within(skill: int, observation: Observation) -> Observation:
    """What answers share, they share within a skill, as in the matrix."""
    return replace(observation, testlet=f"{skill} {observation.testlet}") if observation.testlet else observation


def _ends(skills: Sequence[str], theta: Floats, covariance: Floats) -> tuple[OrderPlace | None, OrderPlace | None]:
    """Who is first and who last among people drawn from the posterior, always the same ones."""
    if len(skills) < 2:
        return None, None
    drawn = np.random.default_rng(0).multivariate_normal(theta, covariance, DRAWS)
    first, last = (np.bincount(ends, minlength=len(skills)) for ends in (drawn.argmax(1), drawn.argmin(1)))
    return _place(skills, first), _place(skills, last)


def _place(skills: Sequence[str], counts: NDArray[np.intp]) -> OrderPlace:
    best = int(counts.argmax())
    return OrderPlace(skills[best], float(counts[best] / DRAWS))
