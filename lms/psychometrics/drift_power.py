"""What the watch over anchors can tell: by how much an anchor must have moved to be named in four cases of five.

The error of a shift is taken from what an answer says of it when nothing else is known of the person (whose ability is
normal), so that a watch in which people answer many anchors tells a little more.
"""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from statistics import NormalDist

import numpy as np

from lms.psychometrics.ability import quadrature
from lms.psychometrics.anchor_drift import (
    FARTHEST,
    LEAST_ANCHORS,
    LEAST_ANSWERS,
    MEDIAN_VARIANCE,
    NOTICEABLE,
    ROUNDS,
    STEP,
    critical_distance,
)
from lms.psychometrics.arrays import TINY, Floats, Ints
from lms.psychometrics.items import Items
from lms.psychometrics.model import category_probs

POWER = 0.8
CHANCE_SPREAD = 0.466  # what chance adds to the spread of n anchors that is never taken below 1, times sqrt(n)


def detectable_shifts(items: Items, counts: Ints, tests: int = 1) -> Floats:
    """Logits, of each anchor with enough answers, by which it must have become easier to be told with POWER; none with
    too few anchors. counts (n,): answers of each in the time that is watched; tests: see `drifting`."""
    watched = np.flatnonzero(counts >= LEAST_ANSWERS)
    if len(watched) < LEAST_ANCHORS:
        return np.empty(0)
    anchors, answers = items.take(watched.tolist()), counts[watched]
    steady = np.hypot(_error(anchors, answers, np.zeros(len(watched))), anchors.sd_b)
    of_middle = sqrt(MEDIAN_VARIANCE / len(watched)) * steady.mean()
    spread = 1 + CHANCE_SPREAD / sqrt(len(watched))
    distance = critical_distance(len(watched), tests) * spread + NormalDist().inv_cdf(POWER)
    shifts = distance * np.hypot(steady, of_middle)
    for _ in range(ROUNDS):
        moved = np.hypot(_error(anchors, answers, shifts), anchors.sd_b)
        shifts = np.minimum(distance * np.hypot(moved, of_middle), FARTHEST)
    return np.asarray(np.maximum(shifts, NOTICEABLE))


def _error(items: Items, answers: Ints, shifts: Floats) -> Floats:
    """Of the shift of items that have become easier by so much, each after so many answers (n,)."""
    points, weights = quadrature()
    there, beyond = (_shares(items, points, weights, shifts + step) for step in (0.0, STEP))
    information = ((beyond - there) ** 2 / np.maximum(there, TINY)).sum(axis=-1) / STEP**2
    return np.asarray(1 / np.sqrt(np.maximum(answers * information, TINY)))


def _shares(items: Items, points: Floats, weights: Floats, shifts: Floats) -> Floats:
    """Of people who reach each category of items that are easier by so much, (n, M + 1)."""
    easier = replace(items, b=items.b - shifts[:, None])
    return np.asarray(np.tensordot(weights, category_probs(easier, points), 1))
