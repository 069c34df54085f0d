"""How well the intervals of calibrated difficulties hold: crowds that answer items whose authors are off by a known
size."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from lms.psychometrics.arrays import Floats
from lms.psychometrics.expert_error import calibrate_by_experts
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.model import category_probs
from lms.psychometrics.responses import Responses

STATED = 0.6  # what authors are taken to be off by
ITEMS = 30
SLOPES = 0.3  # deviation of log slopes where they are spread
BETWEEN = 0.8  # logits from one threshold of an item to the next
LUCK = 0.25  # chance of guessing every other item, where guessing is
NORMAL_95 = 1.959964  # half width of a 95 % interval in deviations


@dataclass(frozen=True)
class Crowd:
    """people, who answer everything; off: deviation of authors' difficulties from the true ones; thresholds of each
    item; spread: slopes are e^N(0, SLOPES^2), which authors do not know, and not 1; guessing: half of the items."""

    people: int
    off: float
    thresholds: int = 1
    spread: bool = False
    guessing: bool = False


CROWDS = (
    Crowd(50, 0.6),
    Crowd(200, 0.6),
    Crowd(1000, 0.6),
    Crowd(50, 0.7),
    Crowd(200, 0.7, spread=True, guessing=True),
    Crowd(200, 1.0, spread=True, guessing=True),
    Crowd(50, 0.6, thresholds=3, spread=True),
    Crowd(200, 0.6, thresholds=3, spread=True),
)


@dataclass(frozen=True)
class CalibrationFigures:
    """coverage: share of 95 % intervals that hold the true mean threshold; error: its standard error, between runs,
    since the items of one run share their people; learned: what authors turned out to be off by, on average."""

    coverage: float
    error: float
    learned: float


def calibration_figures(rng: Generator, runs: int, crowd: Crowd) -> CalibrationFigures:
    coverages, learned = np.transpose([_run(rng, crowd) for _ in range(runs)])
    return CalibrationFigures(
        float(coverages.mean()), float(coverages.std(ddof=1) / np.sqrt(runs)), float(learned.mean())
    )


def _run(rng: Generator, crowd: Crowd) -> tuple[float, float]:
    """The share of intervals that hold, and what was learned."""
    start = _start(rng, crowd)
    slopes = np.exp(SLOPES * rng.standard_normal(ITEMS)) if crowd.spread else np.ones(ITEMS)
    true = replace(start, a=slopes, b=start.b + crowd.off * rng.standard_normal((ITEMS, 1)))
    result, off = calibrate_by_experts(_answers(rng, true, crowd.people), start)
    away = np.abs((result.items.b - true.b).mean(axis=1))
    return float((away <= NORMAL_95 * result.items.sd_b).mean()), off


def _start(rng: Generator, crowd: Crowd) -> Items:
    """As authors take them to be."""
    b = rng.standard_normal((ITEMS, 1)) + BETWEEN * np.arange(crowd.thresholds)
    lucky = [LUCK if crowd.guessing and place % 2 == 0 else 0.0 for place in range(ITEMS)]
    return Items.of([ItemParameters(1.0, tuple(row), c, STATED) for row, c in zip(b.tolist(), lucky, strict=True)])


def _answers(rng: Generator, true: Items, people: int) -> Responses:
    ladder: Floats = category_probs(true, rng.standard_normal(people)).cumsum(axis=2)[:, :, :-1]
    return Responses.dense(true, (rng.random((people, len(true), 1)) > ladder).sum(axis=2))
