"""Questions about one table tell less than as many apart: intervals hold, and more right is never less."""

from itertools import product

import numpy as np
import pytest

from lms.psychometrics.correlated_skills import correlated_estimates
from lms.psychometrics.evidence import Observation, Rules
from lms.psychometrics.fit import leaning_pairs
from lms.psychometrics.item_pool import Blueprint, ItemPool
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.matrix import matrices, matrix
from lms.psychometrics.select import Selector, TestState
from lms.psychometrics.simulate import draw_answers, shared_effects
from lms.psychometrics.stop import Stop
from lms.psychometrics.testlets import powers_of_testlets

SKILLS = {"content": ("content.copy",)}
PLANTED = 0.5


def rules(testlet_sd):
    return Rules((-1.5, -0.5, 0.5, 1.5, 2.5), (), (), 0.65, 0.9, testlet_sd=testlet_sd)


def crowd(planted, people=1200, tables=3, size=4, thresholds=3):
    """(truth, observations) of people who answer `size` questions about each table."""
    rng = np.random.default_rng(11)
    units = [ItemParameters(1.0, tuple(np.sort(rng.normal(0, 1, thresholds)))) for _ in range(tables * size)]
    names = [f"t{at // size}" for at in range(len(units))]
    items, found = Items.of(units), []
    for theta in rng.standard_normal(people):
        categories = draw_answers(items, theta + shared_effects(names, planted, rng), rng)
        cells = zip(units, categories, names, strict=True)
        found.append((theta, [Observation("content.copy", unit, got, testlet=name) for unit, got, name in cells]))
    return found


def coverage(people, testlet_sd):
    made = matrices([seen for _, seen in people], SKILLS, rules(testlet_sd))
    cells = [each.cells["content"] for each in made]
    return np.mean([cell.low <= theta <= cell.high for (theta, _), cell in zip(people, cells, strict=True)])


def test_the_interval_holds_where_the_questions_of_a_table_share_something():
    people = crowd(PLANTED)
    assert coverage(people, 0.0) < 0.85
    assert 0.87 < coverage(people, PLANTED) < 0.92
    assert 0.9 < coverage(crowd(0.0), PLANTED) < 0.96  # and is wider than need be where they share nothing


def test_a_power_is_told_by_what_the_others_of_the_table_bring():
    told = np.array([0.2, 0.2, 0.3, 0.2])
    assert powers_of_testlets(["a", "", "a", "b"], told, 0.5) == pytest.approx([1 / 1.125, 1, 1 / 1.125, 1])
    assert (powers_of_testlets(["a", "a", "a", ""], told, 0.0) == 1).all()


def test_more_right_is_never_less_whatever_shares_a_table():
    units = [ItemParameters(1.2, (b, b + 1)) for b in (-1.0, 0.0, 1.0)]
    tables = ("a", "a", "b")

    def theta(categories):
        answers = zip(units, categories, tables, strict=True)
        seen = [Observation("content.copy", unit, got, testlet=table) for unit, got, table in answers]
        return matrix(seen, SKILLS, rules(0.8)).cells["content"].theta

    for categories in product(range(2), repeat=3):
        for place in range(3):
            better = tuple(got + (at == place) for at, got in enumerate(categories))
            assert theta(better) > theta(categories)


def test_matrix_picture_and_selector_count_a_table_alike():
    (_, seen), *_ = crowd(PLANTED, people=1)
    apart, together = (matrix(seen, SKILLS, rules(sd)) for sd in (0.0, PLANTED))
    assert together.cells["content"].sd > 1.1 * apart.cells["content"].sd
    assert correlated_estimates(together).skills[0].sd > 1.1 * correlated_estimates(apart).skills[0].sd
    pool = ItemPool(Items.of([one.item for one in seen]), ("content",) * 12, ("content.copy",) * 12,
                    tuple(one.testlet for one in seen))  # fmt: skip
    state = TestState(tuple(range(12)), tuple(one.category for one in seen))
    ends = [Selector(pool, Blueprint(), Stop(12), testlet_sd=sd).next(state) for sd in (0.0, PLANTED)]
    assert [end.sd[0] for end in ends] == pytest.approx([each.cells["content"].sd for each in (apart, together)], 1e-3)


def test_a_pair_that_leans_is_named_and_no_other():
    rng, items = np.random.default_rng(3), Items.of([ItemParameters(1.0, (b,)) for b in np.linspace(-1.5, 1.5, 12)])
    theta = rng.standard_normal(600)
    answers = np.array([draw_answers(items, np.full(12, one), rng) for one in theta])
    assert leaning_pairs(items, answers) == []
    answers[:, 5] = np.where(rng.random(600) < 0.6, answers[:, 4], answers[:, 5])
    assert [(pair.first, pair.second) for pair in leaning_pairs(items, answers)] == [(4, 5)]
    answers[:520, 4] = -1
    assert leaning_pairs(items, answers) == []  # 80 common answers are too few
