import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit

from lms.psychometrics.sample_size import TooFew
from tests.score.mantel_haenszel import mantel_haenszel
from tests.score.regression_dif import regression_dif


def sample(shift, n=1200, items=15, seed=0, impact=0.0, slope=1.0):
    """Right/wrong answers; item 0 harder by `shift` logits for the second half, whose ability is lower by `impact`."""
    rng = np.random.default_rng(seed)
    focal = np.arange(n) >= n // 2
    theta = rng.normal(-impact * focal, 1)
    b = np.linspace(-1.5, 1.5, items) + np.outer(focal, np.eye(items)[0] * shift)
    a = 1.2 * (1 + np.outer(focal, np.eye(items)[0] * (slope - 1)))
    return (rng.random((n, items)) < expit(a * (theta[:, None] - b))).astype(int), focal


def test_statistics_of_two_tables_by_hand():
    """One studied item over two strata of the others, 2 x 2 tables (20 10 / 15 15) and (30 10 / 25 15)."""
    tables = {0: (20, 10, 15, 15), 1: (30, 10, 25, 15)}
    rows = [(right, stratum, focal) for stratum, (a, b, c, d) in tables.items()
            for right, focal, n in ((1, 0, a), (0, 0, b), (1, 1, c), (0, 1, d)) for _ in range(n)]  # fmt: skip
    x, match, focal = np.array(rows).T
    seen = mantel_haenszel(x[:, None], focal == 1, match=match)
    observed, expected = 20 + 30, 35 * 30 / 60 + 55 * 40 / 80
    variance = 30 * 30 * 35 * 25 / (60**2 * 59) + 40 * 40 * 55 * 25 / (80**2 * 79)
    odds = (20 * 15 / 60 + 30 * 15 / 80) / (10 * 15 / 60 + 10 * 25 / 80)
    assert seen.chi2 == pytest.approx((abs(observed - expected) - 0.5) ** 2 / variance)
    assert seen.odds == pytest.approx(odds) and seen.delta == pytest.approx(-2.35 * np.log(odds))
    plain = mantel_haenszel(x[:, None], focal == 1, match=match, correct=False)
    assert plain.chi2 == pytest.approx((observed - expected) ** 2 / variance)


def test_the_standard_error_of_delta_is_that_of_repeated_samples():
    seen = [mantel_haenszel(*sample(0.6, 600, 12, seed)) for seed in range(60)]
    assert np.mean([s.se[0] for s in seen]) == pytest.approx(np.std([s.delta[0] for s in seen]), rel=0.25)


def test_an_item_harder_for_a_group_is_found_and_the_others_are_not():
    found = mantel_haenszel(*sample(0.9, 2000, impact=0.5), purify=True)
    assert 0 in found.flagged and len(found.flagged) <= 3 and found.rounds >= 1
    assert found.delta[0] < -1.5 and found.ets[0] == "C"
    assert found.ets.count("A") >= 13


def test_purification_cleans_what_many_bad_items_smear():
    x, focal = sample(0, 1500, 25, 3)
    rng = np.random.default_rng(1)
    for i in range(5):
        x[focal, i] &= rng.random(focal.sum()) > 0.25
    plain, pure = (mantel_haenszel(x, focal, purify=p) for p in (False, True))
    smeared, clean = (np.abs(s.delta[5:]).mean() for s in (plain, pure))
    assert clean < 0.75 * smeared and set(range(5)) <= set(pure.flagged)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_swapping_groups_turns_the_sign_and_order_changes_nothing(seed):
    x, focal = sample(0.5, 300, 8, seed)
    here, there = mantel_haenszel(x, focal), mantel_haenszel(x, ~focal)
    order = np.random.default_rng(seed).permutation(300)
    again = mantel_haenszel(x[order], focal[order])
    assert here.delta == pytest.approx(-there.delta) and here.chi2 == pytest.approx(there.chi2)
    assert (again.delta, again.se) == (pytest.approx(here.delta), pytest.approx(here.se))


