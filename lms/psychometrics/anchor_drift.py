"""Which anchors have moved since the scale was made: leaked ones become easier, outdated ones harder.

Each anchor's difficulty is shifted until the answers of a later time are likeliest, summed over what all other anchors
say of each person (under the mean and spread of the people of that time, so that another crowd is no drift). A shift
is held against the anchors' median, by its own error and the difficulty's; where the model fits badly, all of them
spread, and the error grows with that (median absolute deviation). The farthest one beyond what chance brings to any of
them is set aside and all is estimated anew without it (iterative purification), until none is left beyond.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt
from statistics import NormalDist

import numpy as np

from lms.psychometrics.ability import quadrature
from lms.psychometrics.arrays import TINY, Floats, Ints
from lms.psychometrics.group_difference import fitted_prior, weights_of
from lms.psychometrics.items import Items
from lms.psychometrics.likelihood import of_one_item, product
from lms.psychometrics.model import category_probs

LEAST_ANSWERS = 50  # of an anchor in the time that is watched
LEAST_ANCHORS = 6  # with so many answers: fewer don't tell a drifting item from a drifting crowd
NOTICEABLE = 0.3  # logits below which a shift is no matter, however sure
FALSE_ALARMS = 0.05  # of runs without drift that name any anchor
MOST_SET_ASIDE = 0.4  # of the anchors: beyond, nobody knows who moved
STEP, ROUNDS, CLOSE, FARTHEST = 0.1, 8, 0.005, 4.0  # of the search for the likeliest shift
MAD_TO_SD = 1.4826
MEDIAN_VARIANCE = np.pi / 2  # of a median, against a mean's


@dataclass(frozen=True)
class Drift:
    """column: the anchor's; change: logits by which it is harder than it was, below 0 easier; error: of that, with the
    difficulty's own; n: answers."""

    column: int
    change: float
    error: float
    n: int


def drifting(items: Items, answers: Ints, tests: int = 1) -> list[Drift]:
    """The anchors that have moved, the surest first. answers (N, n): categories of the time that is watched, -1 for
    missing; tests: how many such tables are looked at, which share the false alarms. Silent with too few anchors."""
    counts = (answers >= 0).sum(axis=0)
    watched = [int(item) for item in np.flatnonzero(counts >= LEAST_ANSWERS)]
    if len(watched) < LEAST_ANCHORS:
        return []
    points, _ = quadrature()
    logs = np.log(np.maximum(category_probs(items, points), TINY))
    by_item = {item: of_one_item(logs[:, item], answers[:, item]) for item in range(len(items)) if counts[item]}
    critical = critical_distance(len(watched), tests)
    aside: list[int] = []
    while True:
        shifts = _shifts(items, answers, by_item, watched, aside)
        moved = _beyond(items, shifts, watched, aside, critical)
        farther = [drift for drift in moved if drift.column not in aside]
        if not farther or len(aside) >= MOST_SET_ASIDE * len(watched):
            return moved
        aside.append(farther[0].column)


def critical_distance(anchors: int, tests: int) -> float:
    """Standard errors beyond which an anchor has moved: chance brings one of all of them so far in FALSE_ALARMS."""
    return NormalDist().inv_cdf(1 - FALSE_ALARMS / 2 / anchors / tests)


def _shifts(
    items: Items, answers: Ints, by_item: dict[int, Floats], watched: Sequence[int], aside: Sequence[int]
) -> dict[int, tuple[float, float, int]]:
    """(shift, error, answers) of each watched anchor, by what the anchors that are not set aside say of people."""
    points, _ = quadrature()
    whole = np.sum([likelihood for item, likelihood in by_item.items() if item not in aside], axis=0)
    prior = fitted_prior(whole, points)
    by_anchor = {}
    for item in watched:
        gave = answers[:, item] >= 0
        rest = whole[gave] if item in aside else whole[gave] - by_item[item][gave]
        by_anchor[item] = (*_shift(items.take([item]), answers[gave, item], weights_of(rest, prior)), int(gave.sum()))
    return by_anchor


def _shift(item: Items, column: Ints, weights: Floats) -> tuple[float, float]:
    """The likeliest shift of the difficulty by Newton's method, and its error. weights (n, Q): of each person."""
    points, _ = quadrature()
    groups = [weights[column == category] for category in range(int(item.m[0]) + 1)]

    shift, bend = 0.0, 0.0
    for _ in range(ROUNDS):
        near = points - shift - STEP * np.array([[-1], [0], [1]])
        probs = category_probs(item, near.ravel())[:, 0].reshape(*near.shape, -1)
        chances = [np.maximum(product(group, probs[:, :, at].T), TINY) for at, group in enumerate(groups)]
        below, here, above = sum(np.log(chance).sum(axis=0) for chance in chances)
        bend = (2 * here - below - above) / STEP**2
        slope = (above - below) / (2 * STEP)
        move = float(np.clip(slope / bend, -1, 1)) if bend > 0 else float(np.sign(slope))
        shift = float(np.clip(shift + move, -FARTHEST, FARTHEST))
        if abs(move) < CLOSE:
            break
    return shift, 1 / sqrt(bend) if bend > FARTHEST**-2 else FARTHEST


def _beyond(
    items: Items,
    shifts: dict[int, tuple[float, float, int]],
    watched: Sequence[int],
    aside: Sequence[int],
    critical: float,
) -> list[Drift]:
    steady = [item for item in watched if item not in aside]
    middle = float(np.median([shifts[item][0] for item in steady]))
    spreads = {item: hypot(shifts[item][1], float(items.sd_b[item])) for item in watched}
    of_middle = sqrt(MEDIAN_VARIANCE / len(steady)) * float(np.mean([spreads[item] for item in steady]))
    errors = {item: hypot(spreads[item], of_middle) for item in watched}
    z = {item: (shifts[item][0] - middle) / errors[item] for item in watched}
    spread = max(1.0, MAD_TO_SD * float(np.median([abs(z[item]) for item in steady])))
    sure = sorted((item for item in watched if abs(z[item]) > critical * spread), key=lambda item: -abs(z[item]))
    moved = [Drift(item, shifts[item][0] - middle, errors[item] * spread, shifts[item][2]) for item in sure]
    return [drift for drift in moved if abs(drift.change) >= NOTICEABLE]
