"""Is an item harder for one group than for people of the same ability in another, by how much, and how sure is that?

Ability is not known, so people are matched by what all their other answers say of it: the item's difficulty is shifted
in each group until its answers are likeliest, summed over each person's posterior. That posterior begins from the
group's own mean and spread (estimated from the same answers), since one prior for both would take a difference in
ability for one in the item. The difference of the two shifts has a standard error from the curvature of both, hence an
interval and a power that hold at any number of people (tests/psychometrics, docs/measurement.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from scipy.special import ndtr

from lms.psychometrics.ability import quadrature
from lms.psychometrics.arrays import TINY, Flags, Floats, Ints
from lms.psychometrics.items import Items
from lms.psychometrics.model import category_probs

LEAST = 20  # answers in each group below which the curvature is no measure of anything
SHIFTS = np.linspace(-4, 4, 161)  # of the difficulty, in logits
NORMAL_95 = 1.959964
ROUNDS = 30  # of estimating a group's mean and spread
NARROWEST, WIDEST = 0.3, 2.0  # spread of a group


@dataclass(frozen=True)
class GroupDifference:
    """harder: logits by which the item is harder for the focal group, se: of it; n: answers of the smaller group."""

    harder: float
    se: float
    n: int

    @property
    def low(self) -> float:
        return self.harder - NORMAL_95 * self.se

    @property
    def high(self) -> float:
        return self.harder + NORMAL_95 * self.se

    def power(self, size: float = 1.0) -> float:
        """The probability that a difference of this size shows: an interval of 95 % without 0."""
        return float(ndtr(size / self.se - NORMAL_95) + ndtr(-size / self.se - NORMAL_95))


def group_differences(items: Items, answers: Ints, focal: Flags) -> list[GroupDifference | None]:
    """For every item, None with fewer than LEAST answers in a group. answers (N, n): categories, -1 for missing; focal
    (N, n): answers given in the focal group, read only where there is an answer."""
    points, _ = quadrature()
    probs = category_probs(items, points)
    logs = np.log(np.maximum(probs, TINY))
    whole = sum((_of_item(logs, answers, item) for item in range(len(items))), np.zeros((len(answers), len(points))))
    return [
        _difference(items.take([item]), answers[:, item], focal[:, item], whole - _of_item(logs, answers, item), points)
        for item in range(len(items))
    ]


def _of_item(logs: Floats, answers: Ints, item: int) -> Floats:
    """Log-likelihood (N, Q) of everybody's answer to one item, 0 where there is none."""
    column = answers[:, item]
    told = logs[:, item, np.maximum(column, 0)].T
    return np.asarray(np.where(column[:, None] >= 0, told, 0.0))


def _difference(item: Items, column: Ints, focal: Flags, rest: Floats, points: Floats) -> GroupDifference | None:
    groups = [(column >= 0) & ~focal, (column >= 0) & focal]
    n = min(int(group.sum()) for group in groups)
    if n < LEAST:
        return None
    shifted = _shifted(item, points)
    (easier, first), (harder, second) = (
        _shift(shifted, column[group], _posterior(rest[group], points)) for group in groups
    )
    return GroupDifference(harder - easier, sqrt(first + second), n)


def _shifted(item: Items, points: Floats) -> Floats:
    """Probabilities (shifts, Q, M + 1) of the item with its difficulty moved."""
    return np.array([category_probs(replace(item, b=item.b + shift), points)[:, 0] for shift in SHIFTS])


def _posterior(rest: Floats, points: Floats) -> Floats:
    """Everybody's weights (N, Q) from their other answers, under the normal that fits the group best (EM)."""
    mean, sd = 0.0, 1.0
    weights = np.empty(0)
    for _ in range(ROUNDS):
        logs = rest - 0.5 * ((points - mean) / sd) ** 2
        weights = np.exp(logs - logs.max(axis=1, keepdims=True))
        weights /= weights.sum(axis=1, keepdims=True)
        total = weights.mean(axis=0)
        mean = float(total @ points)
        sd = float(np.clip(np.sqrt(total @ (points - mean) ** 2), NARROWEST, WIDEST))
    return np.asarray(weights)


def _shift(shifted: Floats, column: Ints, weights: Floats) -> tuple[float, float]:
    """The likeliest shift and its variance; the widest thinkable where all answers are alike."""
    total = sum(_log_likelihoods(shifted, column, weights), np.zeros(len(SHIFTS)))
    best = int(np.clip(total.argmax(), 1, len(SHIFTS) - 2))
    step = SHIFTS[1] - SHIFTS[0]
    below, here, above = total[best - 1 : best + 2]
    curve = (2 * here - below - above) / step**2
    move = (above - below) / (2 * step * curve) if curve > 0 else 0.0
    variance = 1 / curve if curve > 0 else SHIFTS[-1] ** 2
    return float(SHIFTS[best] + np.clip(move, -step, step)), float(min(variance, SHIFTS[-1] ** 2))


def _log_likelihoods(shifted: Floats, column: Ints, weights: Floats) -> Iterator[Floats]:
    """Of the answers of each category, at every shift."""
    for category in np.unique(column):
        chance = weights[column == category] @ shifted[:, :, category].T
        yield np.log(np.maximum(chance, TINY)).sum(axis=0)
