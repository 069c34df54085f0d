from dataclasses import replace
from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.psychometrics.calibrate import calibrate
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.model import category_probs
from lms.psychometrics.responses import Responses
from tests.psychometrics import brute
from tests.psychometrics.test_ability import draw
from tests.score.starting import starting_items

LIKELIHOOD = {"slope_sd": np.inf, "b_sd": np.inf}


def items_of(b, a=1.0, c=0.0):
    return Items.of(
        [
            ItemParameters(slope, tuple(np.atleast_1d(at)), c)
            for at, slope in zip(b, np.broadcast_to(a, len(b)), strict=True)
        ]
    )


def fit(like, answers, weights=None, **options):
    responses = Responses.dense(like, answers, weights)
    return calibrate(responses, starting_items(responses, like), **(LIKELIHOOD | options))


def singles(items):
    return [ItemParameters(a, tuple(b[:m]), c) for a, b, c, m in zip(items.a, items.b, items.c, items.m, strict=True)]


@pytest.mark.parametrize(
    "counts, a, b, height",
    [
        (brute.LSAT6, [0.825, 0.723, 0.890, 0.689, 0.657], [-3.360, -1.370, -0.280, -1.866, -3.124], -2466.653),
        (brute.LSAT7, [0.988, 1.081, 1.707, 0.765, 0.736], None, -2658.805),
    ],
)
def test_published_law_school_values(counts, a, b, height):
    result = fit(items_of(np.zeros(5)), brute.PATTERNS, counts, tolerance=1e-5)
    assert result.converged
    assert result.log_likelihood == pytest.approx(height, abs=6e-4)
    assert result.items.a == pytest.approx(a, abs=1.2e-3)
    if b is not None:
        assert result.items.b[:, 0] == pytest.approx(b, abs=2.5e-3)
        assert result.se_a == pytest.approx(
            [0.2581, 0.1867, 0.2326, 0.1851, 0.2100], abs=1e-3
        )  # ltm paper, Rizopoulos 2006


def test_log_likelihood_slope_and_curvature_agree_with_brute_force():
    like = Items.of(
        [ItemParameters(1, (0, 0)), ItemParameters(1, (0,)), ItemParameters(1, (0,), 0.2), ItemParameters(1, (0,))]
    )
    truth = Items.of(
        [
            ItemParameters(1.2, (-0.4, 0.6)),
            ItemParameters(0.9, (0.2,)),
            ItemParameters(1.4, (0.1,), 0.2),
            ItemParameters(1.1, (-0.8,)),
        ]
    )
    rng = np.random.default_rng(11)
    rows, counts = np.unique(draw(truth, rng.normal(size=3000), rng), axis=0, return_counts=True)
    result = fit(like, rows, counts, tolerance=1e-6, points=61)

    def height(vector):
        a, e = vector[[0, 3, 5, 7]], [vector[1:3], vector[4:5], vector[6:7], vector[8:9]]
        moved = [
            ItemParameters(slope, tuple(-steps / slope), item.c)
            for slope, steps, item in zip(a, e, singles(like), strict=True)
        ]
        return brute.marginal(moved, rows, counts)

    table = np.column_stack([result.items.a, result.items.natural[:, 1:]])
    best = table[~np.isnan(table)]
    assert result.log_likelihood == pytest.approx(height(best), abs=1e-5)
    step = 1e-3 * np.eye(len(best))
    slope = [(height(best + h) - height(best - h)) / 2e-3 for h in step]
    assert slope == pytest.approx(np.zeros(len(best)), abs=2e-2)
    half = np.zeros((len(best), len(best)))  # the other half is the same
    for i, j in combinations_with_replacement(range(len(best)), 2):
        half[i, j] = _bend(height, best, step[i], step[j])
    curvature = half + np.triu(half, 1).T
    exact = np.sqrt(np.diag(np.linalg.inv(-curvature / 4e-6)))
    assert result.se_a == pytest.approx(exact[[0, 3, 5, 7]], rel=2e-3)


