"""Is an item harder for one group than for people of the same ability in another, by how much, and how sure is that?

Ability is not known, so people are matched by what all their other answers say of it: the item's difficulty is shifted
in each group until its answers are likeliest, summed over each person's posterior. That posterior begins from the
group's own mean and spread (estimated from the same answers), since one prior for both would take a difference in
ability for one in the item. Items that differ move that ability themselves: a second pass matches without them. The
difference of the two shifts has a standard error from the curvature of both, hence an interval and a power that hold at
any number of people (tests/psychometrics, docs/measurement.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from lms.psychometrics.ability import quadrature
from lms.psychometrics.arrays import TINY, Flags, Floats, Ints
from lms.psychometrics.items import Items
from lms.psychometrics.likelihood import of_one_item, product
from lms.psychometrics.model import category_probs
from lms.psychometrics.special import normal_cdf

POWER = 0.8  # of a difference of one level, from which one is told at all
LEAST = 20  # answers in each group below which the curvature is no measure of anything
SHIFTS = np.linspace(-4, 4, 161)  # of the difficulty, in logits
STEP = float(SHIFTS[1] - SHIFTS[0])
LARGE = 0.5  # logits from which a difference that shows keeps an item from matching people
NORMAL_95 = 1.959964
ROUNDS = 30  # of estimating a group's mean and spread
NARROWEST, WIDEST = 0.3, 2.0  # spread of a group


@dataclass(frozen=True)
class GroupDifference:
    """harder: logits by which the item is harder for the focal group, se: of it; n: answers of the smaller group;
    equal_se: what se would be if the item were equally hard for both."""

    harder: float
    se: float
    n: int
    equal_se: float

    @property
    def low(self) -> float:
        return self.harder - NORMAL_95 * self.se

    @property
    def high(self) -> float:
        return self.harder + NORMAL_95 * self.se

    @property
    def differs(self) -> bool:
        return abs(self.harder) >= LARGE and not self.low <= 0 <= self.high

    def power(self, size: float = 1.0) -> float:
        """The probability that a difference of this size shows: an interval of 95 % without 0."""
        return float(normal_cdf(size / self.equal_se - NORMAL_95) + normal_cdf(-size / self.equal_se - NORMAL_95))


def group_differences(items: Items, answers: Ints, focal: Flags) -> list[GroupDifference | None]:
    """For every item, None with fewer than LEAST answers in a group. answers (N, n): categories, -1 for missing; focal
    (N, n): answers given in the focal group, read only where there is an answer."""
    differences = _matched(items, answers, focal, range(len(items)))
    alike = [place for place, each in enumerate(differences) if not (each and each.differs)]
    if len(items) > len(alike) >= len(items) / 2:
        return _matched(items, answers, focal, alike)
    return differences


def _matched(items: Items, answers: Ints, focal: Flags, by: Sequence[int]) -> list[GroupDifference | None]:
    """For every item, people being matched by these, but the item itself."""
    points, _ = quadrature()
    logs = np.log(np.maximum(category_probs(items, points), TINY))
    whole = np.zeros((len(answers), len(points)))
    for item in by:
        whole += of_one_item(logs[:, item], answers[:, item])
    at_home = (focal & (answers >= 0)).sum(axis=1) * 2 > (answers >= 0).sum(axis=1)
    priors = [fitted_prior(whole[people], points) for people in (~at_home, at_home)]
    differences = []
    for item, column in enumerate(answers.T):
        rest = whole - of_one_item(logs[:, item], column) if item in by else whole
        differences.append(_difference(items.take([item]), column, focal[:, item], rest, priors))
    return differences


def _difference(
    item: Items, column: Ints, focal: Flags, rest: Floats, priors: Sequence[Floats]
) -> GroupDifference | None:
    groups = [(column >= 0) & ~focal, (column >= 0) & focal]
    n = min(int(group.sum()) for group in groups)
    if n < LEAST:
        return None
    shifted = _shifted(item)
    curves = [
        _curve(shifted, column[group], weights_of(rest[group], prior))
        for group, prior in zip(groups, priors, strict=True)
    ]
    (easier, first), (harder, second) = (_peak(curve) for curve in curves)
    common = int((curves[0] + curves[1]).argmax())
    equal = _variance(curves[0], common) + _variance(curves[1], common)
    return GroupDifference(harder - easier, sqrt(first + second), n, sqrt(equal))


def _shifted(item: Items) -> Floats:
    """Probabilities (shifts, Q, M + 1) of the item with its difficulty moved: those at an ability moved back."""
    points, _ = quadrature()
    moved = points - SHIFTS[:, None]
    return category_probs(item, moved.ravel())[:, 0].reshape(*moved.shape, -1)


def fitted_prior(logs: Floats, points: Floats) -> Floats:
    """Log weights (Q,) of the normal that fits the people of these log-likelihoods (N, Q) best (EM)."""
    mean, sd = 0.0, 1.0
    for _ in range(ROUNDS if len(logs) else 0):
        total = weights_of(logs, -0.5 * ((points - mean) / sd) ** 2).mean(axis=0)
        mean = float(total @ points)
        sd = float(np.clip(np.sqrt(total @ (points - mean) ** 2), NARROWEST, WIDEST))
    return np.asarray(-0.5 * ((points - mean) / sd) ** 2)


def weights_of(logs: Floats, prior: Floats) -> Floats:
    """Posterior weights (N, Q)."""
    joint = logs + prior
    weights = np.exp(joint - joint.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _curve(shifted: Floats, column: Ints, weights: Floats) -> Floats:
    """Log-likelihood of a group's answers at every shift."""
    total = np.zeros(len(SHIFTS))
    for category in np.unique(column):
        chance = product(weights[column == category], shifted[:, :, category].T)
        total += np.log(np.maximum(chance, TINY)).sum(axis=0)
    return total


def _peak(curve: Floats) -> tuple[float, float]:
    """The likeliest shift, by the parabola through its top, and its variance."""
    best = int(np.clip(curve.argmax(), 1, len(SHIFTS) - 2))
    below, here, above = curve[best - 1 : best + 2]
    bend = 2 * here - below - above
    move = (above - below) / (2 * bend) if bend > 0 else 0.0
    return float(SHIFTS[best] + STEP * np.clip(move, -1, 1)), _variance(curve, best)


def _variance(curve: Floats, at: int) -> float:
    """From the bend there; the widest thinkable where all answers are alike."""
    place = int(np.clip(at, 1, len(SHIFTS) - 2))
    below, here, above = curve[place - 1 : place + 2]
    bend = (2 * here - below - above) / STEP**2
    return float(min(1 / bend if bend > 0 else np.inf, SHIFTS[-1] ** 2))
