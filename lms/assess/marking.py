"""From raw answers to marks: what a person's form says about an item, and what of it becomes evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from lms import evidence, publishing
from lms.assess.models import AttemptItem, Form, Mark, Response
from lms.content import questions
from lms.database import db


def read(item: AttemptItem, form: Form) -> object:
    """The answer that the form holds, or None when nothing (or nothing readable) was answered."""
    try:
        return questions.read_form(publishing.item(item.revision_id), item.instance, form)
    except ValueError:
        return None


def mark(
    items: Sequence[AttemptItem],
    answers: Mapping[int, Response],
    sitting: evidence.Sitting,
    at: datetime,
    by_person: bool,
) -> None:
    """Add the one mark of every item, then the evidence, then that the person may know the keys from now on.
    answers: by position; at: the attempt's end; by_person: whether the person ended it, and not the clock."""
    marks = [_mark(item, answers.get(item.position)) for item in items]
    db.session.add_all(marks)
    db.session.flush()
    reached = _reached(items, marks, by_person)
    evidence.record_answers(sitting, [
        _answer(item, mark, answers[item.position].received_at if mark.response_id else at)
        for item, mark in zip(items, marks, strict=True)
        if item.position <= reached
    ])  # fmt: skip
    evidence.mark_seen(sitting.person_id, [publishing.item(item.revision_id).id for item in items], sitting.purpose)


def _mark(item: AttemptItem, response: Response | None) -> Mark:
    value = read(item, response.value) if response else None
    mark = questions.mark(publishing.item(item.revision_id), item.instance, value)
    return Mark(attempt_item_id=item.id, response_id=response.id if response and value is not None else None,
                category=mark.category, categories=mark.categories, credit=mark.credit, chance=mark.chance)  # fmt: skip


def _reached(items: Sequence[AttemptItem], marks: Sequence[Mark], by_person: bool) -> int:
    """The last position that says something: leaving out what one doesn't know is an answer of category 0. Items after
    the last answer count only if the person ended the attempt; the clock may have cut it."""
    given = [item.position for item, mark in zip(items, marks, strict=True) if mark.response_id]
    return len(items) if given and by_person else max(given, default=0)


def _answer(item: AttemptItem, mark: Mark, at: datetime) -> evidence.Answer:
    return evidence.Answer(item.revision_id, publishing.item(item.revision_id), mark.category, mark.categories, at)
