"""What single choice, multiple choice and judgement share: options shown under meaningless letters."""

from __future__ import annotations

import random
from typing import Any, ClassVar

import msgspec

from lms.content.fragments import Fragments
from lms.content.model import Item, ItemText, Part
from lms.content.questions.base import QuestionType
from lms.content.questions.parts import LETTERS, permutation
from lms.content.questions.posted import Form
from lms.content.questions.values import ExplainedPart, Instance
from lms.content.reference import Reference
from lms.content.text import Text

OPTIONS = Text(hy="տարբերակներ", en="options")
RIGHT = Text(hy="[x]՝ {right}, {size} տարբերակից", en="[x] at {right} of {size} options")


class Order(Instance, frozen=True, kw_only=True):
    """`order`: the author's index of the option shown at each place."""

    order: list[int]


class Lettered(QuestionType[Order]):
    """A type whose options stand under letters."""

    drawn = Order
    lettered = True
    one_order = True
    answer_field: ClassVar[str] = "answer"  # the form's field that analysis counts

    def draw(self, item: Item, rng: random.Random, reference: Reference) -> Order:
        """A display order."""
        return Order(order=permutation(item, rng, len(item.text().parts)))

    def right_options(self, text: ItemText) -> tuple[bool, ...]:
        """The options marked [x]."""
        return tuple(part.mark.lower() == "x" for part in text.parts)

    def key_in_words(self, key: Any) -> Text:
        """Which options are right, where the key is that."""
        if not all(isinstance(right, bool) for right in key):
            return super().key_in_words(key)
        right = ", ".join(str(place) for place, right in enumerate(key, 1) if right)
        return RIGHT.filled(right=right, size=str(len(key)))

    def in_authors_order(self, instance: Order) -> Order:
        """The options as the author wrote them."""
        return msgspec.structs.replace(instance, order=sorted(instance.order))

    def picked(self, instance: Order, form: Form) -> frozenset[int]:
        """The options whose letters the form holds."""
        place = dict(zip(letters(instance), instance.order, strict=True))
        return frozenset(place[letter] for letter in form.get(self.answer_field, ()) if letter in place)


def letters(instance: Order) -> str:
    """The letters on show, in display order."""
    return LETTERS[: len(instance.order)]


def shown(item: Item, instance: Order, language: str) -> list[tuple[str, Part]]:
    """(letter, option) in display order."""
    parts = item.text(language).parts
    return [(letter, parts[index]) for letter, index in zip(letters(instance), instance.order, strict=True)]


def choices(item: Item, instance: Order, language: str, html: Fragments) -> tuple[tuple[str, str], ...]:
    """(letter, label HTML) in display order."""
    return tuple((letter, html.inline(part.text)) for letter, part in shown(item, instance, language))


def ticked(item: Item, instance: Order) -> set[str]:
    """The letters of the right options."""
    return {letter for letter, part in shown(item, instance, "hy") if part.mark.lower() == "x"}


def explained(
    item: Item, instance: Order, chosen: set[str], right: set[str], language: str, html: Fragments
) -> tuple[ExplainedPart, ...]:
    """Each option with its feedback, in display order."""
    return tuple(
        ExplainedPart(html.inline(part.text), letter in chosen, letter in right, html.inline(part.feedback))
        for letter, part in shown(item, instance, language)
    )
