"""Numeric: inputs drawn from the instance's seed, named wrong formulas recognised, a slip of rounding or unit half."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from lms.content.errors import no_such
from lms.content.expression import ExpressionError
from lms.content.formula import UNITS, Recipe, draw, recipe
from lms.content.fragments import Fragments
from lms.content.front_matter import ItemFront, Word
from lms.content.model import Item, ItemText
from lms.content.number_reading import quantity
from lms.content.questions.base import QuestionType
from lms.content.questions.calculation import Calculation, credit_of, meant, wrong_formulas
from lms.content.questions.parts import Problem
from lms.content.questions.posted import Form, posted_text
from lms.content.questions.recipe_check import NO_UNIT, PLACEHOLDER, WORDS, shown_and_needed
from lms.content.questions.values import ExplainedPart, Field, Remark, Score
from lms.content.reference import Reference
from lms.content.rounding import rounded
from lms.content.text import Text
from lms.formats import format_number

OWN = ("inputs", "formula", "wrong", "unit", "decimals")
DRAWS = 20  # trial draws of a check
NO_METRIC = Text(en="metric: there is no metric {name}", hy="metric. {name} ցուցանիշ չկա")
FEEDBACK_TWICE = Text(en="feedback of {name} stands twice", hy="{name} բանաձևի բացատրությունը կրկնվում է")
SHOWN = Text(hy="թվերը՝ {inputs}, բացատրված են՝ {wrong}", en="numbers {inputs}, feedback of {wrong}")
HINT = Text(hy="տասնորդական նիշերի թիվը՝ {decimals}", en="decimals: {decimals}")
SLIP = Text(
    hy="Եղանակը ճիշտ է, բայց կլորացումը կամ չափման միավորը սխալ է։",
    en="The method is right; the rounding or the unit is not.",
)
OTHER_UNIT = Text(hy="Պատասխանը պետք է լինի այս միավորով՝ {unit}։", en="The answer is wanted in this unit: {unit}.")
PLAIN_NUMBER = Text(hy="Պատասխանը պետք է լինի թիվ, առանց %-ի։", en="The answer is wanted as a number without %.")
UNREAD = Text(hy="Սա թիվ չէ։", en="This is not a number.")


def item_recipe(item: Item, reference: Reference) -> Recipe:
    """The metric's recipe with the item's own keys over it; ExpressionError when the metric has no formula."""
    metric = reference.metrics.get(str(item.settings.get("metric")), {})
    return recipe({**metric, **{name: item.settings[name] for name in OWN if name in item.settings}})


class NumericFront(ItemFront, frozen=True, kw_only=True):
    """A metric of the reference data, or a recipe of the item's own (`formula.recipe` checks it as a whole)."""

    metric: Word | None = None
    inputs: Any = None
    formula: Any = None
    wrong: Any = None
    unit: Any = None
    decimals: Any = None


