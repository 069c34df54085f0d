"""What a finished attempt came to, question by question. Only here do keys and explanations leave the library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import bindparam, select

from lms import publishing
from lms.assess.attempt import Attempt
from lms.assess.haste import OFTEN, TimedAnswer, too_fast
from lms.assess.models import AttemptItem, ItemMark, Response
from lms.content import questions
from lms.content.questions import DeliveredItem, Explanation
from lms.database import db

FULL = 1 - 1e-9  # credit that counts as right


@dataclass(frozen=True)
class ItemResult:
    """One question: what was shown, the marks it got, and the explanation per part of the answer. late: an answer to it
    arrived after the end; it is kept and not counted."""

    position: int
    revision_id: int
    key: str
    sub: str
    kind: str
    delivered: DeliveredItem
    answered: bool
    late: bool
    credit: float
    explanation: Explanation


@dataclass(frozen=True)
class AttemptResult:
    """items: the questions that count; trials: those on trial; credit: mean of the items' credits, 0..1; late: answers
    kept but not counted; hasty: positions of answers that came sooner than their questions can be read."""

    attempt_id: int
    purpose: str
    subject: str
    title: str
    started_at: datetime
    submitted_at: datetime
    finished_by: str
    items: tuple[ItemResult, ...]
    credit: float
    answered: int
    late: int
    trials: tuple[ItemResult, ...] = ()
    hasty: frozenset[int] = frozenset()

    @property
    def often_hasty(self) -> bool:
        return len(self.hasty) >= OFTEN * max(self.answered, 1)


# Every result asks for these, so they are built once.
_RESPONSES = (
    select(Response.id, Response.attempt_item_id, Response.value, Response.received_at, Response.late)
    .where(Response.attempt_id == bindparam("attempt"))
    .order_by(Response.id)
)
_MARKS = (
    select(ItemMark)
    .join(AttemptItem, AttemptItem.id == ItemMark.attempt_item_id)
    .where(AttemptItem.attempt_id == bindparam("attempt"))
)


def results(attempt: Attempt, language: str) -> AttemptResult:
    """The frozen result in one language. ValueError while the attempt is open: nothing is told before the end."""
    if attempt.submitted_at is None or attempt.finished_by is None:
        raise ValueError(f"attempt {attempt.id} is not finished")
    marks = marks_of(attempt)
    responses = db.session.execute(_RESPONSES, {"attempt": attempt.id}).all()
    by_id, late = {row.id: row for row in responses}, {row.attempt_item_id for row in responses if row.late}
    by_position = [
        (item.position, _item(item, marks[item.id], by_id, item.id in late, language)) for item in attempt.items
    ]
    items = tuple(item for position, item in by_position if not attempt.trial_at(position))
    trials = tuple(item for position, item in by_position if attempt.trial_at(position))
    credit = mean_credit([item.credit for item in items])
    return AttemptResult(
        attempt.id,
        attempt.purpose,
        attempt.subject,
        attempt.title_in(language),
        attempt.started_at,
        attempt.submitted_at,
        attempt.finished_by,
        items,
        credit,
        sum(item.answered for item in items),
        sum(item.late for item in items),
        trials,
        _hasty(attempt, items, responses),
    )


def _hasty(attempt: Attempt, items: Sequence[ItemResult], responses: Sequence[Any]) -> frozenset[int]:
    letters = {item.position: _letters(item.delivered) for item in items if item.answered}
    places = {item.id: item.position for item in attempt.items}
    first: dict[int, datetime] = {}
    for response in responses:
        first.setdefault(places[response.attempt_item_id], response.received_at)
    timed = [TimedAnswer(place, count, first[place]) for place, count in letters.items()]
    return too_fast(attempt.started_at, timed, one_by_one=not attempt.specification.revisit)


def _letters(question: DeliveredItem) -> int:
    """Of a question and its options, without a table, which may be known from the question before."""
    options = [label for field in question.fields for _, label in field.options]
    return len(Markup(" ".join([question.stem_html, *dict.fromkeys(options)])).striptags())  # noqa: S704


def marks_of(attempt: Attempt) -> dict[int, ItemMark]:
    """The marks of a finished attempt by attempt item."""
    return {mark.attempt_item_id: mark for mark in db.session.scalars(_MARKS, {"attempt": attempt.id})}


def mean_credit(credits: Sequence[float]) -> float:
    """0..1; an attempt without items has 0."""
    return sum(credits) / (len(credits) or 1)


def _item(item: AttemptItem, mark: ItemMark, responses: Mapping[int, Any], late: bool, language: str) -> ItemResult:
    question = publishing.item(item.revision_id)
    response = responses.get(mark.response_id or 0)
    value = questions.read_form(question, item.instance, response.value) if response else None
    links = publishing.links(question)
    return ItemResult(
        item.position,
        item.revision_id,
        question.id,
        question.sub,
        question.type,
        questions.deliver(question, item.instance, language, links),
        response is not None,
        late,
        mark.credit,
        questions.explain(question, item.instance, value, language, links),
    )
