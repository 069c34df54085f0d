"""A simulated person at an item: draws the category that the response model gives their ability, then fills in a form
that earns it, by trying and looking, as one who knows the key could."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from lms.assess.models import Form
from lms.content import Item, questions
from lms.content.questions.values import Field
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.model import category_probs

Instance = Mapping[str, Any]
Far = Callable[[Form], tuple[float, float]]
BEGINNINGS = 12
SEVERAL = ("choices", "lines")  # kinds of field of which several options may be ticked


def respond(item: Item, instance: Instance, unit: ItemParameters, theta: float, rng: random.Random) -> Form:
    """The form of a person of ability theta; unit: the item's parameters."""
    chances = category_probs(Items.of([unit]), np.array([theta]))[0, 0]
    wanted = rng.choices(range(len(chances)), weights=list(chances))[0]
    return _earning(item, instance, wanted, rng)


def _earning(item: Item, instance: Instance, wanted: int, rng: random.Random) -> Form:
    """The form that earns the category wanted, or comes nearest: found by changing one field at a time for the better,
    from several beginnings."""
    fields = questions.deliver(item, instance, "hy").fields
    texts = _known_text(item, instance)

    def far(form: Form) -> tuple[float, float]:
        return _distance(item, instance, form, wanted)

    tried: list[Form] = []
    for _ in range(BEGINNINGS):
        tried.append(_nearer(_first(fields, rng), fields, texts, far, rng))
        if not far(tried[-1])[0]:
            break
    return min(tried, key=far)


def _nearer(form: Form, fields: Sequence[Field], texts: list[str], far: Far, rng: random.Random) -> Form:
    """Downhill until no change of one field helps."""
    before = None
    while before is not form and far(form)[0]:
        before = form
        for field in rng.sample(fields, len(fields)):
            form = min((form, *_changes(form, field, texts, rng)), key=far)
    return form


def _distance(item: Item, instance: Instance, form: Form, wanted: int) -> tuple[float, float]:
    """How far from the category wanted; among equals a higher credit is nearer on the way up, a lower one down. A page
    without scripts takes no answer that contradicts itself, so nothing is farther."""
    value = questions.read_form(item, instance, form)
    if questions.contradicts(item, value):
        return float("inf"), 0.0
    mark = questions.mark(item, instance, value)
    return abs(mark.category - wanted), mark.credit * ((mark.category > wanted) - (mark.category < wanted))


def _first(fields: tuple[Field, ...], rng: random.Random) -> Form:
    form: Form = {}
    for field in fields:
        values = [value for value, _ in field.options]
        if field.kind == "rank":
            places = rng.sample(range(1, len(values) + 1), len(values))
            form |= {f"{field.name}.{value}": [str(place)] for value, place in zip(values, places, strict=True)}
        elif field.kind in SEVERAL:
            form[field.name] = [value for value in values if rng.random() < 0.5]
        elif values:
            form[field.name] = [rng.choice(values)]
        else:
            form[field.name] = ["?"] if field.kind == "text" else ["0"]
    return form


def _changes(form: Form, field: Field, texts: list[str], rng: random.Random) -> Iterator[Form]:
    values = [value for value, _ in field.options]
    if field.kind == "rank":
        yield from _swaps(form, [f"{field.name}.{value}" for value in values])
    elif field.kind in SEVERAL:
        for value in values:
            chosen = set(form[field.name]) ^ {value}
            yield {**form, field.name: [choice for choice in values if choice in chosen]}
    elif values:
        yield from ({**form, field.name: [value]} for value in values)
    else:
        yield from ({**form, field.name: [text]} for text in texts)


def _swaps(form: Form, names: list[str]) -> Iterator[Form]:
    for index, name in enumerate(names):
        for other in names[index + 1 :]:
            yield {**form, name: form[other], other: form[name]}


def _known_text(item: Item, instance: Instance) -> list[str]:
    """What could be typed: the words of the right answer as it is explained, its numbers, and what others get."""
    shown = re.sub(r"<[^>]+>", "\n", questions.explain(item, instance, None, "hy").correct_html)
    lines = [line.strip(" :·՝։") for line in shown.splitlines()]
    texts = [line for line in lines if line] + re.findall(r"-?\d[\d\u00a0 ]*(?:[.,]\d+)?", shown)
    return [text[:200] for text in dict.fromkeys([*texts, *questions.slips(item, instance)])]
