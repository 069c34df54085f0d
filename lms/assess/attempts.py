"""Beginning and resuming an attempt."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from flask import abort
from sqlalchemy import Select, select

from lms import clock, evidence, publishing
from lms.assess.attempt import Attempt
from lms.assess.models import AttemptItem, Writer
from lms.content import questions
from lms.database import db
from lms.identity.models import Person

PLAIN = "p-"  # tokens of pages whose script has not claimed the attempt yet, or that have none
SEEDS = 2**31


def page_token() -> str:
    return PLAIN + secrets.token_urlsafe(12)


def open_attempt(person_id: int, purpose: str, subject: str, lock: bool = False) -> Attempt | None:
    """The person's unfinished attempt of that purpose and subject; `lock` as in `attempt_of`."""
    statement = select(Attempt).where(
        Attempt.person_id == person_id, Attempt.purpose == purpose, Attempt.subject == subject,
        Attempt.submitted_at.is_(None),
    )  # fmt: skip
    return db.session.scalar(_locked(statement) if lock else statement)


def attempt_of(person_id: int, attempt_id: int, lock: bool = False) -> Attempt:
    """The person's own attempt, or 404; with `lock` no other transaction changes it until this one ends."""
    statement = select(Attempt).where(Attempt.id == attempt_id, Attempt.person_id == person_id)
    found = db.session.scalar(_locked(statement) if lock else statement)
    return found or abort(404)


def start(
    person: Person,
    purpose: str,
    subject: str,
    title: Mapping[str, str],
    revision_ids: Sequence[int],
    seconds: float | None = None,
    seed: int | None = None,
) -> Attempt:
    """The open attempt of this purpose and subject, else a new one over these item revisions, in this order.

    title: {"hy": …, "en": …}; seconds: time limit before the person's own extra time. Resuming makes this browser the
    writer. The caller commits, inside `transaction`, since two starts in the same moment meet in a unique index.
    """
    running = open_attempt(person.id, purpose, subject, lock=True)
    if running and running.is_over():
        running.finish()
        db.session.flush()
    elif running:
        running.take_over(page_token())
        return running
    attempt = _new(person, purpose, subject, title, seconds, secrets.randbelow(SEEDS) if seed is None else seed)
    for revision_id in revision_ids:
        append_item(attempt, revision_id)
    return attempt


def append_item(attempt: Attempt, revision_id: int) -> AttemptItem:
    """Pin one more question: its revision, and the numbers and order that the attempt's seed draws for its place."""
    position = len(attempt.items) + 1
    drawn = questions.new_instance(
        publishing.item(revision_id), (attempt.seed + 7919 * position) % SEEDS, publishing.reference()
    )
    item = AttemptItem(attempt_id=attempt.id, position=position, revision_id=revision_id, instance=drawn)
    attempt.items.append(item)
    db.session.flush()
    return item


def _new(
    person: Person, purpose: str, subject: str, title: Mapping[str, str], seconds: float | None, seed: int
) -> Attempt:
    now = clock.now()
    limit = None if seconds is None else timedelta(seconds=seconds)
    parameters = evidence.current_set()
    attempt = Attempt(
        person_id=person.id, organisation_id=person.organisation_id, purpose=purpose, subject=subject,
        title=dict(title), seed=seed, started_at=now, deadline_at=now + limit if limit else None,
        parameter_set_id=parameters.id if parameters else None,
    )  # fmt: skip
    db.session.add(attempt)
    db.session.flush()
    if seconds and person.extra_time > 1:
        attempt.extend(round(seconds * (person.extra_time - 1)))
    db.session.add(Writer(attempt_id=attempt.id, epoch=1, tab=page_token()))
    db.session.flush()
    return attempt


def _locked(statement: Select[Attempt]) -> Select[Attempt]:
    """SQLite holds its one write lock since BEGIN IMMEDIATE and ignores FOR UPDATE; PostgreSQL locks the row."""
    return statement.with_for_update(of=Attempt).execution_options(populate_existing=True)


def people_with_open_attempts(kind: str, keys: Collection[str]) -> list[tuple[str, int]]:
    """(item, person) for each of these items that stands in an open attempt; see `publishing.count_people_with`."""
    if kind != "item":
        return []
    pinned = select(AttemptItem.revision_id, Attempt.person_id).join(Attempt).where(Attempt.submitted_at.is_(None))
    rows = [(publishing.item(row.revision_id).id, row.person_id) for row in db.session.execute(pinned)]
    return [(key, person) for key, person in rows if key in keys]
