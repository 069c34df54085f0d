"""What becomes evidence, and what only counts as seen."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Select, bindparam, delete, select

from lms import clock
from lms.content.model import Item
from lms.database import db, write_aside
from lms.database.upsert import insert_for, insert_new
from lms.evidence.counted import release
from lms.evidence.frameworks import JudgedBy, judgement_of
from lms.evidence.models import Evidence, Seen, TrialAnswer
from lms.evidence.outdated_sums import note_change
from lms.identity import other_accounts

_SEEN = select(Seen.item_key).where(Seen.person_id == bindparam("person"))


@dataclass(frozen=True)
class Answer:
    """One marked answer as plain values. category: 0..categories-1; answered_at: when the server received it;
    language: of the page, None where nothing was answered."""

    revision_id: int
    item: Item
    category: int
    categories: int
    answered_at: datetime
    language: str | None = None


@dataclass(frozen=True)
class Sitting:
    """The attempt that the answers were given in, as plain values."""

    person_id: int
    attempt_id: int
    purpose: str
    parameter_set_id: int | None


def record_answers(sitting: Sitting, answers: Sequence[Answer]) -> int:
    """Keep the answers that are evidence and return how many those are; for tests that give evidence.

    Evidence is a first answer to an item whose key the person has not seen. Running it twice adds nothing: the database
    holds one piece of evidence per person and item.
    """
    if not answers:
        return 0
    known_keys, judged_by = seen_keys(sitting.person_id), judgement_of(sitting.person_id)
    counting = [answer for answer in answers if answer.item.id not in known_keys]
    if counting:  # before the rows: two attempts of a person that end together then take turns, and ids rise
        note_change(sitting.person_id)
    return insert_new(Evidence, [_row(sitting, answer, judged_by) for answer in counting])


def mark_seen(person_id: int, item_keys: str | Iterable[str], how: str) -> None:
    """From now on the person may know these items' keys; their later answers are practice."""
    keys = dict.fromkeys([item_keys] if isinstance(item_keys, str) else item_keys)
    insert_new(Seen, [{"person_id": person_id, "item_key": key, "how": how, "at": clock.now()} for key in keys])


def mark_shown(person_id: int, item_keys: Iterable[str], how: str) -> None:
    """As `mark_seen`, also for a page that only reads: committed before the page goes out."""
    unseen = sorted(set(item_keys) - seen_keys(person_id))
    rows = [{"person_id": person_id, "item_key": key, "how": how, "at": clock.now()} for key in unseen]
    if rows:
        write_aside(insert_for(Seen).values(rows).on_conflict_do_nothing())


def withdraw(attempt_id: int) -> None:
    """Take back the evidence of an attempt whose end did not hold."""
    people = set(db.session.scalars(select(Evidence.person_id).where(Evidence.attempt_id == attempt_id)))
    for person_id in people:
        release(person_id)
    db.session.execute(delete(Evidence).where(Evidence.attempt_id == attempt_id))
    db.session.execute(delete(TrialAnswer).where(TrialAnswer.attempt_id == attempt_id))
    for person_id in people:
        note_change(person_id)


def unsee(person_id: int, item_keys: Collection[str], how: str, since: datetime) -> None:
    """Take back what was noted by `mark_seen` since then, where the keys were never shown after all."""
    noted = Seen.person_id == person_id, Seen.item_key.in_(item_keys), Seen.how == how, Seen.at >= since
    db.session.execute(delete(Seen).where(*noted))


def seen_keys(person_id: int) -> frozenset[str]:
    """Keys of the items whose solution the person could have seen, in whatever account of theirs."""
    return frozenset(db.session.scalars(_seen_by(other_accounts.behind()), {"person": person_id}))


@cache
def _seen_by(accounts: other_accounts.Accounts | None) -> Select[Any] | CompoundSelect[Any]:
    return _SEEN if accounts is None else _SEEN.union(select(Seen.item_key).where(Seen.person_id.in_(accounts)))


def answered_keys(person_id: int) -> frozenset[str]:
    """Keys of the items that the person's evidence holds."""
    return frozenset(db.session.scalars(select(Evidence.item_key).where(Evidence.person_id == person_id)))


def _row(sitting: Sitting, answer: Answer, judged_by: JudgedBy) -> dict[str, Any]:
    return {
        "person_id": sitting.person_id,
        "attempt_id": sitting.attempt_id,
        "parameter_set_id": sitting.parameter_set_id,
        "framework_revision_id": judged_by.framework_revision_id,
        "edition_id": judged_by.edition_id,
        "purpose": sitting.purpose,
        "item_key": answer.item.id,
        "revision_id": answer.revision_id,
        "sub": answer.item.sub,
        "kind": answer.item.type,
        "category": answer.category,
        "categories": answer.categories,
        "performance": answer.item.performance,
        "answered_at": answer.answered_at,
        "language": answer.language,
        "testlet": answer.item.set_id or "",
    }


def people_with_evidence(kind: str, keys: Collection[str]) -> list[tuple[str, int]]:
    """(item, person) for each of these items that somebody has evidence on; see `publishing.count_people_with`."""
    if kind != "item":
        return []
    rows = db.session.execute(select(Evidence.item_key, Evidence.person_id).where(Evidence.item_key.in_(keys)))
    return [(row.item_key, row.person_id) for row in rows]
