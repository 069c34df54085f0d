import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.model import category_probs, derivatives, information
from tests.psychometrics import brute
from tests.score.starting import angoff_difficulty

number = st.floats(-3, 3)
slope = st.floats(0.2, 3)
items = st.lists(
    st.one_of(
        st.builds(lambda a, b: ItemParameters(a, tuple(b)), slope, st.lists(number, min_size=1, max_size=4)),
        st.builds(lambda a, b, c: ItemParameters(a, (b,), c), slope, number, st.floats(0.05, 0.5)),
    ),
    min_size=1,
    max_size=5,
)


@given(items, number)
def test_probabilities_follow_the_formula_and_sum_to_one(some, theta):
    probs = category_probs(Items.of(some), theta)[0]
    for row, item in zip(probs, some, strict=True):
        expected = [brute.prob(item, k, np.array(theta)) for k in range(len(item.b) + 1)]
        assert row[: len(expected)] == pytest.approx(expected, abs=1e-12)
        assert not row[len(expected) :].any()
    assert probs.sum(axis=1) == pytest.approx(1)


@given(items, number)
def test_information_is_minus_the_expected_second_derivative(some, theta):
    stack, h = Items.of(some), 1e-3
    around = np.log(np.maximum(category_probs(stack, [theta - h, theta, theta + h]), 1e-300))
    curvature = (around[0] - 2 * around[1] + around[2]) / h**2
    expected = -(np.exp(around[1]) * curvature).sum(axis=1)
    assert information(stack, theta)[0] == pytest.approx(expected, rel=1e-4, abs=2e-5)


@given(items, number)
def test_derivatives_are_the_slopes_of_the_probabilities(some, theta):
    stack, h = Items.of(some), 1e-4
    low, mid, high = category_probs(stack, [theta - h, theta, theta + h])
    probs, first = derivatives(stack, np.array([[theta]]))
    assert probs[0] == pytest.approx(mid)
    assert first[0] == pytest.approx((high - low) / (2 * h), abs=1e-6, rel=1e-5)


@pytest.mark.parametrize("a, sd_b, theta", [(0.7, 1.0, 1.0), (1.5, 0.5, -0.8), (1.0, 2.0, 2.0)])
def test_widening_matches_integrating_the_difficulty_out(a, sd_b, theta):
    b = np.linspace(-12, 12, 4001)
    exact = np.trapezoid(norm.pdf(b, 0.3, sd_b) / (1 + np.exp(-a * (theta - b))), b)
    widened = category_probs(Items.of([ItemParameters(a, (0.3,), sd_b=sd_b)]).with_difficulty_error(), theta)[0, 0, 1]
    narrow = category_probs(Items.of([ItemParameters(a, (0.3,))]), theta)[0, 0, 1]
    assert abs(widened - exact) < 0.006 < abs(narrow - exact)


@pytest.mark.parametrize(
    "bad",
    [
        ItemParameters(1, ()),
        ItemParameters(np.nan, (0,)),
        ItemParameters(1, (np.inf,)),
        ItemParameters(1, (0, 1), c=0.2),
        ItemParameters(1, (0,), c=1),
        ItemParameters(1, (0,), 0, -1),
    ],
)
def test_bad_parameters_are_refused_by_name(bad):
    with pytest.raises(ValueError, match="item second"):
        Items.of([ItemParameters(1, (0,)), ItemParameters(bad.a, bad.b, bad.c, bad.sd_b, "second")])


def test_taking_keeps_order_names_and_parameters():
    stack = Items.of(
        [ItemParameters(1, (0,), name="x"), ItemParameters(2, (1, 2), name="y"), ItemParameters(3, (2,), 0.2, 0.1, "z")]
    )
    part = stack.take([2, 0])
    assert part.names == ("z", "x") and part.a.tolist() == [3, 1] and part.c.tolist() == [0.2, 0]
    assert stack.take([False, True, False]).names == ("y",)


def test_expert_difficulty_gives_back_the_judged_share():
    b = angoff_difficulty(0.6, 0.25, 1.3, 0.5)
    assert category_probs(Items.of([ItemParameters(1.3, (b,), 0.25)]), 0.5)[0, 0, 1] == pytest.approx(0.6)
    with pytest.raises(ValueError, match=r"0\.25"):
        angoff_difficulty(0.2, 0.25, 1, 0)