def _bend(f, x, g, h):
    return f(x + g + h) - f(x + g - h) - f(x - g + h) + f(x - g - h)


def test_persons_in_any_order_and_repeated_rows_as_weights_give_the_same():
    rng, like = np.random.default_rng(2), items_of(np.zeros(5))
    rows = np.repeat(brute.PATTERNS, brute.LSAT7, axis=0)
    plain, mixed = fit(like, brute.PATTERNS, brute.LSAT7), fit(like, rng.permutation(rows))
    assert mixed.items.a == pytest.approx(plain.items.a, abs=1e-9)
    assert mixed.se_b == pytest.approx(plain.se_b, abs=1e-9)
    again = fit(like, brute.PATTERNS, brute.LSAT7)
    assert (again.items.a == plain.items.a).all() and again.iterations == plain.iterations


def test_items_in_any_order_give_the_same():
    like, order = items_of(np.zeros(5)), [3, 0, 4, 2, 1]
    plain = fit(like, brute.PATTERNS, brute.LSAT6, tolerance=1e-6)
    mixed = fit(like, brute.PATTERNS[:, order], brute.LSAT6, tolerance=1e-6)
    assert mixed.items.a == pytest.approx(plain.items.a[order], abs=1e-5)
    assert mixed.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-8)


@pytest.mark.parametrize("c", [0.0, 0.2])
def test_sparse_triplets_and_dense_rows_give_the_same(c):
    rng = np.random.default_rng(4)
    truth = items_of(np.linspace(-1.5, 1.5, 12), 1.2, c)
    rows = draw(truth, rng.normal(size=1500), rng)
    rows[rng.random(rows.shape) < 0.6] = -1
    person, item = np.nonzero(rows >= 0)
    triplets = Responses.triplets(truth, person, item, rows[person, item], len(rows))
    dense, sparse = fit(truth, rows), calibrate(triplets, starting_items(triplets, truth), **LIKELIHOOD)
    assert sparse.items.a == pytest.approx(dense.items.a, abs=2e-4)
    assert sparse.se_a == pytest.approx(dense.se_a, rel=2e-3)
    assert sparse.log_likelihood == pytest.approx(dense.log_likelihood, abs=0.02)


def test_recovery_with_honest_standard_errors():
    """60 fits of mixed types: unbiased, and 90 % intervals that cover nine in ten."""
    truth = Items.of(
        [ItemParameters(1.2, (b,)) for b in (-1, 0, 1)]
        + [ItemParameters(0.9, (b - 0.7, b + 0.7)) for b in (-0.5, 0.5)]
        + [ItemParameters(1.3, (0.2,), 0.25)]
    )
    rng, inside, errors = np.random.default_rng(6), [], []
    for _ in range(60):
        result = fit(truth, *np.unique(draw(truth, rng.normal(size=2000), rng), axis=0, return_counts=True))
        off = np.column_stack([result.items.a - truth.a, result.items.b - truth.b])
        z = off / np.column_stack([result.se_a, result.se_b])
        inside.append(np.abs(z[~np.isnan(z)]) < 1.645)
        errors.append(off)
    assert np.mean(inside) == pytest.approx(0.90, abs=0.025)
    assert np.nanmax(np.abs(np.mean(errors, axis=0))) < 0.06


