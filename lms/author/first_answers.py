"""First answers of a few people, read with how they were given: what counts of items are made from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select

from lms import evidence, publishing
from lms.assess import Attempt
from lms.assess.models import AttemptItem, ItemMark, Response
from lms.author.tallies import FirstAnswer, GivenEvidence, TallyCell
from lms.content import questions
from lms.database import db
from lms.evidence.models import Evidence


def answers_of(people: Collection[int]) -> dict[int, list[GivenEvidence]]:
    """person -> their evidence that counts, in the order in which it came; in three queries for all of them."""
    first = _first_answers(people)
    answers: dict[int, list[GivenEvidence]] = {person: [] for person in people}
    for row in _evidence(people):
        cell = TallyCell(row.revision_id, row.item_key, row.categories, row.language or "")
        skill = row.sub.partition(".")[0]
        answers[row.person_id].append(GivenEvidence(row.id, cell, skill, row.category, first.get(row.id)))
    return answers


def _evidence(people: Collection[int]) -> Sequence[Any]:
    of_answer = Evidence.id, Evidence.person_id, Evidence.sub, Evidence.category
    of_cell = Evidence.revision_id, Evidence.item_key, Evidence.categories, Evidence.language
    rows = select(*of_answer, *of_cell).where(Evidence.person_id.in_(people), evidence.counts())
    return db.session.execute(rows.order_by(Evidence.id)).all()


def _first_answers(people: Collection[int]) -> dict[int, FirstAnswer]:
    """Evidence -> how it was answered, where an attempt holds it."""
    of_attempt = (AttemptItem.attempt_id == Evidence.attempt_id) & (AttemptItem.revision_id == Evidence.revision_id)
    rows = db.session.execute(
        select(
            Evidence.id.label("evidence_id"),
            Evidence.person_id,
            Evidence.revision_id,
            AttemptItem.id,
            AttemptItem.instance,
            ItemMark.response_id,
            Response.value,
        )
        .join(AttemptItem, of_attempt)
        .join(ItemMark, ItemMark.attempt_item_id == AttemptItem.id)
        .outerjoin(Response, Response.id == ItemMark.response_id)
        .where(Evidence.person_id.in_(people))
    ).all()
    seconds = _seconds(people)
    return {
        row.evidence_id: FirstAnswer(row.person_id, row.response_id is None, _picked(row), seconds.get(row.id))
        for row in rows
    }


def _picked(row: Row[Any]) -> frozenset[int]:
    return questions.picked(publishing.item(row.revision_id), row.instance, row.value or {})


def _seconds(people: Collection[int]) -> dict[int, float]:
    """attempt item -> seconds from the answer before (or the attempt's start) to its first answer."""
    rows = db.session.execute(
        select(Attempt.id, Attempt.started_at, Response.attempt_item_id, Response.received_at)
        .join(Response, Response.attempt_id == Attempt.id)
        .where(Attempt.person_id.in_(people), Attempt.submitted_at.is_not(None))
        .order_by(Attempt.id, Response.received_at, Response.id)
    ).all()
    seconds: dict[int, float] = {}
    for _, attempt in groupby(rows, key=lambda row: row.id):
        before = None
        for row in attempt:
            passed = row.received_at - (before or row.started_at)
            seconds.setdefault(row.attempt_item_id, passed.total_seconds())
            before = row.received_at
    return seconds
