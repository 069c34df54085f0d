import numpy as np
import pytest

from lms.psychometrics.fit import mean_squares, person_fit, q3
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.model import category_probs


def form(n=20, seed=0, m=1):
    rng = np.random.default_rng(seed)
    return Items.of([ItemParameters(rng.uniform(0.8, 1.8), tuple(np.sort(rng.normal(0, 1, m)))) for _ in range(n)])


def sat(items, theta, rng):
    probs = category_probs(items, theta)
    return (rng.random(probs.shape[:2])[:, :, None] > probs.cumsum(axis=2)).sum(axis=2)


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