def test_fixed_anchors_measure_another_population_and_link_new_items():
    rng = np.random.default_rng(9)
    truth = items_of(np.linspace(-1, 2, 30), np.linspace(0.8, 1.6, 30))
    rows = draw(truth, rng.normal(0.8, 0.7, size=4000), rng)
    anchors = np.arange(30) < 15
    responses = Responses.dense(truth, rows)
    start = replace(truth, a=np.where(anchors, truth.a, 1), b=np.where(anchors[:, None], truth.b, 0))
    result = calibrate(responses, start, fixed=anchors, free_population=True, **LIKELIHOOD)
    assert result.mean == pytest.approx(0.8, abs=3 * result.se_mean) and 0.005 < result.se_mean < 0.03
    assert result.sd == pytest.approx(0.7, abs=3 * result.se_sd) and 0.005 < result.se_sd < 0.03
    assert (result.items.a[anchors] == truth.a[anchors]).all() and not result.se_a[anchors].any()
    z = (result.items.b - truth.b)[~anchors, 0] / result.se_b[~anchors, 0]
    assert np.abs(z).max() < 3.5 and np.sqrt(np.mean(z**2)) < 1.7


def test_nothing_to_estimate_is_no_trouble():
    start = items_of([-1.0, 0, 1, 0, -1])
    result = fit(start, brute.PATTERNS, brute.LSAT6, fixed=True)
    assert result.converged and result.log_likelihood < -2466 and not result.se_b.any()
    found = calibrate(Responses.dense(start, brute.PATTERNS, brute.LSAT6), start, fixed=True, free_population=True)
    assert found.mean > 0.3 and found.se_mean > 0


def test_a_fixed_item_keeps_the_error_that_it_came_with():
    start = replace(items_of([-1.0, 0, 1, 0, -1]), sd_b=np.full(5, 0.3))
    held = np.array([True, False, False, False, False])
    sd_b = calibrate(Responses.dense(start, brute.PATTERNS, brute.LSAT6), start, fixed=held).items.sd_b
    assert sd_b[0] == 0.3 and (sd_b[1:] < 0.3).all()


def test_the_error_of_the_spread_stands_on_the_scale_of_the_spread():
    """The same answers on a scale twice as wide: mean, spread and both errors are twice as large."""
    narrow, wide = items_of([-1.0, 0, 1, 0, -1]), items_of([-2.0, 0, 2, 0, -2], 0.5)
    options = {"fixed": True, "free_population": True, "tolerance": 1e-5}
    one, two = (
        calibrate(Responses.dense(items, brute.PATTERNS, brute.LSAT6), items, population=(0.0, sd), **options)
        for items, sd in ((narrow, 1.0), (wide, 2.0))
    )
    for name in ("mean", "sd", "se_mean", "se_sd"):
        assert getattr(two, name) == pytest.approx(2 * getattr(one, name), rel=1e-3)


def test_a_free_population_needs_an_anchor():
    with pytest.raises(ValueError, match="fixed item"):
        fit(items_of(np.zeros(5)), brute.PATTERNS, brute.LSAT6, free_population=True)


@settings(max_examples=15, deadline=None)
@given(st.integers(2, 40), st.integers(1, 8), st.integers(0, 10_000))
def test_with_priors_any_data_give_finite_items(persons, n, seed):
    rng = np.random.default_rng(seed)
    start = Items.of(
        [ItemParameters(1, tuple(np.sort(rng.normal(size=rng.integers(1, 4)))), sd_b=0.8) for _ in range(n)]
    )
    rows = rng.integers(-1, start.m + 1, size=(persons, n))
    result = calibrate(Responses.dense(start, rows), start)
    wanted = ~np.isnan(start.b)
    assert result.converged and np.isfinite(result.items.a).all() and np.isfinite(result.items.b[wanted]).all()
    assert (result.items.a > 0).all() and (result.se_b[wanted] > 0).all() and (result.se_b[wanted] < 1.5).all()


def test_odd_items_rest_on_their_priors_and_are_named():
    rows = np.array([[1, 0, 1, 1, -1], [1, 1, 0, 0, -1], [1, 0, 0, 0, -1], [-1, -1, -1, -1, -1]] * 20)
    names = ("always right", "fine", "twin", "other twin", "never seen")
    start = Items.of([ItemParameters(1, (0.5,), sd_b=0.6, name=name) for name in names])
    result = calibrate(Responses.dense(start, rows), start)
    assert set(result.notes) == {"always right", "never seen", "persons"}
    assert "20 persons" in result.notes["persons"]
    assert result.items.b[0, 0] < -0.5 and np.isfinite(result.items.b).all()
    assert (result.items.b[4, 0], result.items.sd_b[4]) == pytest.approx((0.5, 0.6), abs=1e-6)
    assert result.items.a[2] == pytest.approx(result.items.a[3])
    with pytest.raises(ValueError, match="always right"):
        fit(start, rows)


