"""A panel's cut against numbers computed by hand and printed ones."""

import numpy as np
import pytest

from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.model import expected_scores
from lms.psychometrics.panel_cut import components, panel_cut
from lms.psychometrics.sample_size import TooFew

LOGISTIC = Items.of([ItemParameters(1.0, (b,)) for b in (-1.0, 0.0, 1.0)])
SHROUT_FLEISS = np.array(  # 1979, table 2: six targets by four judges; mean squares 11.24, 32.49 and 1.02 in table 3
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
)


def at(items, theta):
    return (expected_scores(items, np.atleast_1d(theta)) / items.m)[0]


def test_variance_components_from_printed_mean_squares():
    found = components(SHROUT_FLEISS.T)
    assert found.judges == pytest.approx((32.49 - 1.02) / 6, abs=0.002)
    assert found.items == pytest.approx((11.24 - 1.02) / 4, abs=0.002)
    assert found.residual == pytest.approx(1.02, abs=0.002)
    assert found.error(4, 6) == pytest.approx(np.sqrt(5.245 / 4 + 2.555 / 6 + 1.02 / 24), abs=0.001)


def test_the_cut_inverts_the_curve_at_the_mean_rating():
    """By hand: ratings of .4, .5 and .6 on every item of difficulty 0 mean .5, which is theta 0; the curve's slope is 2
    items by .25 a logit, the sums .8, 1, 1.2 have an sd of .2, so that the error is .2 / sqrt(3) / .5."""
    items = Items.of([ItemParameters(1.0, (0.0,))] * 2)
    cut = panel_cut(items, [[0.4, 0.4], [0.5, 0.5], [0.6, 0.6]])
    assert cut.theta == pytest.approx(0, abs=1e-6)
    assert cut.se == pytest.approx(0.2 / np.sqrt(3) / 0.5, rel=1e-3)
    assert cut.se_general == pytest.approx(cut.se, rel=1e-6)  # no item is out of line with the others
    logit = np.log(0.6 / 0.4)
    assert cut.severity == pytest.approx([-logit, 0, logit], abs=1e-3)


def test_partial_credit_counts_by_the_share_of_the_full_score():
    items = Items.of([ItemParameters(1.3, (-0.5, 0.8)), ItemParameters(0.9, (0.4,), 0.25)])
    cut = panel_cut(items, np.stack([at(items, 0.7)] * 3))
    assert cut.theta == pytest.approx(0.7, abs=0.01) and cut.se == pytest.approx(0, abs=1e-9)
    assert cut.misfit.max() < 0.01


def test_items_that_judges_see_otherwise_than_people_widen_the_general_error():
    ratings = np.stack([at(LOGISTIC, 0.2), at(LOGISTIC, 0.3), at(LOGISTIC, 0.4)])
    turned = ratings[:, ::-1]
    straight, odd = panel_cut(LOGISTIC, ratings), panel_cut(LOGISTIC, turned)
    assert odd.theta == pytest.approx(straight.theta, abs=1e-6) and odd.se == pytest.approx(straight.se)
    assert odd.se_general > 5 * straight.se_general
    assert straight.difficulty.min() > 0.99 and odd.difficulty.max() < -0.99


def test_ratings_below_chance_say_that_the_cut_lies_beyond_the_scale():
    guessed = Items.of([ItemParameters(1.0, (0.0,), 0.25)] * 3)
    assert panel_cut(guessed, [[0.1] * 3, [0.2] * 3]).at_an_end
    with pytest.raises(TooFew):
        panel_cut(guessed, [[0.5] * 3])
