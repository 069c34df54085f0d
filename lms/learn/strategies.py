"""Ways to answer without knowing anything: forms filled in by a habit, marked as everybody's are."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from lms.assess import marking
from lms.content import Item, questions
from lms.content.questions.values import Field
from lms.content.reference import Reference

Form = dict[str, list[str]]
Habit = Callable[[Field, random.Random], Form]
ROUNDS = 6  # over all fields, until somebody who knows is content
SEVERAL = ("choices", "lines")  # kinds of field of which several options may be ticked


def _by_chance(field: Field, rng: random.Random) -> Form:
    """Any option, each box by the toss of a coin."""
    if field.kind in SEVERAL:
        return {field.name: [value for value in _values(field) if rng.random() < 0.5]}
    return _placed(field, rng.sample(range(len(field.options)), len(field.options)))


def _first(field: Field, _rng: random.Random) -> Form:
    """Always what stands first, alone."""
    return _placed(field, list(range(len(field.options))))


def _last(field: Field, _rng: random.Random) -> Form:
    """Always what stands last; every box."""
    if field.kind in SEVERAL:
        return {field.name: _values(field)}
    return _placed(field, list(reversed(range(len(field.options)))))


def _middle(field: Field, _rng: random.Random) -> Form:
    """What stands nearest to the middle."""
    half = (len(field.options) - 1) / 2
    return _placed(field, sorted(range(len(field.options)), key=lambda place: abs(place - half)))


def _longest(field: Field, _rng: random.Random) -> Form:
    """The longest option, the longer half of the boxes."""
    longest_first = sorted(range(len(field.options)), key=lambda place: -_length(field, place))
    if field.kind in SEVERAL:
        places = longest_first[: (len(longest_first) + 1) // 2]
        return {field.name: [value for place, value in enumerate(_values(field)) if place in places]}
    return _placed(field, longest_first)


def _placed(field: Field, order: Sequence[int]) -> Form:
    """The first of the order, or everything in this order."""
    values = _values(field)
    if field.kind == "rank":
        return {f"{field.name}.{values[place]}": [str(at)] for at, place in enumerate(order, 1)}
    if values:
        return {field.name: [values[order[0]]]}
    return {field.name: ["0" if field.kind == "number" else "?"]}


def _values(field: Field) -> list[str]:
    return [value for value, _ in field.options]


def _length(field: Field, place: int) -> int:
    return len(Markup(field.options[place][1]).striptags())  # noqa: S704  counted, never shown


HABITS: Mapping[str, Habit] = {
    "by chance": _by_chance,
    "always the first": _first,
    "always the last, every box": _last,
    "always the middle": _middle,
    "always the longest": _longest,
}
COPIED = "copied from another's sheet"
STRATEGIES = (*HABITS, COPIED)


def reached(item: Item, strategy: str, reference: Reference, rng: random.Random, language: str = "hy") -> int:
    """The category that the strategy reaches in one sitting of the item. KeyError names an unknown strategy."""
    instance = _instance(item, reference, rng)
    if strategy == COPIED:
        form = _known(item, _instance(item, reference, rng), language, rng)
    else:
        form = _filled(_fields(item, instance, language), HABITS[strategy], rng)
    return _mark(item, instance, form)[0]


def _instance(item: Item, reference: Reference, rng: random.Random) -> dict[str, object]:
    return questions.new_instance(item, rng.getrandbits(32), reference)


def _fields(item: Item, instance: Mapping[str, object], language: str) -> tuple[Field, ...]:
    return questions.deliver(item, instance, language).fields


def _filled(fields: Sequence[Field], habit: Habit, rng: random.Random) -> Form:
    """What is called best is not called worst too: the next by the habit is."""
    form: Form = {}
    for field in fields:
        used_values = {value for values in form.values() for value in values} if field.kind == "extreme" else set()
        left = tuple(option for option in field.options if option[0] not in used_values)
        form |= habit(Field(field.name, field.kind, field.label_html, left), rng)
    return form


def _mark(item: Item, instance: Mapping[str, object], form: Form) -> tuple[int, float]:
    """Category and credit; none for what is no answer to this sheet."""
    mark = questions.mark(item, instance, marking.read(item, instance, form))
    return mark.category, mark.credit


def _known(item: Item, instance: Mapping[str, object], language: str, rng: random.Random) -> Form:
    """The form of somebody who knows: changed field by field for the better, from a beginning by chance."""
    fields = _fields(item, instance, language)
    form = _filled(fields, _by_chance, rng)
    for field in fields * ROUNDS:
        changed = ({**form, **change} for change in _changes(form, field))
        form = max((form, *changed), key=lambda tried: _mark(item, instance, tried))
    return form


def _changes(form: Form, field: Field) -> list[Form]:
    values = _values(field)
    if field.kind == "rank":
        names = [f"{field.name}.{value}" for value in values]
        return [{first: form[other], other: form[first]} for first in names for other in names if first < other]
    if field.kind in SEVERAL:
        ticked = ({*form[field.name]} ^ {value} for value in values)
        return [{field.name: [each for each in values if each in boxes]} for boxes in ticked]
    return [{field.name: [value]} for value in values]
