"""The question types, and the verbs of an item's life: draw, deliver, read, mark, explain.

A new type is one file beside this one and one entry in TYPES.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from lms.content import facts
from lms.content.fragments import Fragments
from lms.content.model import Item
from lms.content.questions.base import QuestionType
from lms.content.questions.categorising import Categorising
from lms.content.questions.cloze import Cloze
from lms.content.questions.err import ErrorSpotting
from lms.content.questions.eval import Evaluation
from lms.content.questions.judgement import Judgement
from lms.content.questions.matching import Matching
from lms.content.questions.multiple import Multiple
from lms.content.questions.numeric import Numeric
from lms.content.questions.ordering import Ordering
from lms.content.questions.posted import Form
from lms.content.questions.short import Short
from lms.content.questions.single import Single
from lms.content.questions.table import Table
from lms.content.questions.values import DeliveredItem, ExplainedPart, Explanation, Field, Mark
from lms.content.reference import Reference
from lms.content.render import Links
from lms.psychometrics.starting_values import CreditScale, StartingParameters, scale, starting

__all__ = [
    "TYPES",
    "DeliveredItem",
    "ExplainedPart",
    "Explanation",
    "Field",
    "Mark",
    "QuestionType",
    "StartingParameters",
    "contradicts",
    "deliver",
    "explain",
    "in_authors_order",
    "item_scale",
    "mark",
    "new_instance",
    "picked",
    "read_form",
    "slips",
    "starting_parameters",
]

TYPES: dict[str, QuestionType[Any]] = {
    question.name: question
    for question in (
        Single(),
        Multiple(),
        Ordering(),
        Matching(),
        Numeric(),
        Short(),
        Cloze(),
        Judgement(),
        ErrorSpotting(),
        Evaluation(),
        Categorising(),
        Table(),
    )
}
Instance = Mapping[str, Any]


def new_instance(item: Item, seed: int, reference: Reference) -> dict[str, Any]:
    """What is random or dated about one sitting of `item`: JSON-able, free of language, the same for the same seed.

    It holds the key of numeric questions: keep it on the server. ExpressionError (a ValueError) only for a numeric
    item that `check` reports.
    """
    # A plain generator is right here: the draw must be repeatable, and guarding it is not its job.
    rng = random.Random(seed)  # noqa: S311
    snapshots = {name: facts.snapshot(reference.facts[name]) for name in item.facts if name in reference.facts}
    drawn = msgspec.structs.replace(TYPES[item.type].draw(item, rng, reference), facts=snapshots)
    stored: dict[str, Any] = msgspec.to_builtins(drawn)
    return stored


def picked(item: Item, instance: Instance, form: Form) -> frozenset[int]:
    """The author's places of the options that a posted form chose; nothing for types without lettered options."""
    question = TYPES[item.type]
    return question.picked(question.read_instance(instance), form)


def in_authors_order(item: Item, instance: Instance) -> dict[str, Any]:
    """The instance with lettered options in the order in which the author wrote them."""
    question = TYPES[item.type]
    stored: dict[str, Any] = msgspec.to_builtins(question.in_authors_order(question.read_instance(instance)))
    return stored


def slips(item: Item, instance: Instance) -> list[str]:
    """Wrong answers that people are likely to type; empty for most types."""
    question = TYPES[item.type]
    return question.slips(question.read_instance(instance))


def deliver(item: Item, instance: Instance, language: str, links: Links | None = None) -> DeliveredItem:
    """What a page may see. Falls back to the language that exists when `language` is missing."""
    question = TYPES[item.type]
    drawn = question.read_instance(instance)
    html = Fragments(language, drawn.facts, links or Links())
    table = item.stimulus
    return DeliveredItem(
        id=item.id,
        type=item.type,
        stem_html=html.block(question.stem(item, drawn, language)),
        stimulus_html=html.block(table.text(language).stem) if table else None,
        instruction=question.instruction.get(language),
        fields=question.fields(item, drawn, language, html),
    )


def read_form(item: Item, instance: Instance, form: Form) -> Any | None:
    """The raw, JSON-able answer in a posted form (name -> values), None when nothing is answered.

    ValueError for what no page of ours can send: an option not offered, a text too long.
    """
    question = TYPES[item.type]
    return question.read(item, question.read_instance(instance), form)


def contradicts(item: Item, value: Any | None) -> bool:
    """Whether a raw answer takes one thing for two that exclude each other."""
    return value is not None and TYPES[item.type].contradicts(value)


@lru_cache(maxsize=2048)
def item_scale(item: Item) -> CreditScale:
    """The categories of `item` and how luck spreads over them; kept, since items never change."""
    return scale(TYPES[item.type].outcomes(item))


def mark(item: Item, instance: Instance, value: Any | None) -> Mark:
    """Category and shown credit of a raw answer; an omitted answer (None) is category 0."""
    grade = item_scale(item)
    if value is None:
        return Mark(0, len(grade.luck), 0.0, grade.chance)
    question = TYPES[item.type]
    x, credit = question.score(item, question.read_instance(instance), value)
    return Mark(grade.category(x), len(grade.luck), credit, grade.chance)


def explain(
    item: Item, instance: Instance, value: Any | None, language: str, links: Links | None = None
) -> Explanation:
    """The key, the feedback and the general explanation: only for after the end."""
    question = TYPES[item.type]
    drawn = question.read_instance(instance)
    html = Fragments(language, drawn.facts, links or Links())
    correct, parts = question.explain(item, drawn, value, language, html)
    general = html.block(question.general(item, drawn, language))
    return Explanation(mark(item, instance, value).credit, correct, parts, general)


@lru_cache(maxsize=2048)
def starting_parameters(item: Item, cuts: tuple[float, ...]) -> StartingParameters:
    """Prior parameters from the author's level and p and the cuts of the levels; see `starting_values.starting`. Items
    never change and are told apart by identity, so what was computed once holds."""
    return starting(item.level, item.p, item_scale(item), cuts)
