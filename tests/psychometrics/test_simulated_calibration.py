"""What `flask simulate difficulties` measures, in short: intervals of calibrated difficulties hold."""

import numpy as np
import pytest

from lms.psychometrics import simulated_calibration
from lms.psychometrics.calibrate import calibrate
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.responses import Responses
from lms.psychometrics.simulated_calibration import Crowd, calibration_figures


def test_coverage_is_of_runs_that_are_drawn_anew(monkeypatch):
    runs = iter([(0.9, 0.6), (1.0, 0.8)])
    monkeypatch.setattr(simulated_calibration, "_run", lambda rng, crowd: next(runs))
    found = calibration_figures(np.random.default_rng(0), 2, Crowd(50, 0.6))
    assert (found.coverage, found.learned) == pytest.approx((0.95, 0.7))
    assert found.error == pytest.approx(0.05)  # sd of .9 and 1 is .0707, over the root of two runs


def test_the_error_of_a_difficulty_counts_every_slope_that_the_item_may_have():
    """Answers that say little of the slope: errors are larger than at the one slope that is likeliest."""
    start = Items.of([ItemParameters(1.0, (b,)) for b in (-2.0, -1.0, 0.0, 1.0, 2.0, 3.0)])
    rng = np.random.default_rng(4)
    theta = rng.standard_normal(300)
    rows = (rng.random((300, 6)) < 1 / (1 + np.exp(-(theta[:, None] - start.b[:, 0])))).astype(int)
    result = calibrate(Responses.dense(start, rows), start, b_sd=np.inf)
    delta, told = result.se_b[:, 0], result.items.sd_b
    assert (told > 1.005 * delta).all() and (told < 1.3 * delta).all()
    assert told[5] > 1.04 * delta[5]
