"""Beginning, resuming and finding an attempt."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from flask import abort
from sqlalchemy import Select, bindparam, exists, or_, select, update
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from lms import clock, evidence, publishing
from lms.assess.attempt import Attempt
from lms.assess.chance import chance
from lms.assess.delivery import deliver
from lms.assess.instances import SEEDS
from lms.assess.models import AttemptItem, Extension, Pause, Writer
from lms.assess.registry import registered
from lms.assess.specification import Specification
from lms.assess.trials import Trials, merged, plan
from lms.database import db, write_aside
from lms.database.upsert import insert_together
from lms.identity.models import Person

PLAIN = "p-"  # tokens of pages whose script has not claimed the attempt yet, or that have none


def _locked(statement: Select[Attempt]) -> Select[Attempt]:
    """SQLite holds its one write lock since BEGIN IMMEDIATE and ignores FOR UPDATE; PostgreSQL locks the row."""
    return statement.with_for_update(of=Attempt).execution_options(populate_existing=True)


# Every request of a sitting asks for one of these, so they are built once.
_OWN = select(Attempt).where(Attempt.id == bindparam("attempt"), Attempt.person_id == bindparam("person"))
_OPEN = select(Attempt).where(
    Attempt.person_id == bindparam("person"),
    Attempt.purpose == bindparam("purpose"),
    Attempt.subject == bindparam("subject"),
    Attempt.submitted_at.is_(None),
)
# Who waited for the lock asks for pauses and extensions afterwards: another transaction may just have added one.
_HAS_TIMES = select(
    or_(
        exists().where(Pause.attempt_id == bindparam("attempt")),
        exists().where(Extension.attempt_id == bindparam("attempt")),
    )
)
_OWN_WITH_TIMES = _OWN.options(joinedload(Attempt.pauses), joinedload(Attempt.extensions))
_OWN_LOCKED, _OPEN_LOCKED = _locked(_OWN), _locked(_OPEN)


def page_token() -> str:
    return PLAIN + secrets.token_urlsafe(12)


def open_attempt(person_id: int, purpose: str, subject: str, lock: bool = False) -> Attempt | None:
    """The person's unfinished attempt of that purpose and subject; `lock` as in `attempt_of`."""
    same = {"person": person_id, "purpose": purpose, "subject": subject}
    return db.session.scalar(_OPEN_LOCKED if lock else _OPEN, same)


def attempt_of(person_id: int, attempt_id: int, lock: bool = False) -> Attempt:
    """The person's own attempt, or 404; with `lock` no other transaction changes it until this one ends."""
    statement = _OWN_LOCKED if lock else _OWN_WITH_TIMES
    rows = db.session.scalars(statement, {"attempt": attempt_id, "person": person_id}).unique()
    attempt = rows.one_or_none() or abort(404)
    if lock and not db.session.scalar(_HAS_TIMES, {"attempt": attempt_id}):
        _has_none(attempt, "pauses", "extensions")
    return attempt


def _has_none(attempt: Attempt, *collections: str) -> None:
    """Known without asking for the rows."""
    for name in collections:
        set_committed_value(attempt, name, [])


def begin(person: Person, purpose: str, subject: str, title: Mapping[str, str] | None = None) -> Attempt:
    """The person's open attempt at a registered test, else a new one. 403 for whoever may not sit it, 404 while it has
    no question; title, subject and commit as in `start`."""
    test, choose = registered(purpose)
    if test.roles and not person.has_role(*test.roles):
        abort(403)
    running = resume(person, test, subject)
    if running:
        return running
    form = choose(test, person, subject) or abort(404)
    return _new(person, test, subject, title, form, trials=plan(person, test, subject, form))


def start(
    person: Person,
    test: Specification,
    subject: str,
    title: Mapping[str, str] | None,
    revision_ids: Sequence[int],
    seed: int | None = None,
) -> Attempt:
    """The open attempt at this test and subject, else a new one over these item revisions, in this order.

    subject: what the attempt is about, at most 80 characters; one attempt of a test and subject is open at a time;
    title: {"hy": …, "en": …} in place of the test's own. Resuming makes this browser the writer. The caller commits,
    inside `transaction`, since two starts in the same moment meet in a unique index.
    """
    return resume(person, test, subject) or _new(person, test, subject, title, revision_ids, seed)


def resume(person: Person, test: Specification, subject: str) -> Attempt | None:
    """The open attempt with this browser as its writer; one whose time is over is ended instead."""
    running = open_attempt(person.id, test.name, subject, lock=True)
    if running and running.is_over():
        running.finish()
        db.session.flush()
        return None
    if running:
        running.take_over(page_token())
    return running


def _new(
    person: Person,
    test: Specification,
    subject: str,
    title: Mapping[str, str] | None,
    revision_ids: Sequence[int],
    seed: int | None = None,
    trials: Trials | None = None,
) -> Attempt:
    sheet = merged(revision_ids, trials or {}) if test.revisit else revision_ids
    now, limit = clock.now(), test.limit(len(sheet) if test.revisit else test.most or len(sheet))
    attempt = Attempt(
        person_id=person.id,
        organisation_id=person.organisation_id,
        purpose=test.name,
        rules=test.plain() | _of_the_framework(person, test),
        subject=subject,
        title=dict(title or test.title),
        seed=chance().randrange(SEEDS) if seed is None else seed,
        started_at=now,
        deadline_at=now + timedelta(seconds=limit) if limit else None,
        parameter_set_id=evidence.current_set_id(),
        known=_known(person, test),
        trials={str(position): revision for position, revision in (trials or {}).items()} or None,
        bank=None if test.revisit else list(sheet),
    )
    db.session.add(attempt)
    db.session.flush()
    _has_none(attempt, "pauses", "extensions", "items")
    if limit and person.extra_time > 1:
        attempt.extend(round(limit * (person.extra_time - 1)))
    insert_together(Writer, [{"attempt_id": attempt.id, "epoch": 1, "tab": page_token()}])
    deliver(attempt, sheet)
    return attempt


def _of_the_framework(person: Person, test: Specification) -> dict[str, float]:
    """What choosing questions one by one needs of the framework in force."""
    return {"testlet_sd": evidence.rules_for(person.id).testlet_sd} if test.adaptive else {}


def _known(person: Person, test: Specification) -> dict[str, list[float]] | None:
    """What the test begins from, rounded so that every machine reads the same back; None: from nothing."""
    estimates = evidence.estimates_of(person.id) if test.from_evidence else {}
    return {skill: [round(mean, 4), round(sd, 4)] for skill, (mean, sd) in estimates.items()} or None


def note_result_shown(attempt: Attempt) -> None:
    """Keep when the person first met the result, also from a page that only reads."""
    if attempt.result_shown_at is None:
        mine = Attempt.id == attempt.id, Attempt.person_id == attempt.person_id
        first_time = update(Attempt).where(*mine, Attempt.result_shown_at.is_(None))
        write_aside(first_time.values(result_shown_at=clock.now()))


def people_with_open_attempts(kind: str, keys: Collection[str]) -> list[tuple[str, int]]:
    """(item, person) for each of these items that stands in an open attempt; see `publishing.count_people_with`."""
    if kind != "item":
        return []
    pinned = select(AttemptItem.revision_id, Attempt.person_id).join(Attempt).where(Attempt.submitted_at.is_(None))
    rows = [(publishing.item(row.revision_id).id, row.person_id) for row in db.session.execute(pinned)]
    return [(key, person) for key, person in rows if key in keys]
