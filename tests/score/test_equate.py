import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.score.form import equated_scores, link
from lms.score.model import Item, Items


def form(rng, n=12, shift=0.0):
    return Items.of([Item(rng.uniform(0.7, 2), (rng.normal(shift), rng.normal(shift))) for _ in range(n)])


@given(st.floats(0.6, 1.6), st.floats(-1, 1))
def test_a_link_undoes_a_change_of_scale(slope, shift):
    base = form(np.random.default_rng(5))
    other = Items.of([Item(a * slope, tuple((b - shift) / slope)) for a, b in zip(base.a, base.b, strict=True)])
    found = link(base, other)
    assert (found.slope, found.shift) == (pytest.approx(slope, rel=1e-4), pytest.approx(shift, abs=1e-4))
    assert found.misfit < 1e-3
    assert found.items(other).b == pytest.approx(base.b, abs=1e-3)


def test_a_link_says_when_the_common_items_have_drifted():
    base = form(np.random.default_rng(5))
    b = base.b.copy()
    b[:6] += 0.8
    drifted = Items(base.a, b, base.c, base.sd_b, base.m, base.names)
    assert link(base, drifted).misfit > 0.08


def test_linking_different_items_is_refused():
    with pytest.raises(ValueError, match="same items"):
        link(Items.of([Item(1, (0.0,))]), Items.of([Item(1, (0.0, 1.0))]))


def test_equating_a_form_with_itself_changes_nothing():
    one = Items.of([Item(1, (b,), 0.25) for b in np.linspace(-2, 2, 9)])
    assert equated_scores(one, one) == pytest.approx(np.arange(10), abs=1e-9)


def test_a_score_on_the_easier_form_is_worth_less_on_the_harder_one():
    easy, hard = (Items.of([Item(1.2, (b + s,)) for b in np.linspace(-2, 2, 10)]) for s in (-0.5, 0.5))
    table = equated_scores(easy, hard)
    assert (table[1:-1] < np.arange(1, 10)).all() and (table[0], table[-1]) == (0, 10) and (np.diff(table) > 0).all()
    back = np.interp(table, np.arange(11), equated_scores(hard, easy))
    assert back[2:] == pytest.approx(np.arange(2, 11), abs=0.15)


def test_true_scores_of_one_theta_are_equal():
    one, two = form(np.random.default_rng(1)), form(np.random.default_rng(2), 8, 0.4)
    theta, score = 0.3, np.arange(3)

    def expected(items):
        steps = np.exp(np.cumsum(np.c_[np.zeros(len(items)), items.a[:, None] * (theta - items.b)], axis=1))
        return float((steps @ score / steps.sum(axis=1)).sum())

    assert np.interp(expected(one), np.arange(25), equated_scores(one, two)) == pytest.approx(expected(two), abs=0.05)
