"""Erasing a person's data, and keeping the answers without a way back to the person. Callers commit.

The account's number stays as a row without anything in it. The audit trail names people by number; were the row gone,
SQLite would give its number to the next person, and the trail would speak of somebody else.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update

from lms import evidence, publishing
from lms.assess import Attempt
from lms.assess.models import AttemptItem, ItemMark, Response
from lms.content import questions
from lms.database import audit, db
from lms.database.audit import AuditEntry
from lms.evidence.models import Evidence
from lms.identity.membership import is_last_administrator
from lms.identity.models import Person
from lms.privacy.holding import BLANKED, DELETED, KEPT, MOVED
from lms.privacy.holdings import UNSCOPED, HeldRows, held, tables
from lms.privacy.subject import Subject, subject_of

FURTHEST = 28 * 86_400  # seconds that the times of an anonymous record are moved back at most
ACTS = {"erase": "person_erased", "anonymise": "person_anonymised"}


@dataclass(frozen=True)
class Report:
    """What an act did: rows by kind as they were before, and how many of the moved kinds were kept."""

    act: str
    before: tuple[HeldRows, ...]
    kept: dict[str, int]

    def fate(self, line: HeldRows) -> str:
        """What became of a kind: deleted, blanked, kept, moved."""
        fate = line.holding.erased if self.act == "erase" else line.holding.anonymised
        return DELETED if fate == MOVED and not self.kept.get(line.name) else fate


def preview(person: Person, act: str) -> Report:
    """What `act` ("erase", "anonymise") would do; changes nothing."""
    subject = subject_of(person)
    attempts = _kept_attempts(subject) if act == "anonymise" else []
    return Report(act, tuple(held(subject)), _numbers(subject, attempts))


def carry_out(person: Person, act: str, actor: int | None) -> Report:
    """Do it, and say so in the trail. ValueError for the last administrator of an organisation."""
    if is_last_administrator(person):
        raise ValueError("this is the last administrator of the organisation")
    report, subject = preview(person, act), subject_of(person)
    evidence.release(person.id)
    if act == "anonymise":
        _move_answers(person, subject)
    _erase(subject)
    gone = sum(line.count - report.kept.get(line.name, 0) for line in report.before if report.fate(line) != KEPT)
    detail = {"gone": ["", gone], "kept": ["", sum(report.kept.values())]}
    audit.append_entry(subject.organisation_id, actor, ACTS[act], subject.id, **detail)
    db.session.expire_all()
    return report


def _erase(subject: Subject) -> None:
    """Rows that rest on others go first."""
    for table, holding in reversed(list(tables())):
        mine = holding.belongs(table, subject)
        if holding.erased == DELETED:
            db.session.execute(delete(table).where(mine), execution_options=UNSCOPED)
        elif holding.erased == BLANKED:
            blank = update(table).where(mine).values(**holding.blank(table, subject))
            db.session.execute(blank, execution_options=UNSCOPED)


def _kept_attempts(subject: Subject) -> list[int]:
    """Ended tests, but for those that the trail names together with the person's number."""
    entries = select(AuditEntry.detail).where(
        AuditEntry.organisation_id == subject.organisation_id, AuditEntry.subject == subject.id
    )
    named = {detail["attempt"][1] for detail in db.session.scalars(entries) if detail.get("attempt")}
    ended = select(Attempt.id).where(Attempt.person_id == subject.id, Attempt.submitted_at.is_not(None))
    return [number for number in db.session.scalars(ended) if number not in named]


def _numbers(subject: Subject, attempts: list[int]) -> dict[str, int]:
    """Rows by table that an anonymous record would keep."""
    if not attempts:
        return {}
    items = list(db.session.scalars(select(AttemptItem.id).where(AttemptItem.attempt_id.in_(attempts))))
    conditions = {
        "attempt": Attempt.id.in_(attempts),
        "attempt_item": AttemptItem.attempt_id.in_(attempts),
        "response": Response.attempt_id.in_(attempts),
        "mark": ItemMark.attempt_item_id.in_(items),
        "evidence": (Evidence.person_id == subject.id) & Evidence.attempt_id.in_(attempts),
    }
    by_table = {table.name: (table, holding) for table, holding in tables()}
    counted = {}
    for name, condition in conditions.items():
        table, holding = by_table[name]
        rows = select(*table.primary_key).where(holding.belongs(table, subject), condition)
        counted[name] = len(db.session.execute(rows, execution_options=UNSCOPED).all())
    return counted


def _move_answers(person: Person, subject: Subject) -> None:
    """Give the ended tests and their evidence to a new record of nobody; what is left of the person is erased then."""
    attempts = _kept_attempts(subject)
    if not attempts:
        return
    back = timedelta(seconds=1 + secrets.randbelow(FURTHEST))
    nobody = _record_of_nobody(person, back)
    for attempt in db.session.scalars(select(Attempt).where(Attempt.person_id == subject.id)).all():
        if attempt.id in attempts:
            attempt.person_id = nobody
            _strip(attempt, back)
    mine = select(Evidence).where(Evidence.person_id == subject.id, Evidence.attempt_id.in_(attempts))
    for row in db.session.scalars(mine).all():
        row.person_id, row.answered_at = nobody, row.answered_at - back
    db.session.flush()
    evidence.note_change(nobody)  # so that it is counted again


def _record_of_nobody(person: Person, back: timedelta) -> int:
    """A random number below zero: the next one in order would tell whose it was."""
    number = -1 - secrets.randbelow(2**31 - 2)
    record = Person(id=number, organisation_id=person.organisation_id, email=f"{-number}@anonymous.invalid")
    record.name, record.language, record.active, record.is_erased = "", person.language, False, True
    record.created_at = person.created_at - back
    db.session.add(record)
    db.session.flush()
    return number


def _strip(attempt: Attempt, back: timedelta) -> None:
    """Marks, options chosen and the time between answers stay; typed texts, pages, pauses and reasons go."""
    attempt.pauses, attempt.extensions = [], []
    for name in ("started_at", "deadline_at", "submitted_at", "result_shown_at"):
        if moment := getattr(attempt, name):
            setattr(attempt, name, moment - back)
    items = {item.id: item for item in attempt.items}
    marks = db.session.scalars(select(ItemMark).where(ItemMark.attempt_item_id.in_(items))).all()
    counted = {mark.response_id for mark in marks}
    for mark in marks:
        mark.at -= back
    for response in db.session.scalars(select(Response).where(Response.attempt_id == attempt.id)).all():
        response.received_at -= back
        response.idempotency_key = secrets.token_hex(16)
        if response.id not in counted or not _is_choice(items[response.attempt_item_id], response):
            response.value = {}


def _is_choice(item: AttemptItem, response: Response) -> bool:
    """Whether the answer chose options of ours and holds no text of the person's."""
    question = publishing.find_item(item.revision_id)
    return question is not None and bool(questions.picked(question, item.instance, response.value))
