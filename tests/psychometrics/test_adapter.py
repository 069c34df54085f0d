"""The adapter hands out what the functions behind it say: shapes, names and the published figures once more."""

import numpy as np
import pytest

from lms.psychometrics.ability import posterior
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.model import information
from tests.psychometrics import brute
from tests.score import adapter

LSAT7 = np.repeat(brute.PATTERNS, brute.LSAT7, axis=0)
HALF = ["x"] * 500 + ["y"] * 500


def test_item_analysis_of_lsat7():
    found = adapter.item_analysis(LSAT7.tolist())
    assert round(found["alpha"], 3) == round(found["kr20"], 3) == 0.453
    assert found["p"] == pytest.approx([0.828, 0.658, 0.772, 0.606, 0.843])
    assert len(found["alpha_if_deleted"]) == len(found["item_rest"]) == 5 and found["omitted"] == [0] * 5


def test_marginal_reliability_of_lsat7_lies_by_alpha():
    assert adapter.marginal_reliability(LSAT7.tolist()) == pytest.approx(0.453, abs=0.06)


def test_distractors_by_item_and_option():
    raw, scored = [["a", "b"], ["a", "c"], ["b", "c"]], [[1, 0], [1, 1], [0, 1]]
    found = adapter.distractors(raw, scored, ["a", "c"], ["a", "b", "c"])
    assert [found[0][o]["n"] for o in "abc"] == [2, 1, 0] and found[1]["c"]["key"] and not found[1]["b"]["key"]
    assert found[0]["a"]["option_rest"] == pytest.approx(np.corrcoef([1, 1, 0], [0, 1, 1])[0, 1])


def test_dif_tables_are_plain_lists():
    rng = np.random.default_rng(0)
    x = rng.permutation(LSAT7)
    x[500:, 1] &= rng.random(500) < 0.4
    found = adapter.mantel_haenszel(x.tolist(), HALF, "y", True, True, 0.05)
    assert found["ets"][1] == found["size"][1] == "C" and 1 in found["flagged"] and found["delta"][1] < -1.5
    seen = adapter.logistic_dif(x.tolist(), HALF, "y", "udif")
    assert seen["df"] == [1] * 5 and seen["p"][1] < 1e-6 and seen["harder"][1] > 0
    ordinal = adapter.ordinal_dif(x.tolist(), HALF)
    assert ordinal["udif"] == seen and ordinal["both"]["df"] == [2] * 5


def test_icc_and_kappa():
    works = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    assert round(adapter.icc(works)["ICC3k"], 2) == 0.91
    assert adapter.weighted_kappa([1, 2, 3], [1, 2, 3]) == 1


def test_classification_accuracy_on_a_grid_and_exactly():
    a, b = [1.2] * 25, np.linspace(-2, 2, 25).tolist()
    exact = adapter.classification_accuracy(a, b, 0.1, [-0.9, 0.1, 1.1])
    coarse = adapter.classification_accuracy(a, b, 0.1, [-0.9, 0.1, 1.1], np.linspace(-4, 4, 401).tolist())
    assert set(exact) == {
        f"{n}_{k}{e}" for n in ("rudner", "lee") for k in ("accuracy", "consistency") for e in ("", "_3")
    }
    assert list(exact.values()) == pytest.approx(list(coarse.values()), abs=0.01)
    assert exact["rudner_accuracy"] > exact["rudner_accuracy_3"] > exact["rudner_consistency_3"]


def test_sprt_llr_by_symmetry():
    assert adapter.sprt_llr([{"a": 1.0, "b": [0.5]}] * 2, [1, 0], 0.5, 0.3) == pytest.approx(0)


def test_cat_path_agrees_with_the_core_where_the_models_meet():
    rng = np.random.default_rng(0)
    bank = [[float(a), float(b), 0.0, 1.0] for a, b in zip(rng.uniform(0.8, 2, 30), rng.normal(0, 1, 30), strict=True)]
    items = Items.of([ItemParameters(a, (b,)) for a, b, _, _ in bank])
    answers = rng.integers(0, 2, 30).tolist()
    path = adapter.cat_path(bank, answers, length=12)
    given: list[int] = []
    theta = 0.0
    for item, told, error in zip(path["items"], path["theta"], path["se"], strict=True):
        best = np.where(np.isin(np.arange(30), given), -1, information(items, theta)[0])
        assert item - 1 == best.argmax()
        given.append(item - 1)
        theta = told
        estimate = posterior(items.take(given), [answers[i] for i in given])
        assert (told, error) == (
            pytest.approx(float(estimate.mean), abs=0.002),
            pytest.approx(float(estimate.sd), abs=0.002),
        )
    in_order = adapter.cat_path(bank, [answers[i] for i in given])
    assert in_order["items"] == path["items"] and in_order["theta"] == path["theta"]


def test_an_upper_asymptote_forgives_a_slip():
    slip, sure = ([[1.5, 0.0, 0.2, d]] * 6 for d in (0.95, 1.0))
    assert adapter.cat_path(slip, [1, 1, 1, 0])["theta"][-1] < adapter.cat_path(sure, [1, 1, 1, 1])["theta"][-1]
    assert (
        adapter.cat_path([[3.0, -2.0, 0.2, 0.9]] * 2, [0])["theta"][0]
        > adapter.cat_path([[3.0, -2.0, 0.2, 1.0]] * 2, [0])["theta"][0]
    )