def logistic_chi2(x, focal, i, terms):
    """Twice the gain in log-likelihood, by a plain optimiser over plain logits."""
    total, y = x.sum(axis=1).astype(float), x[:, i]
    columns = [np.ones(len(y)), total, focal.astype(float), total * focal]

    def best(k):
        design = np.stack(columns[:k], axis=1)
        loss = lambda v: -np.where(y == 1, np.log(expit(design @ v)), np.log(expit(-design @ v))).sum()  # noqa: E731
        start = minimize(loss, np.zeros(k), method="Nelder-Mead", options={"maxiter": 20_000, "fatol": 1e-10})
        return minimize(loss, start.x, method="BFGS").fun

    return 2 * (best(terms[0]) - best(terms[1]))


@pytest.mark.parametrize(("kind", "terms", "df"), [("udif", (2, 3), 1), ("both", (2, 4), 2), ("nudif", (3, 4), 1)])
def test_logistic_dif_agrees_with_a_plain_optimiser(kind, terms, df):
    x, focal = sample(0.5, 400, 8, 5)
    seen = regression_dif(x, focal, kind)
    assert seen.chi2[0] == pytest.approx(logistic_chi2(x, focal, 0, terms), abs=1e-3) and seen.df == df


def test_logistic_dif_tells_uniform_from_crossing():
    shifted, crossed = sample(0.9, 2000, seed=1), sample(0.0, 2000, seed=2, slope=0.25)
    assert regression_dif(*shifted, "udif").p[0] < 1e-6 and regression_dif(*shifted, "udif").harder[0] > 0.5
    assert regression_dif(*crossed, "nudif").p[0] < 1e-6 and regression_dif(*shifted, "nudif").p[0] > 1e-4
    assert set(regression_dif(*shifted).size[1:]) == {"A"}


def ordinal(shift, n=1500, seed=0):
    rng = np.random.default_rng(seed)
    focal = np.arange(n) >= n // 2
    theta = rng.standard_normal(n)
    spots = theta[:, None] - np.linspace(-0.5, 0.5, 8) - np.outer(focal, np.eye(8)[0] * shift)
    return (spots[:, :, None] + rng.logistic(0, 0.8, (n, 8, 1)) > np.array([-1, 0, 1.0])).sum(axis=2), focal


def test_ordinal_dif_finds_the_item_and_has_the_right_size_without_any():
    found = regression_dif(*ordinal(0.8))
    assert found.p[0] < 1e-6 and found.harder[0] > 0.4 and (found.p[1:] < 0.01).sum() <= 2
    chances = np.array([regression_dif(*ordinal(0.0, 500, seed)).p for seed in range(6)])
    assert np.mean(chances < 0.05) < 0.13 and np.mean(chances) == pytest.approx(0.5, abs=0.13)


def test_two_categories_are_one_case_of_the_ordinal_model():
    x, focal = sample(0.4, 400, 8, 9)
    match = x.sum(axis=1)
    one, two = regression_dif(x, focal, match=match), regression_dif(3 * x, focal, match=match)
    assert one.chi2 == pytest.approx(two.chi2) and one.r2 == pytest.approx(two.r2)


def test_small_groups_missing_answers_and_unknown_kinds_are_refused():
    x, focal = sample(0.5, 300, 8)
    with pytest.raises(TooFew, match="49 are too few"):
        mantel_haenszel(x, np.arange(300) < 49)
    x[3, 3] = -1
    with pytest.raises(ValueError, match="person 3, item 3"):
        regression_dif(x, focal)
    with pytest.raises(ValueError, match="item 5: more than right and wrong"):
        mantel_haenszel(2 * (x[:, :6] > 0) * (np.arange(6) == 5), focal)
    with pytest.raises(ValueError, match="kind"):
        regression_dif(x, focal, "any")
    assert mantel_haenszel(x, focal, match=np.repeat(range(6), 50)).chi2[3] >= 0


def test_items_that_everybody_answers_alike_are_no_dif():
    x, focal = sample(0.0, 200, 6)
    x[:, 2] = 1
    assert (
        np.isnan(mantel_haenszel(x, focal).delta[2])
        and mantel_haenszel(x, focal).ets[2] == "A"
        and regression_dif(x, focal).chi2[2] == 0
    )
