"""From raw answers to marks: what a person's form says about an item, and what of it becomes evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms import evidence, publishing
from lms.assess.models import AttemptItem, ItemMark, Response
from lms.assess.specification import Specification
from lms.content import questions
from lms.content.model import Item
from lms.content.questions import Instance
from lms.content.questions.posted import Form
from lms.database.upsert import insert_together

Marked = tuple[AttemptItem, ItemMark]


def read(question: Item, instance: Instance, form: Form) -> Any:
    """The answer that the form holds, or None when nothing (or nothing readable) was answered."""
    try:
        return questions.read_form(question, instance, form)
    except ValueError:
        return None


@dataclass(frozen=True)
class End:
    """How an attempt ended. opened: so many of its questions, from the first on, could be answered; complete: the test
    came to its own end, so that nobody left a question open; trials: positions of questions that count for nothing."""

    at: datetime
    opened: int
    complete: bool
    trials: frozenset[int] = frozenset()


def mark(
    items: Sequence[AttemptItem],
    answers: Mapping[int, Response],
    sitting: evidence.Sitting,
    test: Specification,
    end: End,
) -> None:
    """Add the one mark of every item, then the evidence, then that the person may know the keys from now on. answers:
    by position."""
    marks = [_mark(item, answers.get(item.position)) for item in items]
    insert_together(ItemMark, [_row(mark) for mark in marks])
    if test.gives_evidence:
        counted = _counted(list(zip(items, marks, strict=True)), test, end)
        read = [(item.position in end.trials, _answer(item, mark, answers, end.at)) for item, mark in counted]
        evidence.record_answers(sitting, [answer for on_trial, answer in read if not on_trial])
        evidence.record_trials(sitting, [answer for on_trial, answer in read if on_trial])
    evidence.mark_seen(sitting.person_id, [publishing.item(item.revision_id).id for item in items], sitting.purpose)


def _counted(marked: Sequence[Marked], test: Specification, end: End) -> Sequence[Marked]:
    """What says something about the person. Leaving out what one doesn't know is an answer of category 0, whoever ended
    the test; but a form without a single answer nobody has sat, and in a test that chooses question by question, the
    one merely shown next says nothing."""
    if not any(mark.response_id for _, mark in marked):
        return ()
    opened = marked[: end.opened]
    merely_shown = test.unanswered == "left_out" and not end.complete and opened and not opened[-1][1].response_id
    return opened[:-1] if merely_shown else opened


def _mark(item: AttemptItem, response: Response | None) -> ItemMark:
    question = publishing.item(item.revision_id)
    value = read(question, item.instance, response.value) if response else None
    mark = questions.mark(question, item.instance, value)
    return ItemMark(
        attempt_item_id=item.id,
        response_id=response.id if response and value is not None else None,
        category=mark.category,
        categories=mark.categories,
        credit=mark.credit,
        chance=mark.chance,
    )


def _row(mark: ItemMark) -> dict[str, object]:
    values = ("attempt_item_id", "response_id", "category", "categories", "credit", "chance")
    return {name: getattr(mark, name) for name in values}


def _answer(item: AttemptItem, mark: ItemMark, answers: Mapping[int, Response], end: datetime) -> evidence.Answer:
    response = answers[item.position] if mark.response_id else None
    at, language = (min(response.received_at, end), response.language) if response else (end, None)
    question = publishing.item(item.revision_id)
    return evidence.Answer(item.revision_id, question, mark.category, mark.categories, at, language)
