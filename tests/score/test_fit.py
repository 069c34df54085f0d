from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from lms.score.analysis import TooFew, drift, item_fit, mean_squares, person_fit, q3
from lms.score.model import Item, Items, category_probs


def form(n=20, seed=0, m=1):
    rng = np.random.default_rng(seed)
    return Items.of([Item(rng.uniform(0.8, 1.8), tuple(np.sort(rng.normal(0, 1, m)))) for _ in range(n)])


def sat(items, theta, rng):
    probs = category_probs(items, theta)
    return (rng.random(probs.shape[:2])[:, :, None] > probs.cumsum(axis=2)).sum(axis=2)


@pytest.mark.parametrize("m", [1, 2])
def test_fitting_items_pass_and_a_false_one_is_found(m):
    rng, items = np.random.default_rng(1), form(m=m)
    x = sat(items, rng.standard_normal(3000), rng)
    fine = item_fit(items, x)
    assert sum(f.p < 0.01 for f in fine) <= 1
    assert np.mean([f.s_x2 / f.df for f in fine]) == pytest.approx(1, abs=0.25)
    flat = replace(items, a=np.where(np.arange(20) == 3, 0.25, items.a))
    assert item_fit(flat, x)[3].p < 1e-6


def test_expected_counts_agree_with_enumeration():
    """Three items: S-X2 of the first has one group of scores, 1 and 2, computed here by hand over a grid."""
    items = form(3)
    x = np.repeat([[1, 0, 0], [0, 1, 1], [1, 1, 0], [0, 0, 1]], [60, 50, 40, 50], axis=0)
    grid = np.linspace(-6, 6, 4001)
    weight = norm.pdf(grid) / norm.pdf(grid).sum()
    right = 1 / (1 + np.exp(-items.a * (grid[:, None] - items.b[:, 0])))
    value = 0.0
    for score, seen, n in ((1, 60, 110), (2, 40, 90)):
        chance = {}
        for first in (0, 1):
            rest = [(s, t) for s in (0, 1) for t in (0, 1) if s + t == score - first]
            chance[first] = sum(
                weight @ np.prod([p if k else 1 - p for p, k in zip(right.T, (first, *r), strict=True)], axis=0)
                for r in rest
            )
        due = n * chance[1] / (chance[0] + chance[1])
        value += (seen - due) ** 2 / due + (seen - due) ** 2 / (n - due)
    found = item_fit(items, x)[0]
    assert found.s_x2 == pytest.approx(value, rel=1e-6) and found.df == 0 and np.isnan(found.p)


def test_item_fit_is_refused_below_a_hundred_people():
    with pytest.raises(TooFew, match="99"):
        item_fit(form(5), np.ones((99, 5), int))


def test_mean_squares_are_one_for_sparse_answers_and_more_for_noise():
    rng, items = np.random.default_rng(2), form(30)
    x = sat(items, rng.standard_normal(3000), rng)
    x[rng.random(x.shape) < 0.6] = -1
    x[:, 29] = -1
    infit, outfit = mean_squares(items, x)
    assert infit[:29] == pytest.approx(np.ones(29), abs=0.08) and outfit[:29] == pytest.approx(np.ones(29), abs=0.15)
    assert np.isnan(infit[29])
    noisy = x.copy()
    noisy[:, 4] = np.where(x[:, 4] >= 0, rng.integers(0, 2, 3000), -1)
    assert mean_squares(items, noisy)[0][4] > 1.1


def test_q3_finds_the_pair_that_shares_more_than_ability():
    rng, items = np.random.default_rng(3), form(20)
    x = sat(items, rng.standard_normal(1500), rng)
    x[:, 7] = np.where(rng.random(1500) < 0.7, x[:, 6], x[:, 7])
    seen = q3(items, x)
    off = seen[~np.isnan(seen)]
    assert (
        np.nanargmax(np.triu(seen, 1)) == 6 * 20 + 7 and seen[6, 7] > 0.25 and (seen == seen.T)[~np.isnan(seen)].all()
    )
    assert np.median(off) == pytest.approx(-1 / 19, abs=0.03) and np.isnan(np.diag(seen)).all()
    x[:1450, 0] = -1
    assert np.isnan(q3(items, x)[0]).all()


@pytest.mark.parametrize("m", [1, 3])
def test_person_fit_is_standard_normal_for_people_who_fit(m):
    rng, items = np.random.default_rng(4), form(60, m=m)
    z = person_fit(items, sat(items, rng.standard_normal(2000), rng))
    assert z.mean() == pytest.approx(0, abs=0.08) and z.std() == pytest.approx(1, abs=0.08)
    assert (z < -1.645).mean() == pytest.approx(0.05, abs=0.02)


def test_person_fit_finds_random_answers_and_reversed_ones():
    rng, items = np.random.default_rng(5), form(60)
    odd = rng.integers(0, 2, (200, 60))
    assert np.median(person_fit(items, odd)) < -3
    reversed_pattern = (items.b[:, 0] > 0).astype(int)
    x = np.stack([reversed_pattern, np.full(60, -1)])
    found = person_fit(items, x)
    assert found[0] < -5 and np.isnan(found[1])


def test_drift_beyond_the_common_shift():
    before, se = np.linspace(-2, 2, 9), np.full(9, 0.1)
    after = before + 0.3
    after[4] += 0.5
    seen = drift(before, after, se, se)
    assert seen.shift == pytest.approx(0.3) and seen.change[4] == pytest.approx(0.5)
    assert seen.z[4] == pytest.approx(0.5 / np.hypot(0.1, 0.1)) and seen.p[4] == pytest.approx(2 * norm.sf(seen.z[4]))
    assert (np.delete(seen.p, 4) > 0.99).all()
    with pytest.raises(TooFew, match="items"):
        drift([0.0] * 3, [0.0] * 3, [1.0] * 3, [1.0] * 3)
