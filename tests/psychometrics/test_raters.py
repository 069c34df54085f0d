import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.psychometrics.raters import icc, severity, weighted_kappa
from lms.psychometrics.sample_size import TooFew

SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def test_shrout_and_fleiss():
    assert icc(SHROUT_FLEISS).round(2).tolist() == [[0.17, 0.29, 0.71], [0.44, 0.62, 0.91]]


def test_consistency_forgives_a_severe_rater_and_agreement_does_not():
    x = np.array(SHROUT_FLEISS, float)
    harsh = x - [0, 3, 0, 0]
    assert icc(harsh)[:, 2] == pytest.approx(icc(x)[:, 2]) and icc(harsh)[0, 1] < icc(x)[0, 1]
    with pytest.raises(TooFew):
        icc([[1.0, 2.0]])
    with pytest.raises(ValueError, match="work 1"):
        icc([[1.0, 2.0], [np.nan, 3.0]])


def test_quadratic_kappa_of_equal_margins_is_a_correlation():
    one, two = np.array([1, 2, 3, 3, 2, 1, 1, 3]), np.array([1, 3, 3, 2, 1, 2, 1, 3])
    assert weighted_kappa(one, two) == pytest.approx(np.corrcoef(one, two)[0, 1])


def test_kappa_of_two_categories_by_hand():
    """Cohen's table 45 15 / 25 15: agreement .60, by chance .54; of two categories every power is unweighted."""
    one = [1] * 60 + [2] * 40
    two = [1] * 45 + [2] * 15 + [1] * 25 + [2] * 15
    assert weighted_kappa(one, two, power=1) == pytest.approx((0.6 - 0.54) / 0.46)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=4, max_size=30), st.sampled_from([1, 2]))
def test_kappa_is_symmetric_and_one_for_agreement(pairs, power):
    one, two = np.array(pairs).T
    assert weighted_kappa(one, two, power) == pytest.approx(weighted_kappa(two, one, power), nan_ok=True)
    if len(set(one)) > 1:
        assert weighted_kappa(one, one, power) == 1


def test_severity_is_recovered_from_an_incomplete_plan():
    rng = np.random.default_rng(0)
    strict = {"a": -0.8, "b": 0.0, "c": 0.8}
    truth = {work: rng.normal(6, 1.5) for work in range(60)}
    plan = [(w, r) for w in truth for r in rng.permutation(list(strict))[:2]]
    seen = severity([(w, r, truth[w] - strict[r] + rng.normal(0, 0.4)) for w, r in plan])
    for rater, value in strict.items():
        assert abs(seen.severity[rater] - value) < 3 * seen.se[rater] < 0.4
    assert seen.residual == pytest.approx(0.4, abs=0.08)
    assert np.mean([seen.fair[w] - truth[w] for w in truth]) == pytest.approx(0, abs=0.1)
    assert sum(seen.severity.values()) == pytest.approx(0, abs=1e-9)


def test_standard_errors_of_severity_hold():
    rng, z = np.random.default_rng(1), []
    for _ in range(120):
        rows = [(w, r, w % 5 - s + rng.normal()) for w in range(25) for r, s in ((0, -0.5), (1, 0.0), (2, 0.5))]
        seen = severity(rows)
        z += [(seen.severity[0] + 0.5) / seen.se[0]]
    assert np.std(z) == pytest.approx(1, abs=0.2)


def test_raters_without_a_common_work_cannot_be_compared():
    rows = [(1, "a", 3.0), (1, "b", 4.0), (2, "a", 2.0), (2, "b", 2.0), (3, "c", 1.0), (3, "d", 2.0), (4, "c", 5.0),
            (4, "d", 5.0)]  # fmt: skip
    with pytest.raises(ValueError, match="groups"):
        severity(rows)
    with pytest.raises(TooFew):
        severity([(1, "a", 3.0), (1, "b", 4.0)])
