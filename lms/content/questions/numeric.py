"""Numeric: inputs drawn from the instance's seed, named wrong formulas recognised, a slip of rounding or unit half."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from lms.content.expression import ExpressionError
from lms.content.formula import UNITS, Recipe, draw, recipe
from lms.content.fragments import Fragments
from lms.content.model import Item, ItemText
from lms.content.numbers import format_number, readings
from lms.content.questions.base import ExplainedPart, Field, Form, Problem, Question, Score, posted_text
from lms.content.reference import Reference
from lms.content.text import Text

PLACEHOLDER = re.compile(r"(?<!\{)\{([a-z][a-z0-9_]*)\}(?!\})")
OWN = ("inputs", "formula", "wrong", "unit", "decimals")
HINT = Text(hy="տասնորդական նիշերի թիվը՝ {decimals}", en="decimals: {decimals}")
SLIP = Text(
    hy="Եղանակը ճիշտ է, բայց կլորացումը կամ չափման միավորը սխալ է։",
    en="The method is right; the rounding or the unit is not.",
)
UNREAD = Text(hy="Սա թիվ չէ։", en="This is not a number.")


def item_recipe(item: Item, reference: Reference) -> Recipe:
    """The metric's recipe with the item's own keys over it; ExpressionError when the metric has no formula."""
    metric = reference.metrics.get(str(item.settings.get("metric")), {})
    return recipe({**metric, **{name: item.settings[name] for name in OWN if name in item.settings}})


class Numeric(Question):
    """`metric: er_reach`, or own `inputs`, `formula`, `wrong`, `unit`, `decimals`; `- wrong_name: feedback`."""

    name = "numeric"
    title = Text(hy="հաշվարկ", en="calculation")
    instruction = Text(hy="Գրեք թիվը։", en="Write the number.")
    part = re.compile(r"[-*]\s+(?P<mark>[a-z][a-z0-9_]*):\s+(?P<text>.+)")
    settings = ("metric", *OWN)

    def problems(self, item: Item, text: ItemText) -> Iterator[Problem]:
        """A metric, or a recipe of its own inside the grammar; no feedback twice."""
        if "metric" not in item.settings:
            try:
                recipe(item.settings)
            except ExpressionError as error:
                yield item.line, str(error)
        marks = [part.mark for part in text.parts]
        for part in text.parts:
            if marks.count(part.mark) > 1:
                yield part.line, f"feedback of {part.mark} stands twice"

    def key(self, item: Item, text: ItemText) -> tuple[frozenset[str], frozenset[str]]:
        """The inputs shown and the wrong formulas commented on."""
        return frozenset(PLACEHOLDER.findall(text.stem)), frozenset(part.mark for part in text.parts)

    def draw(self, item: Item, rng: random.Random, reference: Reference) -> dict[str, Any]:
        """Inputs, the answer and the wrong results."""
        return draw(item_recipe(item, reference), rng)

    def stem(self, item: Item, instance: Mapping[str, Any], language: str) -> str:
        """The stem with the drawn numbers."""
        return filled(item.text(language).stem, instance["inputs"], language)

    def general(self, item: Item, instance: Mapping[str, Any], language: str) -> str:
        """The explanation with the drawn numbers; {answer} is the right result."""
        shown = format_number(instance["answer"], language, instance["decimals"])
        return filled(item.text(language).general.replace("{answer}", shown), instance["inputs"], language)

    def fields(self, item: Item, instance: Mapping[str, Any], language: str, html: Fragments) -> tuple[Field, ...]:
        """One number, with its unit and decimals as hint."""
        unit = unit_text(instance["unit"], language)
        hint = HINT.get(language).replace("{decimals}", str(instance["decimals"]))
        return (Field("answer", "number", "", (), f"{unit}, {hint}" if unit else hint),)

    def read(self, item: Item, instance: Mapping[str, Any], form: Form) -> str | None:
        """The text as typed, at most 40 characters; what is no number is kept and marked 0."""
        return posted_text(form, "answer", 40)

    def score(self, item: Item, instance: Mapping[str, Any], value: Any) -> Score:
        """1 within tolerance, 0.5 for a slip of rounding or unit, else 0."""
        credit = max((_credit(instance, number) for number in readings(value)), default=0.0)
        return Score(credit, credit)

    def outcomes(self, item: Item) -> dict[float, float]:
        """Blind typing hits nothing."""
        return {0.0: 1.0, 0.5: 0.0, 1.0: 0.0}

    def explain(
        self, item: Item, instance: Mapping[str, Any], value: Any, language: str, html: Fragments
    ) -> tuple[str, tuple[ExplainedPart, ...]]:
        """The answer with its unit; the typed one with the feedback of the formula it comes from."""
        shown = format_number(instance["answer"], language, instance["decimals"])
        correct = f"{shown} {escape(unit_text(instance['unit'], language))}".strip()
        if value is None:
            return correct, ()
        credit = self.score(item, instance, value).credit
        feedback = html.inline(filled(self._feedback(item, instance, value, language), instance["inputs"], language))
        return correct, (ExplainedPart(escape(value), True, credit == 1, feedback),)

    def _feedback(self, item: Item, instance: Mapping[str, Any], value: str, language: str) -> str:
        said = {part.mark: part.text for part in item.text(language).parts}
        numbers = readings(value)
        if not numbers:
            return UNREAD.get(language)
        credit = self.score(item, instance, value).credit
        named = next((name for number in numbers for name in _wrong(instance, number)), None)
        if credit == 1:
            return ""
        return said.get(named or "", SLIP.get(language) if credit else "")


def filled(text: str, inputs: Mapping[str, float], language: str) -> str:
    """`text` with {name} replaced by the drawn numbers, written as the language writes them."""
    return PLACEHOLDER.sub(lambda m: format_number(inputs[m[1]], language) if m[1] in inputs else m[0], text)


def unit_text(unit: str, language: str) -> str:
    """The unit as shown; a unit of the author's own stands as written."""
    return UNITS[unit].get(language) if unit in UNITS else unit


def _tolerance(decimals: int) -> float:
    return max(0.01, 0.5 * 10.0**-decimals) + 1e-9


def _wrong(instance: Mapping[str, Any], number: float) -> Iterator[str]:
    for name, result in instance["wrong"].items():
        if abs(number - result) <= _tolerance(instance["decimals"]) and result:
            yield name


def _credit(instance: Mapping[str, Any], number: float) -> float:
    answer, decimals = instance["answer"], instance["decimals"]
    if abs(number - round(answer, decimals)) <= _tolerance(decimals):
        return 1.0
    unit_slip = instance["unit"] == "percent" and _near(number * 100, answer, 0.15, 0.5)
    if unit_slip:
        return 0.5
    if any(_wrong(instance, number)):
        return 0.0
    return 0.5 if any(_near(number, coarse, 0.0, 1e-9) for coarse in _coarser(answer, decimals)) else 0.0


def _coarser(answer: float, decimals: int) -> Iterator[float]:
    """The answer cut instead of rounded, or rounded one or two places too early, within 5 %."""
    for places in (decimals, decimals - 1, decimals - 2):
        cut = int(answer * 10.0**places) / 10.0**places
        for value in (cut, round(answer, places)):
            if abs(value - answer) <= 0.05 * abs(answer):
                yield value


def _near(number: float, target: float, relative: float, absolute: float) -> bool:
    """Within the relative bound when one is given, and within the absolute one."""
    distance = abs(number - target)
    return distance <= absolute and (not relative or distance <= relative * abs(target))
