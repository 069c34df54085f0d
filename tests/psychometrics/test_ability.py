import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize, minimize_scalar

from lms.psychometrics.ability import Posterior, eap, posterior, quadrature
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.model import category_probs, information
from lms.psychometrics.point_estimates import joint_map, map_estimates
from lms.psychometrics.responses import Responses
from tests.psychometrics import brute
from tests.score.form import summed_scores

MIXED = [
    ItemParameters(1.2, (0.3,)),
    ItemParameters(0.8, (-1.0, 0.2, 1.1)),
    ItemParameters(1.6, (0.9,), 0.25),
    ItemParameters(0.5, (0.4, -0.4)),
    ItemParameters(2.0, (-1.2,)),
]
STACK = Items.of(MIXED)
patterns = st.tuples(*[st.integers(-1, len(item.b)) for item in MIXED])


def draw(items, theta, rng):
    steps = category_probs(items, theta).cumsum(axis=2)
    return np.minimum((rng.random((*steps.shape[:2], 1)) > steps).sum(axis=2), items.m)


@given(patterns, st.floats(-1.5, 1.5), st.floats(0.4, 2))
def test_eap_equals_brute_force_integration(pattern, mu, sd):
    mean, deviation, above = brute.moments(MIXED, pattern, mu, sd)
    belief = posterior(STACK, pattern, mu, sd)
    assert (belief.mean, belief.sd) == pytest.approx((mean, deviation), abs=2e-5)
    assert belief.weights.sum() == pytest.approx(1)
    for cut in (-1.5, 0.13, 0.5):
        assert belief.above(cut) == pytest.approx(above(cut), abs=2e-5)


@given(patterns, st.permutations(range(len(MIXED))))
def test_the_order_of_items_is_of_no_account(pattern, order):
    one, other = posterior(STACK, pattern), posterior(STACK.take(order), [pattern[i] for i in order])
    assert (other.mean, other.sd) == pytest.approx((one.mean, one.sd))


@given(st.lists(patterns, min_size=1, max_size=6))
def test_batch_and_one_person_agree(rows):
    theta, sd = eap(STACK, rows)
    assert posterior(STACK, rows).weights.sum(axis=1) == pytest.approx(1)
    for row, mean, deviation in zip(rows, theta, sd, strict=True):
        assert (mean, deviation) == pytest.approx((posterior(STACK, row).mean, posterior(STACK, row).sd), abs=1e-9)


def test_a_large_batch_in_single_precision_stays_exact_enough():
    rng = np.random.default_rng(3)
    rows = draw(STACK, rng.normal(size=50_000), rng)
    theta, sd = eap(STACK, rows)
    exact = [posterior(STACK, row) for row in rows[:40]]
    assert theta[:40] == pytest.approx([e.mean for e in exact], abs=1e-5)
    assert sd[:40] == pytest.approx([e.sd for e in exact], abs=1e-5)


def test_no_answers_give_the_prior():
    nothing = posterior(STACK, [-1] * len(MIXED), 0.7, 0.5)
    assert (nothing.mean, nothing.sd) == pytest.approx((0.7, 0.5), abs=1e-6)


@given(patterns)
def test_powers_weaken_answers_as_they_weaken_the_likelihood(pattern):
    powers = [0.5, 1, 0.25, 0.9, 0.1]
    mean, deviation, _ = brute.moments(MIXED, pattern, powers=powers)
    aged = posterior(STACK, pattern, powers=powers)
    assert (aged.mean, aged.sd) == pytest.approx((mean, deviation), abs=1e-6)


def test_uncertain_items_leave_more_doubt():
    unsure = Items.of([ItemParameters(item.a, item.b, item.c, 1.0) for item in MIXED])
    pattern = [1, 2, 1, 2, 1]
    assert posterior(unsure, pattern).sd > posterior(STACK, pattern).sd
    assert posterior(unsure, pattern).mean < posterior(STACK, pattern).mean
    assert eap(unsure, [pattern])[0][0] == pytest.approx(posterior(unsure, pattern).mean)


@pytest.mark.parametrize(
    "pattern", [(1, 0, 0, 0, 2), (0, 4, 0, 0, 0), (0, -2, 0, 0, 0), (0.5, 0, 0, 0, 0), (np.nan, 0, 0, 0, 0)]
)
def test_an_impossible_answer_is_refused_by_name(pattern):
    with pytest.raises(ValueError, match="item #"):
        posterior(STACK, pattern)
    with pytest.raises(ValueError, match="person 1, item #"):
        eap(STACK, [[0] * 5, pattern])


def test_sparse_answers_count_as_dense_ones():
    rows = np.array([[1, -1, 0, 2, -1], [-1] * 5, [0, 3, -1, -1, 1]])
    person, item = np.nonzero(rows >= 0)
    sparse = Responses.triplets(STACK, person, item, rows[person, item], 3)
    assert eap(STACK, sparse)[0] == pytest.approx(eap(STACK, rows)[0], abs=1e-5)
    assert sparse.empty == 1


def test_intervals_cover_the_truth():
    rng = np.random.default_rng(8)
    items = Items.of([ItemParameters(1.1, (b,), 0.2) for b in np.linspace(-2, 2, 25)])
    truth = rng.normal(size=4000)
    belief = posterior(items, draw(items, truth, rng))
    inside = (1 - _below(belief, truth) > 0.05) & (_below(belief, truth) > 0.05)
    assert inside.mean() == pytest.approx(0.90, abs=0.015)


