"""A simulated person at an item: draws the category that the response model gives their ability, then fills in a form
that earns it, by trying and looking, as one who knows the key could."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lms.assess.rows import Form
from lms.library import Item, questions
from lms.library.questions.base import Field
from lms.score.model import Item as Unit
from lms.score.model import Items, category_probs

Instance = Mapping[str, Any]
ROUNDS = 3


def respond(item: Item, instance: Instance, unit: Unit, theta: float, rng: random.Random) -> Form:
    """The form of a person of ability theta; unit: the item's parameters."""
    chances = category_probs(Items.of([unit]), np.array([theta]))[0, 0]
    wanted = rng.choices(range(len(chances)), weights=list(chances))[0]
    return _earning(item, instance, wanted, rng)


def _earning(item: Item, instance: Instance, wanted: int, rng: random.Random) -> Form:
    """The form, among those met while changing one field at a time, whose category is nearest the one wanted."""
    fields = questions.deliver(item, instance, "hy").fields
    known = _known_text(item, instance)
    form = _first(fields, rng)
    for _ in range(ROUNDS):
        for field in rng.sample(fields, len(fields)):
            tried = [form, *_changes(form, field, known, rng)]
            form = min(tried, key=lambda one: _distance(item, instance, one, wanted))
    return form


def _distance(item: Item, instance: Instance, form: Form, wanted: int) -> tuple[float, float]:
    """How far from the category wanted; a higher credit breaks ties on the way up, a lower one on the way down."""
    mark = questions.mark(item, instance, questions.read_form(item, instance, form))
    top = mark.categories - 1
    return abs(mark.category - wanted), -mark.credit if wanted * 2 > top else mark.credit


def _first(fields: tuple[Field, ...], rng: random.Random) -> Form:
    form: Form = {}
    for field in fields:
        values = [value for value, _ in field.options]
        if field.kind == "rank":
            places = rng.sample(range(1, len(values) + 1), len(values))
            form |= {f"{field.name}.{value}": [str(place)] for value, place in zip(values, places, strict=True)}
        elif values:
            form[field.name] = [rng.choice(values)]
        else:
            form[field.name] = ["?"] if field.kind == "text" else ["0"]
    return form


def _changes(form: Form, field: Field, known: list[str], rng: random.Random) -> Iterator[Form]:
    values = [value for value, _ in field.options]
    if field.kind == "rank":
        yield from _swaps(form, [f"{field.name}.{value}" for value in values])
    elif field.kind == "choices":
        for value in values:
            chosen = set(form[field.name]) ^ {value}
            yield {**form, field.name: [one for one in values if one in chosen]}
    elif values:
        yield from ({**form, field.name: [value]} for value in values)
    else:
        yield from ({**form, field.name: [text]} for text in known)


def _swaps(form: Form, names: list[str]) -> Iterator[Form]:
    for index, one in enumerate(names):
        for other in names[index + 1 :]:
            yield {**form, one: form[other], other: form[one]}


def _known_text(item: Item, instance: Instance) -> list[str]:
    """What could be typed: the words of the right answer as it is explained, and its numbers."""
    shown = re.sub(r"<[^>]+>", "\n", questions.explain(item, instance, None, "hy").correct_html)
    lines = [line.strip(" :·՝։") for line in shown.splitlines()]
    found = [line for line in lines if line] + re.findall(r"-?\d[\d\u00a0 ]*(?:[.,]\d+)?", shown)
    return [text[:200] for text in dict.fromkeys(found)]
