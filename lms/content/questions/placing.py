"""Elements put into places: the fields of matching and categorising, what was posted, where each went, its worth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import comb
from typing import Any

from lms.content.questions.parts import LETTERS
from lms.content.questions.posted import Form, posted
from lms.content.questions.values import Field, Score


def place_fields(kind: str, elements: Iterable[str], places: Iterable[str]) -> tuple[Field, ...]:
    """A field per element that offers every place; both as HTML in display order."""
    offered = tuple(zip(LETTERS, places, strict=False))
    return tuple(
        Field(f"answer.{letter}", kind, element, offered) for letter, element in zip(LETTERS, elements, strict=False)
    )


def read_places(form: Form, elements: int, places: int) -> dict[str, str] | None:
    """{letter of the element: letter of its place}, None where nothing was put anywhere."""
    answers = {letter: posted(form, f"answer.{letter}", LETTERS[:places]) for letter in LETTERS[:elements]}
    return {letter: value for letter, value in answers.items() if value} or None


def placed(elements: Sequence[int], places: Sequence[int], value: Any) -> list[tuple[int, int | None]]:
    """(author's index of the element, of the place chosen for it or None) in display order, which both are in."""
    by_letter = dict(zip(LETTERS, places, strict=False))
    return [
        (index, by_letter.get(str((value or {}).get(letter)))) for letter, index in zip(LETTERS, elements, strict=False)
    ]


def place_score(hits: int, elements: int, places: int) -> Score:
    """Elements in their place beyond chance; shown as those of all."""
    expected = elements / places
    return Score((hits - expected) / (elements - expected), hits / elements)


def chance_of_places(elements: int, places: int) -> dict[float, float]:
    """x: its probability where each element is put anywhere."""
    chance = 1 / places
    return {
        place_score(hits, elements, places).x: comb(elements, hits) * chance**hits * (1 - chance) ** (elements - hits)
        for hits in range(elements + 1)
    }
