"""Recipes of numeric questions: what is accepted, and draws that keep right and wrong apart."""

from __future__ import annotations

import random
from typing import Any

import pytest

from lms.content import Reference
from lms.content.expression import ExpressionError
from lms.content.formula import draw, recipe

CLOSE: dict[str, Any] = {
    "inputs": {"a": [1, 5, "int"], "b": [1, 5, "int"], "c": "a + 1", "d": 7},
    "formula": "a",
    "wrong": {"other": "b", "one_more": "c + d"},
    "decimals": 0,
}


def test_results_too_close_to_tell_are_drawn_again() -> None:
    for seed in range(100):
        drawn = draw(recipe(CLOSE), random.Random(seed))
        assert abs(drawn["answer"] - drawn["wrong"]["other"]) > 1
        assert drawn["inputs"]["c"] == drawn["inputs"]["a"] + 1 and drawn["inputs"]["d"] == 7


def test_no_fair_draw_is_said_and_not_looped_over() -> None:
    with pytest.raises(ExpressionError, match="apart"):
        draw(recipe({**CLOSE, "wrong": {"same": "a"}}), random.Random(1))
    with pytest.raises(ExpressionError):
        draw(recipe({**CLOSE, "formula": "a / (b - b)"}), random.Random(1))


@pytest.mark.parametrize(
    "spoilt",
    [
        {"formula": "a + nobody"},
        {"formula": "a.real"},
        {"formula": None},
        {"wrong": {"x": "nobody"}},
        {"wrong": ["a"]},
        {"inputs": {"a": [5, 1]}},
        {"inputs": {"a": [1, 2, "float"]}},
        {"inputs": {"a": "b", "b": 1}},
        {"inputs": {"a": True}},
        {"inputs": {"a b": 1}},
        {"inputs": []},
        {"decimals": 9},
        {"decimals": "two"},
    ],
)
def test_refused(spoilt: dict[str, Any]) -> None:
    with pytest.raises(ExpressionError):
        recipe({**CLOSE, **spoilt})


def test_every_metric_of_the_reference_can_be_drawn(reference: Reference) -> None:
    recipes = {name: recipe(metric) for name, metric in reference.metrics.items() if metric["formula"]}
    assert len(recipes) == 23
    for name, made in recipes.items():
        for seed in range(30):
            drawn = draw(made, random.Random(seed))
            assert drawn["decimals"] == (0 if made.unit == "money_amd" else 2), name
