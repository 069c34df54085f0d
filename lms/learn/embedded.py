"""Questions in the text: answered in place, explained at once, practice only."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from lms import clock, evidence, publishing
from lms.content import questions
from lms.content.questions import DeliveredItem, Explanation
from lms.database import db
from lms.learn.models import EmbeddedAnswer

Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Embedded:
    """A question in the text as the page's form macro wants it; with an explanation once it was answered."""

    position: int
    key: str
    shown: DeliveredItem
    values: Form
    explanation: Explanation | None

    def value(self, name: str) -> str:
        """What a single-valued control holds."""
        return next(iter(self.values.get(name, ())), "")


_GIVEN = select(EmbeddedAnswer).where(
    EmbeddedAnswer.person_id == bindparam("person"), EmbeddedAnswer.item_key.in_(bindparam("keys", expanding=True))
)


def embedded(person_id: int, keys: Sequence[str], language: str, again: str) -> dict[str, Embedded]:
    """The questions of a page by item key; `again` names one to be answered anew. Unpublished ones are left out."""
    rows = db.session.scalars(_GIVEN, {"person": person_id, "keys": list(keys)})
    answers = {row.item_key: row for row in rows if row.item_key != again}
    numbers = {key: publishing.revision_of(key) for key in keys}
    return {
        key: _shown(person_id, position, key, number, answers.get(key), language)
        for position, (key, number) in enumerate(numbers.items(), 1)
        if number
    }


def keep_answer(person_id: int, key: str, form: Form) -> bool:
    """Mark the form, keep it as the latest answer, and note that the key was shown. False when nothing was answered.

    ValueError for what no page of ours sends; KeyError when the item is not published.
    """
    number = publishing.revision_of(key)
    if number is None:
        raise KeyError(key)
    item, instance = publishing.item(number), _instance(person_id, key, number)
    value = questions.read_form(item, instance, form)
    if value is None:
        return False
    row = db.session.scalar(select(EmbeddedAnswer).filter_by(person_id=person_id, item_key=key))
    if row is None:
        row = EmbeddedAnswer(person_id=person_id, item_key=key)
        db.session.add(row)
    row.revision_id, row.instance, row.answered_at = number, instance, clock.now()
    row.value = {name: list(values) for name, values in form.items() if name.split(".")[0] == "answer"}
    row.credit = questions.mark(item, instance, value).credit
    evidence.mark_seen(person_id, key, "embedded")
    return True


def _instance(person_id: int, key: str, number: int) -> dict[str, Any]:
    """The same numbers and order for a person each time, other ones for the next person."""
    return questions.new_instance(
        publishing.item(number), zlib.crc32(f"{person_id}/{key}".encode()), publishing.reference()
    )


def _shown(
    person_id: int, position: int, key: str, number: int, answer: EmbeddedAnswer | None, language: str
) -> Embedded:
    """What was answered stands as it was then; an unanswered question in its published version."""
    item = publishing.item(answer.revision_id if answer else number)
    instance = answer.instance if answer else _instance(person_id, key, number)
    links = publishing.links(item)
    explanation = None
    if answer:
        value = questions.read_form(item, instance, answer.value)
        explanation = questions.explain(item, instance, value, language, links)
    shown = questions.deliver(item, instance, language, links)
    return Embedded(position, key, shown, answer.value if answer else {}, explanation)
