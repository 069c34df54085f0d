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


def test_a_slope_is_the_likeliest_over_all_difficulties_not_of_the_likeliest_pair():
    """By brute force, over people whom forty anchors measure: the pair's slope is steeper, and its difficulty is nearer
    to the middle than the mean of all that it may be."""
    rng = np.random.default_rng(15)
    anchors = [ItemParameters(1.5, (b,)) for b in np.linspace(-2, 2, 40)]
    start = Items.of([*anchors, ItemParameters(1.0, (0.8,), 0.0, 1.0)])
    fixed = np.arange(41) < 40
    right = category_probs(start, rng.standard_normal(60))[:, :, 1]
    given = (rng.random(right.shape) < right).astype(int)
    responses = Responses.dense(start, given)
    pair = calibrate(responses, start, fixed=fixed, free_population=True)
    result, _ = calibrate_by_experts(responses, start, fixed)
    slope, difficulty = by_brute_force(start, given, (result.mean, result.sd))
    assert np.log(result.items.a[40]) == pytest.approx(slope, abs=0.015)
    assert np.log(pair.items.a[40]) > slope + 0.04
    assert result.items.b[40, 0] - difficulty > 0.7 * (pair.items.b[40, 0] - difficulty)  # both below 0


def by_brute_force(start, given, population):
    """The likeliest log slope of the last item over all its difficulties, and the mean difficulty over all slopes."""
    theta = population[0] + population[1] * np.linspace(-5, 5, 81)
    probs = np.log(category_probs(start, theta))[:, :-1]
    of_person = np.exp(given[:, :-1] @ probs[:, :, 1].T + (1 - given[:, :-1]) @ probs[:, :, 0].T)
    of_person *= np.exp(-(np.linspace(-5, 5, 81) ** 2) / 2)
    of_person /= of_person.sum(axis=1, keepdims=True)
    slopes, b = np.linspace(-1.2, 1.2, 241)[:, None], np.linspace(-3, 5, 161)
    right = 1 / (1 + np.exp(-np.exp(slopes)[..., None] * (theta - b[:, None])))
    likely = np.log(np.einsum("abq,nq->abn", right, of_person))
    wrong = np.log(np.einsum("abq,nq->abn", 1 - right, of_person))
    height = np.where(given[:, -1], likely, wrong).sum(axis=2) - slopes**2 / 0.18 - (b - start.b[-1, 0]) ** 2 / 2
    mass = np.exp(height - height.max())
    return slopes[mass.sum(axis=1).argmax(), 0], (mass * b).sum() / mass.sum()
