import numpy as np
import pytest

from lms.psychometrics.form import equated_scores
from lms.psychometrics.model import Item, Items


def form(rng, n=12, shift=0.0):
    return Items.of([Item(rng.uniform(0.7, 2), (rng.normal(shift), rng.normal(shift))) for _ in range(n)])


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
