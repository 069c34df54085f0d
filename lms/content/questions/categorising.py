"""Categorising: four to eight elements into two to four categories."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any

from lms.content.fragments import Fragments
from lms.content.model import Item, ItemText, Part
from lms.content.questions.base import QuestionType
from lms.content.questions.parts import Problem, numbered, permutation
from lms.content.questions.placing import chance_of_places, place_fields, place_score, placed, read_places
from lms.content.questions.posted import Form
from lms.content.questions.values import ExplainedPart, Field, Instance, Score
from lms.content.reference import Reference
from lms.content.text import Text

RIGHT_GROUP = Text(hy="Ճիշտ խումբը՝", en="The right group:")
ELEMENTS = Text(hy="տարրեր", en="elements")
PLACED = Text(hy="տարրերի խմբերը՝ {groups}", en="elements in categories {groups}")
CATEGORIES = Text(
    en="{number} categories, expected 2 to 4 different ones, each headed by `#### Name`",
    hy="{number} խումբ, պետք է լինի 2-ից 4 տարբեր խումբ, ամեն մեկի վերնագիրը՝ `#### Անուն`",
)


def grouped(text: ItemText) -> tuple[list[str], list[tuple[int, Part]]]:
    """Category names, and (category, element) in the author's order."""
    names: list[str] = []
    elements: list[tuple[int, Part]] = []
    for part in text.parts:
        if part.mark:
            names.append(part.mark)
        else:
            elements.append((len(names) - 1, part))
    return names, elements


class Groups(Instance, frozen=True, kw_only=True):
    """The author's indices of the elements and of the categories, in display order."""

    order: list[int]
    groups: list[int]


class Categorising(QuestionType[Groups]):
    """`#### Category`, then `- element` lines. x = (c - n/k)/(n - n/k) for c of n elements in k categories."""

    name = "categorising"
    drawn = Groups
    title = Text(hy="խմբավորում", en="sorting into groups")
    instruction = Text(hy="Յուրաքանչյուրի համար ընտրեք խումբը։", en="Choose the group of each.")
    frame = Text(
        hy=(
            "Հարցի տեքստը։\n"
            "\n"
            "#### Առաջին խումբ\n"
            "- տարր մեկ\n"
            "- տարր երկու\n"
            "#### Երկրորդ խումբ\n"
            "- տարր երեք\n"
            "- տարր չորս\n"
        ),
        en=(
            "The question.\n"
            "\n"
            "#### The first group\n"
            "- element one\n"
            "- element two\n"
            "#### The second group\n"
            "- element three\n"
            "- element four\n"
        ),
    )
    part = re.compile(r"(?:####\s+(?P<mark>.+)|[-*]\s+(?P<text>.+))")
    start = re.compile(r"####\s+\S")

    @property
    def opens(self) -> re.Pattern[str]:
        """The first category heading ends the stem."""
        return self.start

    def problems(self, item: Item, text: ItemText) -> Iterator[Problem]:
        """Two to four different categories, none empty, four to eight different elements."""
        names, elements = grouped(text)
        if not 2 <= len(names) <= 4 or len(set(names)) < len(names):
            yield text.line, CATEGORIES.filled(number=str(len(names)))
        if {group for group, _ in elements} != set(range(len(names))):
            yield text.line, Text(en="a category without an element", hy="խումբ կա առանց տարրի")
        yield from numbered([part for _, part in elements], 4, 8, text.line, ELEMENTS)

    def key(self, item: Item, text: ItemText) -> tuple[int, ...]:
        """The category of each element."""
        return tuple(group for group, _ in grouped(text)[1])

    def key_in_words(self, key: Any) -> Text:
        """The category of each element, counted from 1."""
        return PLACED.filled(groups=", ".join(str(group + 1) for group in key))

    def draw(self, item: Item, rng: random.Random, reference: Reference) -> Groups:
        """Elements and categories shuffled apart."""
        names, elements = grouped(item.text())
        order = list(range(len(elements)))
        rng.shuffle(order)  # always: the author's order runs category by category
        return Groups(order=order, groups=permutation(item, rng, len(names)))

    def fields(self, item: Item, instance: Groups, language: str, html: Fragments) -> tuple[Field, ...]:
        """One choice of a category per element."""
        names, elements = grouped(item.text(language))
        texts = (html.inline(elements[index][1].text) for index in instance.order)
        return place_fields("group", texts, (html.inline(names[group]) for group in instance.groups))

    def read(self, item: Item, instance: Groups, form: Form) -> dict[str, str] | None:
        """{element letter: category letter}."""
        return read_places(form, len(instance.order), len(instance.groups))

    def score(self, item: Item, instance: Groups, value: Any) -> Score:
        """Elements beyond chance; shown as elements of all."""
        key = self.key(item, item.text())
        hits = sum(group == key[index] for index, group in placed(instance.order, instance.groups, value))
        return place_score(hits, len(instance.order), len(instance.groups))

    def outcomes(self, item: Item) -> dict[float, float]:
        """Each element put anywhere."""
        names, elements = grouped(item.text())
        return chance_of_places(len(elements), len(names))

    def explain(
        self, item: Item, instance: Groups, value: Any, language: str, html: Fragments
    ) -> tuple[str, tuple[ExplainedPart, ...]]:
        """Every element with its category; each element with the category that the person chose."""
        names, elements = grouped(item.text(language))

        def placement(index: int, group: int | None) -> str:
            return html.inline(elements[index][1].text) + ("" if group is None else f" → {html.inline(names[group])}")

        def word(index: int, group: int | None) -> str:
            right, part = elements[index]
            words = (
                "" if group == right else f"{RIGHT_GROUP.get(language)} <strong>{html.inline(names[right])}</strong> "
            )
            return words + html.inline(part.feedback)

        placements = placed(instance.order, instance.groups, value)
        parts = tuple(
            ExplainedPart(placement(index, group), group is not None, group == elements[index][0], word(index, group))
            for index, group in placements
        )
        return html.bullets(placement(index, elements[index][0]) for index, _ in placements), parts
