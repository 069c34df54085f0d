"""Showing an item with its key to who writes it: noted before the page goes out, shut during a test that may ask it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import render_template
from flask.typing import ResponseReturnValue

from lms import assess, evidence, publishing
from lms.config import LANGUAGES
from lms.content import Item, questions
from lms.content.questions import DeliveredItem, Explanation
from lms.identity.access import current_person

SEEN_HERE = "author"  # where a person has met the keys of items, as evidence keeps it
Sides = dict[str, tuple[DeliveredItem, Explanation]]


def shut(items: Sequence[Item]) -> ResponseReturnValue | None:
    """Note that the person meets these items' keys on this page; or the page in its place while they sit a test that
    asks one of them or could."""
    open_questions = assess.open_questions(current_person.id)
    if any(open_questions.hold(item) for item in items):
        return render_template("author/shut.html"), 403
    note_keys_shown(items)
    return None


def note_keys_shown(items: Iterable[Item]) -> None:
    evidence.mark_shown(current_person.id, [item.id for item in items], SEEN_HERE)


def sides(item: Item) -> Sides:
    """The question and its explanation in each language, in the author's order: letters are places in the file."""
    instance = questions.in_authors_order(item, questions.new_instance(item, 1, publishing.reference()))
    return {
        code: (questions.deliver(item, instance, code), questions.explain(item, instance, None, code))
        for code in LANGUAGES
    }
