"""A calibration that also learns how far experts' difficulties lie from the true ones.

Each difficulty is weighed between its expert and its answers by the precision of both (normal prior, normal
likelihood). The prior's deviation is first what experts are taken to be off by, then what they turn out to be: the
mean of what is left of (found - expert)^2 and of its error, over and over (EM for a variance). It only grows: experts
who seem better than they are taken to be would hide the one item that they misjudge. Where few items have answers
there is nothing to learn by, and the assumption stays.

Slopes and difficulties are not the likeliest pair but the likeliest slope over all difficulties, then the likeliest
difficulty: answers fix slope times difficulty, so that difficulties have the more room the flatter the item is, and the
likeliest pair forgets that room (`_marginal`). It is too steep, all difficulties of a run stand too near the middle,
and their errors are too small.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from lms.psychometrics.arrays import Flags
from lms.psychometrics.calibrate import Calibration, calibrate
from lms.psychometrics.items import Items
from lms.psychometrics.responses import Responses

LEAST_ITEMS = 8  # with answers, to learn by
ENOUGH = 20  # answers that make an item one of them
ROUNDS, CLOSE = 6, 0.02
WIDEST = 1.5
SLOPE_SD = 0.3  # deviation of log slopes around the authors'


def calibrate_by_experts(responses: Responses, start: Items, fixed: ArrayLike = False) -> tuple[Calibration, float]:
    """As `calibrate`, with the population free around anchors, and the deviation of experts that it rests on: start's
    own (the largest) where there was too little to learn."""
    anchors = np.broadcast_to(np.asarray(fixed, bool), len(start))
    learning = ~anchors & (start.sd_b > 0) & (responses.counts.sum(axis=1) >= ENOUGH)
    off, items = float(start.sd_b[~anchors].max(initial=0.0)), start
    result = _calibrated(responses, items, anchors)
    for _ in range(ROUNDS):
        before, off = off, _learned(off, start, result, learning)
        items = items if off == before else replace(start, sd_b=np.where(anchors, start.sd_b, off))
        result = _calibrated(responses, _marginal(items, result, anchors), anchors)
        if off - before < CLOSE:
            break
    return result, off


def _calibrated(responses: Responses, items: Items, anchors: Flags) -> Calibration:
    return calibrate(responses, items, fixed=anchors, slope_sd=SLOPE_SD, free_population=bool(anchors.any()))


def _marginal(items: Items, result: Calibration, anchors: Flags) -> Items:
    """Priors whose joint mode is the mode of the slopes with the difficulties integrated out.

    The marginal density of log a is the joint one at the best b times the deviation of b given a (Laplace's method:
    Tierney & Kadane 1986; of joint and marginal modes, O'Hagan 1976). Of its precision the share that comes from
    answers grows with a^2, the prior's doesn't: the log of the deviation falls by that share for each unit of log a.
    A term linear in log a only moves the centre of its normal prior, by the share times the prior's variance.
    """
    of_prior = np.divide(result.items.sd_b, items.sd_b, out=np.ones(len(items)), where=~anchors & (items.sd_b > 0)) ** 2
    return replace(items, a=items.a * np.exp(-np.clip(1 - of_prior, 0, 1) * SLOPE_SD**2))


def _learned(off: float, start: Items, result: Calibration, learning: Flags) -> float:
    return max(off, _deviation(start, result, learning)) if learning.sum() >= LEAST_ITEMS else off


def _deviation(start: Items, result: Calibration, learning: Flags) -> float:
    moves = np.nanmean(result.items.b - start.b, axis=1)[learning]
    left = result.items.sd_b[learning]
    return min(float(np.sqrt(np.mean(moves**2 + left**2))), WIDEST)
