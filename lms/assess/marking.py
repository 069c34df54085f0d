"""From raw answers to marks: what a person's form says about an item, and what of it becomes evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms import clock, record, shelf
from lms.assess.rows import AttemptItem, Form, Mark, Response
from lms.db import db
from lms.library import questions

if TYPE_CHECKING:
    from lms.assess.attempt import Attempt


def read(item: AttemptItem, form: Form) -> object:
    """The answer that the form holds, or None when nothing (or nothing readable) was answered."""
    try:
        return questions.read_form(shelf.item(item.revision_id), item.instance, form)
    except ValueError:
        return None


def mark_attempt(attempt: Attempt) -> None:
    """Add the one mark of every item, then the evidence, then that the person may know the keys from now on."""
    answers = attempt.current_answers()
    marks = [_mark(item, answers.get(item.position)) for item in attempt.items]
    db.session.add_all(marks)
    db.session.flush()
    sitting = record.Sitting(attempt.person_id, attempt.id, attempt.purpose, attempt.parameter_set_id)
    record.record_answers(sitting, _evidence(attempt, marks, answers))
    keys = [shelf.item(item.revision_id).id for item in attempt.items]
    record.mark_seen(attempt.person_id, keys, attempt.purpose)


def _mark(item: AttemptItem, response: Response | None) -> Mark:
    value = read(item, response.value) if response else None
    mark = questions.mark(shelf.item(item.revision_id), item.instance, value)
    return Mark(attempt_item_id=item.id, response_id=response.id if response and value is not None else None,
                category=mark.category, categories=mark.categories, credit=mark.credit, chance=mark.chance)  # fmt: skip


def _evidence(attempt: Attempt, marks: list[Mark], answers: dict[int, Response]) -> list[record.Answer]:
    """Answers given, and items that the person passed over: leaving out what one doesn't know is an answer of
    category 0. Items after the last answer count only if the person ended the attempt; the clock may have cut it."""
    given = [item.position for item, mark in zip(attempt.items, marks, strict=True) if mark.response_id]
    reached = max(given, default=0)
    if given and attempt.finished_by == "person":
        reached = len(attempt.items)
    return [
        record.Answer(
            item.revision_id, shelf.item(item.revision_id), mark.category, mark.categories,
            answers[item.position].received_at if mark.response_id else attempt.submitted_at or clock.now(),
        )
        for item, mark in zip(attempt.items, marks, strict=True)
        if item.position <= reached
    ]  # fmt: skip
