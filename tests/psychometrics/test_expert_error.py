"""Experts' difficulties are weighed against answers by the precision of both, and how good experts are is learned."""

from dataclasses import replace

import numpy as np
import pytest

from lms.psychometrics.calibrate import calibrate
from lms.psychometrics.expert_error import LEAST_ITEMS, calibrate_by_experts
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.model import category_probs
from lms.psychometrics.responses import Responses

STATED = 0.6


def crowd(rng, people, off=STATED, items=24, thresholds=1):
    """(start, true, responses): experts' difficulties lie `off` around the true ones."""
    b = rng.normal(0, 1, (items, 1)) + 0.8 * np.arange(thresholds)
    start = Items.of([ItemParameters(1.0, tuple(row), 0.0, STATED) for row in b])
    true = replace(start, b=b + rng.normal(0, off, (items, 1)))
    probs = category_probs(true, rng.standard_normal(people))
    given = (rng.random((people, items, 1)) > probs.cumsum(axis=2)[:, :, :-1]).sum(axis=2)
    return start, true, Responses.dense(start, given)


def held(start, true, result):
    """Whether each 95 % interval holds the true mean threshold."""
    return np.abs((result.items.b - true.b).mean(axis=1)) <= 1.96 * result.items.sd_b


@pytest.mark.parametrize("people", [150, 600])
def test_a_difficulty_is_the_mean_of_both_by_their_precision(people):
    start, true, responses = crowd(np.random.default_rng(2), people)
    known = replace(start, b=true.b)
    alone = replace(known, b=np.where(np.arange(len(start))[:, None] == 3, start.b, true.b))
    fixed = np.arange(len(start)) != 3
    free = calibrate(responses, alone, fixed=fixed, slope_sd=1e-3, b_sd=np.inf)
    both = calibrate(responses, alone, fixed=fixed, slope_sd=1e-3)
    found, error, expert = free.items.b[3, 0], free.items.sd_b[3], start.b[3, 0]
    precision = 1 / error**2 + 1 / STATED**2
    assert both.items.b[3, 0] == pytest.approx((found / error**2 + expert / STATED**2) / precision, abs=0.03)
    assert both.items.sd_b[3] == pytest.approx(precision**-0.5, rel=0.1)
    assert both.items.sd_b[3] < min(error, STATED)


@pytest.mark.parametrize("thresholds", [1, 3])
def test_intervals_of_calibrated_difficulties_hold(thresholds):
    """Of three thresholds too, whose mean the expert knows by the stated error and no better."""
    rng = np.random.default_rng(8)
    crowds = [crowd(rng, people, thresholds=thresholds) for people in (50, 200, 50, 200)]
    hits = [held(start, true, calibrate_by_experts(responses, start)[0]) for start, true, responses in crowds]
    assert 0.92 < np.mean(hits) < 0.98


def test_what_experts_are_worth_is_learned():
    rng = np.random.default_rng(5)
    learned = {off: calibrate_by_experts(*crowd(rng, 300, off)[::-2])[1] for off in (0.3, 1.0)}
    assert learned[0.3] == STATED and learned[1.0] > 0.75  # never trusted more than is stated
    start, _, responses = crowd(rng, 300, 1.0, items=LEAST_ITEMS - 1)
    assert calibrate_by_experts(responses, start)[1] == STATED
