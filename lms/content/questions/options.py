"""What single choice, multiple choice and judgement share: options shown under meaningless letters."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from lms.content.fragments import Fragments
from lms.content.model import Item, Part
from lms.content.questions.base import LETTERS, ExplainedPart, permutation
from lms.content.reference import Reference


def draw_order(item: Item, rng: random.Random, reference: Reference) -> dict[str, Any]:
    """{"order": author's index of the option shown at each place}."""
    return {"order": permutation(item, rng, len(item.text().parts))}


def letters(instance: Mapping[str, Any]) -> str:
    """The letters on show, in display order."""
    return LETTERS[: len(instance["order"])]


def shown(item: Item, instance: Mapping[str, Any], language: str) -> list[tuple[str, Part]]:
    """(letter, option) in display order."""
    parts = item.text(language).parts
    return [(letter, parts[index]) for letter, index in zip(letters(instance), instance["order"], strict=True)]


def choices(item: Item, instance: Mapping[str, Any], language: str, html: Fragments) -> tuple[tuple[str, str], ...]:
    """(letter, label HTML) in display order."""
    return tuple((letter, html.inline(part.text)) for letter, part in shown(item, instance, language))


def ticked(item: Item, instance: Mapping[str, Any]) -> set[str]:
    """The letters of the right options."""
    return {letter for letter, part in shown(item, instance, "hy") if part.mark.lower() == "x"}


def explained(
    item: Item, instance: Mapping[str, Any], chosen: set[str], right: set[str], language: str, html: Fragments
) -> tuple[ExplainedPart, ...]:
    """Each option with its feedback, in display order."""
    return tuple(
        ExplainedPart(html.inline(part.text), letter in chosen, letter in right, html.inline(part.feedback))
        for letter, part in shown(item, instance, language)
    )
