import numpy as np
import pytest

from lms.psychometrics.item_pool import Blueprint, ItemPool
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.select import Selector
from lms.psychometrics.stop import Stop
from tests.score.predict import simulate


def bank(n=300, sd_b=0.0, seed=1):
    rng = np.random.default_rng(seed)
    slopes, places = np.exp(rng.normal(0, 0.3, n)), rng.normal(0, 1, n)
    items = Items.of([ItemParameters(float(a), (float(b),), 0.0, sd_b) for a, b in zip(slopes, places, strict=True)])
    return ItemPool(items, ("s",) * n, tuple(f"s.{i % 4}" for i in range(n)))


def test_precision_stop_keeps_its_promise_on_300_items():
    selector = Selector(bank(), Blueprint(), Stop(60, target_sd=0.30), top=1)
    seen = simulate(selector, np.random.default_rng(2), 500)
    assert seen.length <= 23.3 and seen.rmse[0] <= 0.305 and 0.93 <= seen.coverage[0] <= 0.97
    assert abs(seen.bias[0]) < 0.04 and seen.reasons["precise"] > 0.98
    assert seen.exposure.sum() == pytest.approx(seen.length)


def test_pass_fail_at_one_cut_keeps_its_promise():
    """Over 4,000 people .928 are right, the undecided forced, with 1.2 % false passes; 600 leave room to chance."""
    seen = simulate(Selector(bank(), Blueprint(), Stop(50, 5, cut=0.0)), np.random.default_rng(11), 600)
    assert seen.length <= 20 and seen.accuracy >= 0.895 and seen.false_pass <= 0.025 and seen.decided > 0.75
    assert set(seen.reasons) == {"pass", "fail", "inconclusive"}


def test_uncertain_difficulties_are_not_hidden():
    """Difficulties known to within 0.8 only: tests are longer, and intervals still hold."""
    seen = simulate(Selector(bank(sd_b=0.8), Blueprint(), Stop(60, target_sd=0.35)), np.random.default_rng(4), 300)
    known = simulate(Selector(bank(), Blueprint(), Stop(60, target_sd=0.35)), np.random.default_rng(4), 300)
    assert seen.length > known.length and seen.coverage[0] > 0.91


def test_the_same_generator_gives_the_same_prediction():
    selector = Selector(bank(40), Blueprint(), Stop(8))
    one, two = (simulate(selector, np.random.default_rng(6), 20) for _ in range(2))
    assert one.rmse == two.rmse and (one.exposure == two.exposure).all() and np.isnan(one.accuracy)


def test_given_people_are_the_ones_simulated():
    selector = Selector(bank(), Blueprint(), Stop(40, 5, cut=0.0))
    assert simulate(selector, np.random.default_rng(0), theta=np.full((30, 1), 3.0)).reasons == {"pass": 1.0}
