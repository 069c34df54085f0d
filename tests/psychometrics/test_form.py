import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from lms.psychometrics.ability import eap
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.model import information
from lms.psychometrics.thin_places import thin
from tests.score.classification import lee, rudner
from tests.score.form import error_curve, marginal_reliability

FORM = Items.of([ItemParameters(1.4, (b,)) for b in np.linspace(-2, 2, 30)])
THREE = (-1.0, 0.3, 1.2)


def answers(items, theta, rng):
    return (
        rng.random((len(theta), len(items))) < 1 / (1 + np.exp(-items.a * (theta[:, None] - items.b[:, 0])))
    ).astype(int)


def test_error_is_one_over_the_root_of_information():
    told, error = error_curve(FORM, [0.0, 1.0])
    assert told == pytest.approx(information(FORM, [0.0, 1.0]).sum(axis=1)) and error == pytest.approx(told**-0.5)


def test_marginal_and_empirical_reliability_meet_each_other_and_the_truth():
    rng = np.random.default_rng(0)
    theta = rng.standard_normal(4000)
    estimate, sd = eap(FORM, answers(FORM, theta, rng))
    seen = np.var(estimate) / (np.var(estimate) + np.mean(sd**2))
    assert marginal_reliability(FORM) == pytest.approx(seen, abs=0.015)
    assert np.corrcoef(theta, estimate)[0, 1] ** 2 == pytest.approx(seen, abs=0.015)


def test_uncertain_difficulties_lower_the_reliability():
    doubtful = Items.of([ItemParameters(1.4, (b,), 0.0, 1.0) for b in np.linspace(-2, 2, 30)])
    assert marginal_reliability(doubtful) < marginal_reliability(FORM) - 0.02


@pytest.mark.parametrize("cuts", [(0.4,), THREE])
def test_lee_agrees_with_two_simulated_sittings(cuts):
    rng = np.random.default_rng(1)
    theta = rng.standard_normal(60_000)
    curve = (1 / (1 + np.exp(-FORM.a * (np.array(cuts)[:, None] - FORM.b[:, 0])))).sum(axis=1)
    first, second = (np.searchsorted(curve, answers(FORM, theta, rng).sum(axis=1), side="right") for _ in range(2))
    true, seen = np.searchsorted(cuts, theta, side="right"), lee(FORM, cuts)
    assert seen.accuracy == pytest.approx((first == true).mean(), abs=0.006)
    assert seen.consistency == pytest.approx((first == second).mean(), abs=0.006)
    assert seen.false_up == pytest.approx((first > true).mean(), abs=0.006)


@pytest.mark.parametrize("cuts", [(0.4,), THREE])
def test_rudner_agrees_with_simulated_normal_errors(cuts):
    rng = np.random.default_rng(2)
    theta = rng.standard_normal(100_000)
    error = error_curve(FORM, theta)[1]
    first, second = (np.searchsorted(cuts, theta + error * rng.standard_normal(len(theta))) for _ in range(2))
    true, seen = np.searchsorted(cuts, theta), rudner(FORM, cuts)
    assert seen.accuracy == pytest.approx((first == true).mean(), abs=0.005)
    assert seen.consistency == pytest.approx((first == second).mean(), abs=0.005)
    assert seen.false_down == pytest.approx((first < true).mean(), abs=0.005)


@given(st.lists(st.floats(-2, 2), min_size=1, max_size=3, unique=True), st.integers(15, 30))
def test_shares_are_shares_and_consistency_never_beats_certainty(cuts, n):
    for rule in (rudner, lee):
        seen = rule(FORM.take(np.arange(n)), cuts)
        assert seen == rule(FORM.take(np.arange(n)), sorted(cuts))
        assert seen.accuracy + seen.false_up + seen.false_down == pytest.approx(1)
        assert 0 < seen.consistency <= 1 and seen.accuracy > 1 / (len(cuts) + 2)


def test_people_may_take_the_place_of_the_population():
    theta = np.random.default_rng(3).standard_normal(20_000)
    for rule in (rudner, lee):
        assert rule(FORM, THREE, people=(theta, np.ones(20_000))).accuracy == pytest.approx(
            rule(FORM, THREE).accuracy, abs=0.01
        )


def test_a_form_that_tells_nothing_decides_by_the_odds():
    empty = Items.of([ItemParameters(1e-4, (0.0,))])
    assert rudner(empty, [0.0]).accuracy == pytest.approx(0.5, abs=1e-3)
    assert rudner(empty, [1.0]).consistency == pytest.approx(0.5, abs=1e-3)
    assert lee(empty, [1.0]).false_up == pytest.approx(0.5 * norm.cdf(1.0), abs=1e-3)


def test_thin_places_are_named_with_the_number_of_items_that_would_do():
    items = Items.of([ItemParameters(1.5, (b,)) for b in (-1.5, -1.4, -1.5, -0.5, -0.6, -0.4, 0.4, 0.5)])
    found = thin(items, ["analytics.insight"] * 8, (-1.5, -0.5, 0.5, 1.5), all_subs=["content.copy"])
    assert {(f.sub, f.level) for f in found if f.sub == "analytics.insight"} == {("analytics.insight", 4)}
    assert [f.level for f in found if f.sub == "content.copy"] == [1, 2, 3, 4] and found[0].sub == "content.copy"
    last = found[-1]
    more = Items.of([ItemParameters(1.5, (1.5,))] * last.wanted)
    assert last.information + information(more, [1.5]).sum() >= 0.65**-2 - 1
    assert last.information + information(more, [1.5])[:, 1:].sum() < 0.65**-2 - 1
