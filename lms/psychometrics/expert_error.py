"""A calibration that also learns how far experts' difficulties lie from the true ones.

Each difficulty is weighed between its expert and its answers by the precision of both (normal prior, normal
likelihood). The prior's deviation is first what experts are taken to be off by, then what they turn out to be: the
mean of what is left of (found - expert)^2 and of its error, over and over (EM for a variance). It only grows: experts
who seem better than they are taken to be would hide the one item that they misjudge. Where few items have answers
there is nothing to learn by, and the assumption stays.
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


def calibrate_by_experts(responses: Responses, start: Items, fixed: ArrayLike = False) -> tuple[Calibration, float]:
    """As `calibrate`, with the population free around anchors, and the deviation of experts that it rests on: start's
    own (the largest) where there was too little to learn."""
    held = np.broadcast_to(np.asarray(fixed, bool), len(start))
    learning = ~held & (start.sd_b > 0) & (responses.counts.sum(axis=1) >= ENOUGH)
    off, items = float(start.sd_b[~held].max(initial=0.0)), start
    result = calibrate(responses, items, fixed=held, free_population=bool(held.any()))
    for _ in range(ROUNDS if learning.sum() >= LEAST_ITEMS else 0):
        before, off = off, max(off, _deviation(start, result, learning))
        if abs(off - before) < CLOSE:
            break
        items = replace(start, sd_b=np.where(held, start.sd_b, off))
        result = calibrate(responses, items, fixed=held, free_population=bool(held.any()))
    return result, off


def _deviation(start: Items, result: Calibration, learning: Flags) -> float:
    moves = np.nanmean(result.items.b - start.b, axis=1)[learning]
    left = result.items.sd_b[learning]
    return min(float(np.sqrt(np.mean(moves**2 + left**2))), WIDEST)
