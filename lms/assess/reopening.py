"""Taking back an end that a wrong clock made: staff give the reason, the trail keeps it."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy import delete, func, select, update

from lms import clock, evidence, publishing
from lms.assess import stored_answers
from lms.assess.attempt import Attempt
from lms.assess.attempts import open_attempt
from lms.assess.models import AttemptItem, ItemMark, Response
from lms.assess.receipt import EPOCH
from lms.database import audit, db, one_or_404
from lms.identity import reopening
from lms.identity.reopening import Ended, Kind, check_reason
from lms.web.i18n import language


def reopen(attempt: Attempt, reason: str, actor: int | None = None) -> None:
    """Let the attempt run again with the time that was left at its last answer (all of it without one).

    Its marks and evidence go. Answers that arrived after the wrong end count again and the keys count as unseen, unless
    the person has met the result: then the items stay practice. actor: a person's id, None for an operator's command.
    ValueError with the reason in words where it cannot be.
    """
    _must_be_possible(attempt, reason)
    ended, met = attempt.submitted_at or clock.now(), attempt.result_shown_at is not None
    _take_back(attempt, ended, met)
    attempt.submitted_at = attempt.finished_by = attempt.result_shown_at = None
    db.session.flush()
    db.session.expire(attempt)
    if not met:
        _count_again(attempt)
    _give_time_back(attempt, reason)
    detail = {"attempt": ["", attempt.id], "reason": ["", reason]}
    audit.append_entry(attempt.organisation_id, actor, "attempt_reopened", attempt.person_id, **detail)


def _must_be_possible(attempt: Attempt, reason: str) -> None:
    check_reason(reason)
    if attempt.submitted_at is None:
        raise ValueError(f"attempt {attempt.id} is open already")
    if open_attempt(attempt.person_id, attempt.purpose, attempt.subject):
        raise ValueError("the person has begun another attempt of the same kind since; it has to end first")


def _take_back(attempt: Attempt, ended: datetime, met: bool) -> None:
    """What `finish` made: marks, evidence, keys that count as seen, questions that were never reached."""
    evidence.withdraw(attempt.id)  # first: what counts it reads the marks once more
    of_attempt = select(AttemptItem.id).where(AttemptItem.attempt_id == attempt.id)
    db.session.execute(delete(ItemMark).where(ItemMark.attempt_item_id.in_(of_attempt)))
    if not met:
        keys = [publishing.item(item.revision_id).id for item in attempt.items]
        evidence.unsee(attempt.person_id, keys, attempt.purpose, ended)
    if not attempt.specification.revisit and not attempt.adaptive:
        reached = max(stored_answers.current_numbers(attempt.id), default=0) + 1
        later = AttemptItem.attempt_id == attempt.id, AttemptItem.position > reached
        db.session.execute(delete(AttemptItem).where(*later))


def _count_again(attempt: Attempt) -> None:
    """Only what a page of this attempt can have sent: its numbers lie below the next writer's."""
    late = Response.attempt_id == attempt.id, Response.late, Response.client_seq < (attempt.writer().epoch + 1) * EPOCH
    db.session.execute(update(Response).where(*late).values(late=False))


def _give_time_back(attempt: Attempt, reason: str) -> None:
    ends, now = attempt.ends_at(), clock.now()
    if ends is None:
        return
    of_attempt = Response.attempt_id == attempt.id, Response.received_at < ends
    last = db.session.scalar(select(func.max(Response.received_at)).where(*of_attempt)) or attempt.started_at
    gone = (now - last).total_seconds()
    if gone > 0:
        attempt.extend(max(1, round(gone)), reason)


def _ended(person_id: int) -> list[Ended]:
    rows = select(Attempt).where(Attempt.person_id == person_id, Attempt.finished_by == "deadline")
    attempts = db.session.scalars(rows.order_by(Attempt.submitted_at.desc()).limit(reopening.SHOWN)).all()
    return [Ended(each.id, each.title_in(language()), each.submitted_at) for each in attempts if each.submitted_at]


def _again(person_id: int, number: int, reason: str, actor: int) -> None:
    attempts = select(Attempt).where(Attempt.id == number, Attempt.person_id == person_id).with_for_update(of=Attempt)
    reopen(one_or_404(attempts.execution_options(populate_existing=True)), reason, actor)


def init_app(app: Flask) -> None:
    reopening.register(app, "test", Kind(_ended, _again))