def test_identical_items_without_priors_stop_at_the_bound_and_say_so():
    rows = np.column_stack([brute.PATTERNS, brute.PATTERNS[:, 0]])
    result = fit(items_of(np.zeros(6)), rows, brute.LSAT7)
    assert result.converged and result.items.a[0] == result.items.a[5] == 10
    assert result.items.b[0] == pytest.approx(result.items.b[5])  # a product may round its columns in different ways
    assert result.log_likelihood > -2740.3  # the others go on climbing
    assert "bound" in result.notes["#0"]


def test_priors_pull_few_answers_to_the_start_and_let_many_speak():
    rng, truth = np.random.default_rng(1), items_of(np.linspace(0, 1, 10), 2.0)
    start = replace(items_of(np.full(10, -1.0)), sd_b=np.full(10, 0.5))
    rows = draw(truth, rng.normal(size=4000), rng)
    few, many = (calibrate(Responses.dense(start, rows[:count]), start) for count in (15, 4000))
    assert few.items.b.mean() < 0 < 0.45 < many.items.b.mean()
    assert few.items.a.mean() < 1.4 < 1.8 < many.items.a.mean()
    assert (few.items.sd_b < 0.5).all() and (many.items.sd_b < few.items.sd_b).all()


def test_an_unfinished_climb_says_so():
    result = fit(items_of(np.zeros(5)), brute.PATTERNS, brute.LSAT6, iterations=3)
    assert not result.converged and result.iterations == 3 and result.max_change > 1e-3


@pytest.mark.parametrize(
    "person, item, x, message",
    [
        ([0, 5], [0, 0], [1, 1], "outside"),
        ([0, 1], [0, 1], [1, 2], "person 1, item #1"),
        ([0, 0], [1, 1], [1, 0], "person 0 answers item #1 twice"),
    ],
)
def test_bad_triplets_are_refused(person, item, x, message):
    with pytest.raises(ValueError, match=message):
        Responses.triplets(items_of([0, 0]), person, item, x, 3)


def test_bad_weights_are_refused():
    with pytest.raises(ValueError, match="weights"):
        Responses.dense(items_of([0, 0]), [[0, 1]], [-1])


def test_a_guessing_item_alone_moves_the_others_nowhere():
    """With c = 0 the full-product path and the shortcut through x . a must meet."""
    rng, truth = np.random.default_rng(7), items_of(np.linspace(-1, 1, 8), 1.1)
    rows = draw(truth, rng.normal(size=800), rng)
    tiny = replace(truth, c=np.full(8, 1e-12))
    assert fit(tiny, rows).items.b == pytest.approx(fit(truth, rows).items.b, abs=1e-4)
    assert category_probs(tiny, 0.3) == pytest.approx(category_probs(truth, 0.3))


def test_no_persons_leave_the_priors():
    start = Items.of([ItemParameters(1, (0.0,), sd_b=0.5), ItemParameters(1.2, (0.0, 1.0), sd_b=0.5)])
    result = calibrate(Responses.dense(start, np.empty((0, 2), int)), start)
    assert result.converged and result.items.a == pytest.approx([1, 1.2])
    assert result.items.sd_b == pytest.approx([0.5, 0.5], abs=1e-6) and set(result.notes) == {"#0", "#1"}
    assert result.se_b[:, 0] == pytest.approx([0.5, 0.5 * 2**0.5], abs=1e-6)  # the mean of two is what is known by .5