class Numeric(QuestionType[Calculation]):
    """`metric: er_reach`, or own `inputs`, `formula`, `wrong`, `unit`, `decimals`; `- wrong_name: feedback`."""

    name = "numeric"
    drawn = Calculation
    front = NumericFront
    title = Text(hy="հաշվարկ", en="calculation")
    instruction = Text(hy="Գրեք թիվը։", en="Write the number.")
    frame = Text(
        hy=("Թիվն է {amount}, մասը՝ {part}։ Որքա՞ն է տարբերությունը։\n\n- added: Գումարել եք, պետք է հանել։\n"),
        en=("The amount is {amount}, the part {part}. What is the difference?\n\n- added: You have added; subtract.\n"),
    )
    frame_front = (
        "inputs: {amount: [100, 900, int], part: [10, 90, int]}\n"
        "formula: amount - part\n"
        "wrong: {added: amount + part}\n"
    )
    part = re.compile(r"[-*]\s+(?P<mark>[a-z][a-z0-9_]*):\s+(?P<text>.+)")

    def problems(self, item: Item, text: ItemText) -> Iterator[Problem]:
        """A metric, or a recipe of its own inside the grammar; no feedback twice."""
        if "metric" not in item.settings:
            try:
                recipe(item.settings)
            except ExpressionError as error:
                yield item.line, error.text
        marks = [part.mark for part in text.parts]
        for part in text.parts:
            if marks.count(part.mark) > 1:
                yield part.line, FEEDBACK_TWICE.filled(name=part.mark)

    def remarks(self, item: Item, reference: Reference) -> Iterator[Remark]:
        """A metric that is there, numbers that can be drawn, a stem that shows what the formula needs."""
        metric = item.settings.get("metric")
        if metric is not None and metric not in reference.metrics:
            yield Remark("unknown-id", no_such(NO_METRIC, str(metric), reference.metrics), "metric")
            return
        try:
            calculation = item_recipe(item, reference)
            for seed in range(DRAWS):
                draw(calculation, random.Random(seed))  # noqa: S311 (the same repeatable draw as in a test)
        except ExpressionError as error:
            yield Remark("numeric", error.text)
            return
        if calculation.unit not in UNITS and WORDS.search(calculation.unit):
            yield Remark("numeric", NO_UNIT.filled(unit=calculation.unit, known=", ".join(UNITS)), "unit")
        for language, text in item.languages.items():
            yield from shown_and_needed(calculation, language, text)

    def key(self, item: Item, text: ItemText) -> tuple[frozenset[str], frozenset[str]]:
        """The inputs shown and the wrong formulas commented on."""
        return frozenset(PLACEHOLDER.findall(text.stem)), frozenset(part.mark for part in text.parts)

    def key_in_words(self, key: Any) -> Text:
        """The inputs shown and the wrong formulas commented on."""
        inputs, wrong = (", ".join(sorted(names)) or "–" for names in key)
        return SHOWN.filled(inputs=inputs, wrong=wrong)

    def slips(self, instance: Calculation) -> list[str]:
        """Results of the wrong formulas, rounded too early, a share in place of a percentage."""
        answer, decimals = instance.answer, instance.decimals
        early = (rounded(answer, decimals - 1), rounded(answer, decimals - 2))
        return [f"{number:.6g}" for number in (*instance.wrong.values(), *early, answer / 100)]

    def draw(self, item: Item, rng: random.Random, reference: Reference) -> Calculation:
        """Inputs, the answer and the wrong results."""
        return Calculation(**draw(item_recipe(item, reference), rng))

    def stem(self, item: Item, instance: Calculation, language: str) -> str:
        """The stem with the drawn numbers."""
        return filled(item.text(language).stem, instance.inputs, language)

    def general(self, item: Item, instance: Calculation, language: str) -> str:
        """The explanation with the drawn numbers; {answer} is the right result."""
        shown = format_number(rounded(instance.answer, instance.decimals), language, instance.decimals)
        return filled(item.text(language).general.replace("{answer}", shown), instance.inputs, language)

    def fields(self, item: Item, instance: Calculation, language: str, html: Fragments) -> tuple[Field, ...]:
        """One number, with its unit and decimals as hint."""
        unit = unit_text(instance.unit, language)
        hint = HINT.get(language).replace("{decimals}", str(instance.decimals))
        return (Field("answer", "number", "", (), f"{unit}, {hint}" if unit else hint),)

    def read(self, item: Item, instance: Calculation, form: Form) -> str | None:
        """The text as typed, at most 40 characters; what is no number is kept and marked 0."""
        return posted_text(form, "answer", 40)

    def score(self, item: Item, instance: Calculation, value: Any) -> Score:
        """1 within tolerance, 0.5 for a slip of rounding or unit, else 0; 0 in another unit than the one wanted."""
        credit = max((credit_of(instance, number) for number in meant(instance, value)), default=0.0)
        return Score(credit, credit)

    def outcomes(self, item: Item) -> dict[float, float]:
        """Blind typing hits nothing."""
        return {0.0: 1.0, 0.5: 0.0, 1.0: 0.0}

    def explain(
        self, item: Item, instance: Calculation, value: Any, language: str, html: Fragments
    ) -> tuple[str, tuple[ExplainedPart, ...]]:
        """The answer with its unit; the typed one with the feedback of the formula it comes from."""
        shown = format_number(rounded(instance.answer, instance.decimals), language, instance.decimals)
        correct = f"{shown} {escape(unit_text(instance.unit, language))}".strip()
        if value is None:
            return correct, ()
        credit = self.score(item, instance, value).credit
        feedback = html.inline(filled(self._feedback(item, instance, value, language), instance.inputs, language))
        return correct, (ExplainedPart(escape(value), True, credit == 1, feedback),)

    def _feedback(self, item: Item, instance: Calculation, value: str, language: str) -> str:
        feedback = {part.mark: part.text for part in item.text(language).parts}
        numbers = meant(instance, value)
        if not numbers and quantity(value).numbers:
            unit = unit_text(instance.unit, language)
            return (OTHER_UNIT if unit else PLAIN_NUMBER).get(language).replace("{unit}", unit)
        if not numbers:
            return UNREAD.get(language)
        credit = self.score(item, instance, value).credit
        named = next((name for number in numbers for name in wrong_formulas(instance, number)), None)
        if credit == 1:
            return ""
        return feedback.get(named or "", SLIP.get(language) if credit else "")


def filled(text: str, inputs: Mapping[str, float], language: str) -> str:
    """`text` with {name} replaced by the drawn numbers, written as the language writes them."""
    return PLACEHOLDER.sub(lambda m: format_number(inputs[m[1]], language) if m[1] in inputs else m[0], text)


def unit_text(unit: str, language: str) -> str:
    """The unit as shown; a unit of the author's own stands as written."""
    return UNITS[unit].get(language) if unit in UNITS else unit
