import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lms.psychometrics.classical import alpha, correlation, item_table
from tests.psychometrics import brute
from tests.score.options import distractors


def rows(counts):
    return np.repeat(brute.PATTERNS, counts, axis=0)


@pytest.mark.parametrize(("counts", "published"), [(brute.LSAT6, 0.295), (brute.LSAT7, 0.453)])
def test_published_alphas(counts, published):
    assert round(item_table(rows(counts)).alpha, 3) == published


def test_right_or_wrong_items_make_alpha_kr20():
    x = rows(brute.LSAT7)
    p = x.mean(axis=0)
    assert item_table(x).alpha == pytest.approx(5 / 4 * (1 - (p * (1 - p)).sum() / x.sum(axis=1).var()))


def test_columns_by_numpy_written_out():
    x = rows(brute.LSAT7)
    seen = item_table(x, seconds=np.where(x == 1, 20.0, 40.0))
    assert seen.p == pytest.approx(x.mean(axis=0)) and (seen.n == len(x)).all() and (seen.seconds == 20).all()
    for i in range(5):
        others = np.delete(x, i, axis=1)
        assert seen.item_rest[i] == pytest.approx(np.corrcoef(x[:, i], others.sum(axis=1))[0, 1])
        assert seen.alpha_without[i] == pytest.approx(item_table(others).alpha)


def test_omitted_answers_are_counted_and_left_out():
    x = np.array([[1, 2, -1], [0, -1, 1], [1, 1, 1], [0, 0, 0], [1, 2, 1]])
    seen = item_table(x, maxima=[1, 2, 1])
    assert seen.omitted.tolist() == [0, 1, 1] and seen.complete == 3
    assert seen.p[1] == pytest.approx((2 + 1 + 0 + 2) / 4 / 2)
    rest = [2 / 2, 1 / 1, 2 / 3, 0.0, 3 / 3]
    assert seen.item_rest[0] == pytest.approx(np.corrcoef(x[:, 0], rest)[0, 1])


def test_what_is_undefined_is_nan_and_nothing_breaks():
    seen = item_table([[1, 1], [1, 1]])
    assert np.isnan(seen.alpha) and np.isnan(seen.item_rest[0]) and seen.p[0] == 1 and np.isnan(seen.seconds).all()
    empty = item_table(np.full((3, 2), -1))
    assert empty.n[0] == 0 and np.isnan(empty.p[0]) and empty.complete == 0


@given(arrays(int, (12, 4), elements=st.integers(0, 3)), st.permutations(range(12)))
def test_order_of_people_and_units_of_scores_change_nothing(x, order):
    first, again = item_table(x), item_table(x[order])
    assert again.alpha == pytest.approx(first.alpha, nan_ok=True)
    assert alpha(5.0 * x + 2) == pytest.approx(first.alpha, nan_ok=True, abs=1e-9)
    assert not first.alpha > 1


def test_a_constant_has_no_correlation():
    assert np.isnan(correlation(np.ones(5), np.arange(5.0))) and np.isnan(correlation(np.ones(1), np.ones(1)))


def test_a_good_distractor_draws_the_weak():
    found = distractors(["a", "a", "b", "b", "c", None], [9, 8, 2, 3, 7, 1], ["a", "b", "c", "d"])
    assert found.n.tolist() == [2, 2, 1, 0]
    assert found.share[0] == pytest.approx(1 / 3) and np.isnan(found.rest[3])
    assert found.rest[1] == pytest.approx(np.corrcoef([0, 0, 1, 1, 0, 0], [9, 8, 2, 3, 7, 1])[0, 1])
