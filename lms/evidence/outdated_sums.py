"""Whose sums over evidence are out of date. What is summed belongs to the rooms above; here stands what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Select, bindparam, func, literal, select, union_all, update

from lms import clock
from lms.database import db
from lms.database.upsert import insert_for
from lms.evidence.frameworks import judgement_in
from lms.evidence.models import EvidenceSummary, ItemVoid
from lms.identity.models import Person

SCORER = 3  # raised with a change of the scorer that moves figures

Outdated = tuple[int, int]  # a person, and the number of the evidence that sums are to be made from


def note_change(person_id: int) -> None:
    """The person's evidence has changed; in the same transaction."""
    db.session.execute(_raise(db.session.get_bind().dialect.name), {"person": person_id})


@lru_cache(maxsize=2)
def _raise(_engine: str) -> Any:
    """Built once for each engine, since every result asks for it."""
    home = select(Person.id, Person.organisation_id).where(Person.id == bindparam("person"))
    fresh = insert_for(EvidenceSummary.__table__).from_select(
        ["person_id", "organisation_id", "number", "basis"], home.add_columns(literal(1), literal(""))
    )
    raised = {"number": EvidenceSummary.number + 1, "basis": "", "settled_in": 0}
    return fresh.on_conflict_do_update(index_elements=["person_id"], set_=raised)


def basis_of(organisation_id: int, at: datetime | None = None) -> str:
    """What figures of the organisation's people rest on beside their evidence: the day, since evidence ages by days,
    the shipped framework, the edition in force, the newest word about a void item, the scorer."""
    judged = judgement_in(organisation_id)
    void = db.session.scalar(select(func.max(ItemVoid.id)).where(ItemVoid.organisation_id == organisation_id))
    day = (at or clock.now()).date()
    return f"{day}:{judged.framework_revision_id}:{judged.edition_id}:{void}:{SCORER}"


def outdated(organisation_id: int, basis: str, most: int, among: Select[Any] | None = None) -> list[Outdated]:
    """At most so many people whose sums do not rest on this basis; found by index, however many are right. among: only
    of these people's ids."""
    row = EvidenceSummary
    theirs = select(row.person_id, row.number).where(row.organisation_id == organisation_id)
    if among is not None:
        theirs = theirs.where(row.person_id.in_(among))
    behind = other_than(theirs, row.basis, basis)
    return [(person, number) for person, number in db.session.execute(behind.limit(most))]


def other_than(rows: Select[*tuple[Any, ...]], column: Any, value: object) -> CompoundSelect[Any]:
    """Those of the rows whose column is another; each side for itself, since SQLite reads the whole table where it is
    asked for "one or the other"."""
    return union_all(rows.where(column < value), rows.where(column > value))


def settled(organisation_id: int, basis: str) -> list[int]:
    """The people whose sums are said to rest on this basis."""
    row = EvidenceSummary
    people = select(row.person_id).where(row.organisation_id == organisation_id, row.basis == basis)
    return list(db.session.scalars(people.order_by(row.person_id)))


def mark_summed(connection: Connection, people: Sequence[Outdated], basis: str) -> list[int]:
    """Say that people's sums now rest on the basis, and whose. Not of those whose evidence has changed since, or for
    whom somebody else has just done it: the caller's sums of them are to be dropped."""
    numbers, row = dict(people), EvidenceSummary
    waiting = select(row.person_id, row.number).where(row.person_id.in_(numbers), row.basis != basis)
    rows = connection.execute(waiting.order_by(row.person_id).with_for_update())
    same = [person for person, number in rows if number == numbers[person]]
    connection.execute(update(row).where(row.person_id.in_(same)).values(basis=basis))
    return same
