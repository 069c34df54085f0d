"""A numeric question's recipe: inputs drawn in order, the formula, named wrong formulas, rounding and tolerance."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from lms.content.expression import MAX_NUMBER, ExpressionError, evaluate, names, parse
from lms.content.text import Text

TRIES = 200
ROUNDING = {"percent": 2, "money_amd": 0, "ratio": 2, "minutes": 0}
UNITS = {
    "percent": Text(hy="%", en="%"),
    "money_amd": Text(hy="֏", en="֏"),
    "minutes": Text(hy="րոպե", en="minutes"),
    "ratio": Text(hy="", en=""),
    "count": Text(hy="", en=""),
}


@dataclass(frozen=True)
class Recipe:
    """`inputs` maps a name to [low, high], [low, high, int], a number or an expression over earlier names."""

    inputs: Mapping[str, Any]
    formula: str
    wrong: Mapping[str, str]
    unit: str
    decimals: int

    @property
    def tolerance(self) -> float:
        """Absolute, after rounding: max(0.01, half a unit of the last place)."""
        return max(0.01, 0.5 * 10.0**-self.decimals)


def recipe(data: Mapping[str, Any]) -> Recipe:
    """A recipe from yaml; ExpressionError for a shape or an expression outside the grammar."""
    inputs, wrong = data.get("inputs"), data.get("wrong") or {}
    formula, unit = data.get("formula"), str(data.get("unit") or "ratio")
    if not isinstance(inputs, dict) or not isinstance(wrong, dict) or not isinstance(formula, str):
        raise ExpressionError(
            "a numeric question has `metric: id`, or `inputs: {name: [low, high]}` and `formula: text`",
            "հաշվարկի հարցն ունի `metric: id` կամ `inputs: {անուն: [low, high]}` և `formula: տեքստ`",
        )
    decimals = data.get("decimals", ROUNDING.get(unit, 2))
    if type(decimals) is not int or not 0 <= decimals <= 6:
        raise ExpressionError("decimals go from 0 to 6", "decimals-ը 0-ից 6 է")
    calculation = Recipe(inputs, formula, {name: str(text) for name, text in wrong.items()}, unit, decimals)
    _check(calculation)
    return calculation


def _check(calculation: Recipe) -> None:
    defined: set[str] = set()
    for name, rule in calculation.inputs.items():
        if not str(name).isidentifier() or not _sound(rule, defined):
            forms = "[low, high], [low, high, int]"
            raise ExpressionError(
                f"input {name}: expected {forms}, a number or an expression, at most {MAX_NUMBER:g}",
                f"{name} մուտքի ձևերն են՝ {forms}, թիվ կամ արտահայտություն, առավելագույնը՝ {MAX_NUMBER:g}",
            )
        defined.add(name)
    for text in (calculation.formula, *calculation.wrong.values()):
        if unknown := names(parse(text)) - defined:
            listed = ", ".join(sorted(unknown))
            raise ExpressionError(
                f"{text!r} uses {listed}, which is no input", f"{text!r} օգտագործում է {listed}, որը մուտքային տվյալ չէ"
            )


def _sound(rule: Any, defined: set[str]) -> bool:
    match rule:
        case bool():
            return False
        case int() | float():
            return abs(rule) <= MAX_NUMBER
        case str():
            return names(parse(rule)) <= defined
        case [int() | float() as low, int() | float() as high, *whole]:
            # NaN is within nothing, and a whole number of any length can be compared, but not turned into a float.
            if isinstance(low, bool) or isinstance(high, bool) or not -MAX_NUMBER <= low <= high <= MAX_NUMBER:
                return False
            return not whole or (whole == ["int"] and float(low).is_integer() and float(high).is_integer())
        case _:
            return False


def draw(calculation: Recipe, rng: random.Random) -> dict[str, Any]:
    """One instance: inputs, the rounded answer, the wrong results; redrawn while two results are too close to tell.

    ExpressionError after 200 tries: the ranges cannot give a fair question (check finds that beforehand).
    """
    for _ in range(TRIES):
        try:
            values = _inputs(calculation, rng)
            results = {name: evaluate(parse(text), values) for name, text in calculation.wrong.items()}
            answer = evaluate(parse(calculation.formula), values)
        except ExpressionError:
            continue
        if _apart([answer, *results.values()], 2 * calculation.tolerance):
            return {
                "inputs": values,
                "answer": answer,
                "wrong": results,
                "unit": calculation.unit,
                "decimals": calculation.decimals,
            }
    raise ExpressionError(
        "no draw keeps the right and the wrong results apart", "ոչ մի թվերով ճիշտ և սխալ արդյունքները չեն տարբերվում"
    )


def _inputs(calculation: Recipe, rng: random.Random) -> dict[str, float]:
    values: dict[str, float] = {}
    for name, rule in calculation.inputs.items():
        if isinstance(rule, str):
            values[name] = evaluate(parse(rule), values)
        elif isinstance(rule, int | float):
            values[name] = float(rule)
        else:
            low, high, whole = float(rule[0]), float(rule[1]), len(rule) == 3
            values[name] = float(rng.randint(int(low), int(high))) if whole else rng.uniform(low, high)
    return values


def _apart(results: list[float], distance: float) -> bool:
    ordered = sorted(results)
    return all(b - a > distance for a, b in pairwise(ordered))
