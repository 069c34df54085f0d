import numpy as np
import pytest

from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.stop import Stop
from tests.score.classification import sprt_llr

WIDE, NARROW = np.array([0.5, 0.2]), np.array([0.3, 0.2])


def test_the_test_goes_on_until_a_rule_holds():
    stop = Stop(20, min_items=5, target_sd=0.3)
    assert stop.outcome(6, WIDE, np.nan) == ""
    assert stop.outcome(4, NARROW, np.nan) == ""
    assert stop.outcome(5, NARROW, np.nan) == "precise"
    assert stop.outcome(20, WIDE, np.nan) == "length"


@pytest.mark.parametrize(
    ("p", "n", "outcome"),
    [(0.95, 9, "pass"), (0.05, 9, "fail"), (0.94, 9, ""), (0.99, 4, ""), (0.9, 20, "inconclusive"), (0.96, 20, "pass")],
)
def test_pass_fail_and_the_third_outcome(p, n, outcome):
    assert Stop(20, min_items=5, cut=0.0).outcome(n, WIDE, p) == outcome


def test_precise_but_undecided_is_inconclusive():
    assert Stop(20, target_sd=0.3, cut=0.0).outcome(9, NARROW, 0.6) == "inconclusive"


def test_a_skill_surely_above_or_below_its_own_cut_is_settled():
    stop = Stop(20, min_items=5, cuts={"text": 0.5, "data": 0.5})
    assert stop.settled(WIDE, np.array([0.95, 0.05])).tolist() == [True, True]
    assert stop.settled(WIDE, np.array([0.94, np.nan])).tolist() == [False, False]
    assert stop.outcome(5, WIDE, np.nan, np.array([0.99, 0.01])) == "precise"
    assert stop.outcome(5, WIDE, np.nan, np.array([0.99, 0.5])) == stop.outcome(4, WIDE, np.nan, np.ones(2)) == ""


def test_likelihood_ratio_by_hand():
    items = Items.of([ItemParameters(1.2, (0.3,)), ItemParameters(0.8, (-0.5,), 0.25), ItemParameters(1.0, (0.0,))])

    def p(a, b, c, theta):
        return c + (1 - c) / (1 + np.exp(-a * (theta - b)))

    expected = np.log(p(1.2, 0.3, 0, 0.7) / p(1.2, 0.3, 0, 0.1))
    expected += np.log((1 - p(0.8, -0.5, 0.25, 0.7)) / (1 - p(0.8, -0.5, 0.25, 0.1)))
    assert sprt_llr(items, [1, 0, -1], cut=0.4, delta=0.3) == pytest.approx(expected)
    with pytest.raises(ValueError, match="item #1: 2"):
        sprt_llr(items, [1, 2, -1], cut=0.4, delta=0.3)
