"""A person's finished attempts with their credit, void questions left out where that is better."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import bindparam, select

from lms import assess, evidence, publishing
from lms.assess import Attempt
from lms.assess.models import AttemptItem, ItemMark
from lms.database import db

_FINISHED = (
    select(
        Attempt.id,
        Attempt.purpose,
        Attempt.subject,
        Attempt.submitted_at,
        Attempt.trials,
        AttemptItem.position,
        AttemptItem.revision_id,
        ItemMark.credit,
    )
    .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
    .join(ItemMark, ItemMark.attempt_item_id == AttemptItem.id)
    .where(Attempt.person_id == bindparam("person"), Attempt.submitted_at.is_not(None))
    .order_by(Attempt.submitted_at, Attempt.id, AttemptItem.position)
)


@dataclass(frozen=True)
class FinishedAttempt:
    """A finished attempt: mean credit 0..1, and the credit of each of its items in order, by item key."""

    attempt_id: int
    purpose: str
    subject: str
    at: datetime
    credit: float
    items: Mapping[str, float]


def fair_credit(credits: Sequence[float], valid: Sequence[float]) -> float:
    """The mean credit, 0..1, without void items where that is better: whoever passed stays passed, and nobody fails by
    a question that was wrong."""
    return max(assess.mean_credit(credits), assess.mean_credit(valid))


def finished_attempts(person_id: int, void: Collection[int] | None) -> Iterable[FinishedAttempt]:
    rows = db.session.execute(_FINISHED, {"person": person_id}).all()
    if void is None:
        void = evidence.voids_for(person_id) if rows else ()
    for number, marks in groupby(rows, key=lambda row: row.id):
        of_attempt = list(marks)
        answers = [row for row in of_attempt if str(row.position) not in (row.trials or {})]
        credits = {publishing.item(row.revision_id).id: row.credit for row in answers}
        valid = [row.credit for row in answers if row.revision_id not in void]
        mean = fair_credit(list(credits.values()), valid)
        yield FinishedAttempt(
            number, of_attempt[0].purpose, of_attempt[0].subject, of_attempt[0].submitted_at, mean, credits
        )
