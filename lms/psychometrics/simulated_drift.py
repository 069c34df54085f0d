"""How well leaks among anchors are told: crowds with planted leaks, and without any."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from lms.psychometrics.anchor_drift import drifting
from lms.psychometrics.arrays import Floats, Ints
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.model import category_probs

CALIBRATED = 0.15  # standard error that an anchor's difficulty has after its 200 answers
EASIEST = -0.5  # difficulty from which a leak is planted: what nearly all know anyway cannot leak
SKILLS = 6  # tables that one calibration looks at
CROWD = 0.4, 0.9  # mean and SD of the people of the later time: others than the scale was made with


@dataclass(frozen=True)
class DriftFigures:
    """Of runs with leaks: flagged, of all leaks; all_flagged, of runs; beside, share of runs that named another anchor
    too. Of runs without: false_alarms, share that named any."""

    flagged: float
    all_flagged: float
    beside: float
    false_alarms: float


def drift_figures(
    rng: Generator, runs: int, anchors: int = 20, answers: int = 400, leaks: int = 3, knowing: float = 0.67
) -> DriftFigures:
    """anchors: of each of SKILLS skills, of which one has the leaks; answers: of each anchor in the time that is
    watched, by people who each answer half of a skill's; knowing: share of people who know the leaked answers."""
    shares, all_flagged, beside, false_alarms = [], 0, 0, 0
    for _ in range(runs):
        items = _anchors(rng, anchors)
        leaked = rng.choice(np.flatnonzero(items.b[:, 0] >= EASIEST), leaks, replace=False)
        drifted = {drift.column for drift in drifting(items, _answers(rng, items, answers, leaked, knowing), SKILLS)}
        shares.append(len(drifted & set(leaked.tolist())) / leaks)
        all_flagged += shares[-1] == 1
        beside += bool(drifted - set(leaked.tolist()))
        steady = [drifting(items, _answers(rng, items, answers, leaked[:0], 0.0), SKILLS) for _ in range(SKILLS)]
        false_alarms += any(steady)
    return DriftFigures(float(np.mean(shares)), all_flagged / runs, beside / runs, false_alarms / runs)


def _anchors(rng: Generator, count: int) -> Items:
    spread = np.linspace(-1.5, 1.8, count)
    return Items.of([ItemParameters(1.0, (float(b),), 0.25 * (at % 2), CALIBRATED) for at, b in enumerate(spread)])


def _answers(rng: Generator, items: Items, answers: int, leaked: Ints, knowing: float) -> Ints:
    """Their true difficulties lie around the known ones by sd_b, as after a calibration."""
    people, mean_sd = 2 * answers, CROWD
    true = replace(items, b=items.b + (rng.standard_normal(len(items)) * items.sd_b)[:, None])
    probs = category_probs(true, rng.normal(*mean_sd, people))[:, :, 1]
    probs[:, leaked] += (1 - probs[:, leaked]) * (rng.random((people, 1)) < knowing)
    right = (rng.random(probs.shape) < probs).astype(int)
    return np.where(_half(rng, people, len(items)), right, -1)


def _half(rng: Generator, people: int, items: int) -> Floats:
    """Who answers what (people, items): half of the anchors each."""
    return np.asarray(rng.permuted(np.tile(np.arange(items) % 2, (people, 1)), axis=1))
