"""Leaked anchors are told and named by the way they went; another crowd is no drift."""

import numpy as np
import pytest

from lms.psychometrics.anchor_drift import FALSE_ALARMS, LEAST_ANCHORS, drifting
from lms.psychometrics.drift_power import detectable_shifts
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.model import category_probs
from lms.psychometrics.simulated_drift import drift_figures


def crowd(moved, people=500, items=10, mean=0.8, seed=1, sd_b=0.1):
    """Everybody answers all of `items`; moved: column -> logits by which it is harder now."""
    rng = np.random.default_rng(seed)
    anchors = Items.of([ItemParameters(1.0, (float(b),), 0.0, sd_b) for b in np.linspace(-1, 1.5, items)])
    shift = np.array([moved.get(item, 0.0) for item in range(items)])
    now = Items(anchors.a, anchors.b + shift[:, None], anchors.c, anchors.sd_b, anchors.m, anchors.names)
    right = category_probs(now, rng.normal(mean, 0.8, people))[:, :, 1]
    return anchors, (rng.random(right.shape) < right).astype(int)


def test_three_leaks_are_told_and_none_beside():
    found = drift_figures(np.random.default_rng(3), runs=3, anchors=12)
    assert found.flagged > 0.9
    assert found.beside <= 1 / 3
    assert found.false_alarms <= 1 / 3


def test_a_shift_is_measured_and_an_able_crowd_is_none():
    items, answers = crowd({2: -1.0, 7: 0.9})
    found = {drift.column: drift for drift in drifting(items, answers)}
    assert set(found) == {2, 7}
    assert found[2].change == pytest.approx(-1.0, abs=2 * found[2].error)
    assert found[7].change == pytest.approx(0.9, abs=2 * found[7].error)
    assert found[2].n == 500
    assert drifting(*crowd({})) == []


def test_many_leaks_do_not_make_the_others_suspect():
    items, answers = crowd(dict.fromkeys((1, 4, 8), -1.2))
    assert {drift.column for drift in drifting(items, answers)} == {1, 4, 8}


def test_what_can_be_told_is_told_in_four_cases_of_five():
    """At least, where people answer many anchors; of half as much far less. More answers tell a smaller change."""
    items, _ = crowd({}, items=20, sd_b=0.15)
    least = detectable_shifts(items, np.full(20, 200), tests=6)
    assert (least > detectable_shifts(items, np.full(20, 800), tests=6)).all()
    assert 0.75 <= share_told(least) <= 1 and share_told(least / 2) <= 0.4
    assert not len(detectable_shifts(items, np.full(20, 40)))
    assert not len(detectable_shifts(items.take(range(5)), np.full(5, 400)))


def share_told(easier, runs=20):
    """Of anchors that became so much easier, one a run, while all lie off by their own error."""
    told = 0
    for seed in range(runs):
        column = seed % len(easier)
        off = dict(enumerate(np.random.default_rng(seed).normal(0, 0.15, len(easier))))
        moved = off | {column: off[column] - easier[column]}
        drifts = drifting(*crowd(moved, 200, len(easier), mean=0.0, seed=seed, sd_b=0.15), tests=6)
        told += column in {drift.column for drift in drifts}
    return told / runs


def test_little_is_no_reason_to_speak():
    assert drifting(*crowd({2: -2.0}, items=LEAST_ANCHORS - 1)) == []
    assert drifting(*crowd({2: -2.0}, people=40)) == []
    assert drifting(*crowd({2: -0.2}, people=3000, items=LEAST_ANCHORS, sd_b=0.0)) == []  # sure, and no matter
    assert FALSE_ALARMS <= 0.05