def _below(belief, truth):
    rows = [Posterior(belief.points, weights) for weights in belief.weights]
    return np.array([1 - row.above(cut) for row, cut in zip(rows, truth, strict=True)])


@given(patterns)
def test_map_is_the_top_of_the_posterior(pattern):
    def height(theta):
        return -np.log(brute.likelihood(MIXED, pattern, np.array(theta))) + 0.5 * ((theta - 0.2) / 0.9) ** 2

    start = np.linspace(-6, 6, 121)[np.argmin([height(t) for t in np.linspace(-6, 6, 121)])]
    best = minimize_scalar(height, bounds=(start - 0.1, start + 0.1), method="bounded", options={"xatol": 1e-9})
    theta, sd = map_estimates(STACK, [pattern], 0.2, 0.9)
    assert height(theta[0]) == pytest.approx(best.fun, abs=1e-9)
    seen = np.array(pattern) >= 0
    assert sd[0] == pytest.approx((information(STACK, theta)[0][seen].sum() + 0.9**-2) ** -0.5, rel=1e-5)


def test_joint_map_is_the_top_of_the_joint_posterior():
    loadings = np.array([[1.2, 0, 0], [0, 0.9, 0], [0.4, 0, 1.1], [0, 1.5, 0], [0, 0, 0.7]])
    items = Items.of(
        [
            ItemParameters(1, (0.2,)),
            ItemParameters(1, (-0.5, 0.6)),
            ItemParameters(1, (0.1,), 0.25),
            ItemParameters(1, (1.0,)),
            ItemParameters(1, (-0.3,)),
        ]
    )
    single = [ItemParameters(1, tuple(row[:m]), c) for row, m, c in zip(items.b, items.m, items.c, strict=True)]
    sigma, x = np.array([[1, 0.5, 0.3], [0.5, 1, 0.6], [0.3, 0.6, 1.0]]), [1, 2, 1, -1, 0]

    def height(theta):
        fits = [
            brute.likelihood([one], [k], np.array(row @ theta)) for one, k, row in zip(single, x, loadings, strict=True)
        ]
        return -np.log(fits).sum() + 0.5 * theta @ np.linalg.solve(sigma, theta)

    best = minimize(height, np.zeros(3), tol=1e-10)
    theta, cov = joint_map(items, loadings, x, sigma)
    assert theta == pytest.approx(best.x, abs=1e-4)
    assert (np.diag(cov) < 1).all()
    assert joint_map(items, loadings, [-1] * 5, sigma)[1] == pytest.approx(sigma)


@given(patterns)
def test_joint_map_of_one_skill_is_the_map(pattern):
    plain = STACK.take([0, 1, 3, 4])
    short = [pattern[i] for i in (0, 1, 3, 4)]
    ones = Items.of(
        [ItemParameters(1, tuple(row[:m] * a)) for row, m, a in zip(plain.b, plain.m, plain.a, strict=True)]
    )
    theta, _ = joint_map(ones, plain.a[:, None], short, [[1.0]])
    assert theta[0] == pytest.approx(map_estimates(plain, [short])[0][0], abs=1e-6)


def test_summed_scores_equal_counting_all_patterns():
    theta = np.array([-0.7, 1.1])
    counted = np.zeros((2, int(STACK.m.sum()) + 1))
    for pattern in np.ndindex(*(STACK.m + 1)):
        counted[:, sum(pattern)] += brute.likelihood(MIXED, pattern, theta)
    assert summed_scores(STACK, theta) == pytest.approx(counted)


def test_a_posterior_sharper_than_the_grid_of_few_answers_is_still_exact():
    """400 items leave an SD of .08; on points .15 apart it came out an eighth too wide."""
    long, rows = [ItemParameters(2.0, (b,)) for b in np.linspace(-3, 3, 400)], [1] * 210 + [0] * 190
    belief, (mean, deviation, _) = posterior(Items.of(long), rows), brute.moments(long, rows)
    assert deviation < 0.09 and [float(belief.mean), float(belief.sd)] == pytest.approx([mean, deviation], abs=1e-4)


def test_the_mode_follows_a_prior_far_away():
    assert map_estimates(STACK, [[-1] * 5], 30.0, 0.5)[0] == pytest.approx(30.0)


@pytest.mark.parametrize("mu, sd", [(0, 0), (0, -1), (np.nan, 1), (0, np.inf)])
def test_a_prior_without_width_is_refused(mu, sd):
    with pytest.raises(ValueError, match="prior"):
        quadrature(mu, sd)


def test_nobody_and_nothing_are_no_trouble():
    assert posterior(Items.of([]), []).sd == pytest.approx(1)
    for estimate in (eap, map_estimates):
        assert [part.shape for part in estimate(STACK, np.empty((0, 5), int))] == [(0,), (0,)]
    assert STACK.take([]).names == ()


def test_a_posterior_moved_to_another_prior_is_the_one_that_this_prior_had_given():
    items = Items.of([ItemParameters(1.2, (b,), c) for b, c in ((-1.0, 0.25), (0.3, 0.0), (1.0, 0.2))])
    moved = posterior(items, [1, 1, 0]).moved(-1.5, 1.0)
    assert moved.above(-1.5) == pytest.approx(posterior(items, [1, 1, 0], mu=-1.5).above(-1.5), abs=1e-6)
