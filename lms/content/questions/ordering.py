"""Ordering: put three to eight steps into their order; partial credit by Kendall's tau."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import combinations
from math import factorial
from typing import Any

from lms.content.fragments import Fragments
from lms.content.model import Item, ItemText
from lms.content.questions import options
from lms.content.questions.base import QuestionType
from lms.content.questions.parts import Problem, numbered
from lms.content.questions.posted import Form, posted
from lms.content.questions.values import ExplainedPart, Field, Score
from lms.content.reference import Reference
from lms.content.text import Text

STEPS = Text(hy="քայլեր", en="steps")
PLACE = Text(en="step {mark} stands at place {place}", hy="{mark} համարի քայլը {place} տեղում է")
SHUFFLED = Text(
    en="an ordering question cannot be shown unshuffled: take `shuffle: false` away",
    hy="դասավորման հարցը միշտ խառնվում է. հանեք `shuffle: false` տողը",
)


def inversions(n: int) -> list[int]:
    """How many orders of n things have 0, 1, 2, … pairs the wrong way round (Mahonian numbers)."""
    counts = [1]
    for size in range(2, n + 1):
        longer = [0] * (len(counts) + size - 1)
        for index, count in enumerate(counts):
            for shift in range(size):
                longer[index + shift] += count
        counts = longer
    return counts


class Ordering(QuestionType[options.Order]):
    """`1. first`, `2. second`, … in the right order. x = Kendall tau; pairs left open count as half."""

    name = "ordering"
    drawn = options.Order
    one_order = True
    title = Text(hy="դասավորում", en="ordering")
    instruction = Text(hy="Դասավորեք ճիշտ հերթականությամբ։", en="Put these in the right order.")
    frame = Text(
        hy=("Հարցի տեքստը։\n\n1. Առաջին քայլ\n2. Երկրորդ քայլ\n3. Երրորդ քայլ\n"),
        en=("The question.\n\n1. The first step\n2. The second step\n3. The third step\n"),
    )
    part = re.compile(r"(?P<mark>\d{1,2})[.)]\s+(?P<text>.+)")

    def problems(self, item: Item, text: ItemText) -> Iterator[Problem]:
        """Three to eight different steps, numbered 1, 2, 3, …; they are always shuffled."""
        yield from numbered(text.parts, 3, 8, text.line, STEPS)
        for place, part in enumerate(text.parts, 1):
            if part.mark != str(place):
                yield part.line, PLACE.filled(mark=part.mark, place=str(place))
        if not item.settings.get("shuffle", True):
            yield text.line, SHUFFLED

    def key(self, item: Item, text: ItemText) -> int:
        """The number of steps."""
        return len(text.parts)

    def key_in_words(self, key: Any) -> Text:
        """How many steps."""
        return Text(hy=f"{key} քայլ", en=f"{key} steps")

    def draw(self, item: Item, rng: random.Random, reference: Reference) -> options.Order:
        """A display order that is not yet the answer."""
        right = list(range(len(item.text().parts)))
        order = right[:]
        while order == right:
            rng.shuffle(order)
        return options.Order(order=order)

    def fields(self, item: Item, instance: options.Order, language: str, html: Fragments) -> tuple[Field, ...]:
        """One ranking; the form posts answer.<letter> = place."""
        return (Field("answer", "rank", "", options.choices(item, instance, language, html)),)

    def read(self, item: Item, instance: options.Order, form: Form) -> dict[str, int] | None:
        """{letter: place}, places from 1; open ones are left out."""
        places = [str(place) for place in range(1, len(instance.order) + 1)]
        answers = {letter: posted(form, f"answer.{letter}", places) for letter in options.letters(instance)}
        return {letter: int(place) for letter, place in answers.items() if place} or None

    def contradicts(self, value: Any) -> bool:
        """Two steps in one place."""
        return len(value) > len(set(value.values()))

    def score(self, item: Item, instance: options.Order, value: Any) -> Score:
        """Pairs in order less pairs the wrong way round, over all pairs; shown as max(0, x)."""
        ranked = sorted(zip(instance.order, options.letters(instance), strict=True))
        places = [value.get(letter) for _, letter in ranked]
        pairs = list(combinations(places, 2))
        x = sum((a < b) - (a > b) for a, b in pairs if a and b) / len(pairs)
        return Score(x, max(0.0, x))

    def outcomes(self, item: Item) -> dict[float, float]:
        """All orders equally likely."""
        n = len(item.text().parts)
        pairs = n * (n - 1) / 2
        return {1 - 2 * wrong / pairs: count / factorial(n) for wrong, count in enumerate(inversions(n))}

    def explain(
        self, item: Item, instance: options.Order, value: Any, language: str, html: Fragments
    ) -> tuple[str, tuple[ExplainedPart, ...]]:
        """The right order; the steps as the person put them, and whether each stands in its own place."""
        steps = item.text(language).parts
        places = {
            index: (value or {}).get(letter)
            for letter, index in zip(options.letters(instance), instance.order, strict=True)
        }
        parts = tuple(
            ExplainedPart(
                f"{places[index]}. {html.inline(steps[index].text)}"
                if places[index]
                else html.inline(steps[index].text),
                places[index] is not None,
                places[index] == index + 1,
                html.inline(steps[index].feedback),
            )
            for index in sorted(range(len(steps)), key=lambda index: places[index] or len(steps))
        )
        return html.bullets((html.inline(step.text) for step in steps), "ol"), parts
