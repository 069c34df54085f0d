"""Whose sums over evidence are out of date. What is summed belongs to the rooms above; here stands what it rests on."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, literal, or_, select, update

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
    other = or_(EvidenceSummary.basis < basis, EvidenceSummary.basis > basis)
    behind = select(EvidenceSummary.person_id, EvidenceSummary.number).where(
        EvidenceSummary.organisation_id == organisation_id, other
    )
    if among is not None:
        behind = behind.where(EvidenceSummary.person_id.in_(among))
    return [(row.person_id, row.number) for row in db.session.execute(behind.limit(most))]


def mark_summed(connection: Connection, person: Outdated, basis: str) -> bool:
    """Say that the person's sums now rest on the basis. False where the evidence has changed since, or where somebody
    else has just done it: then the caller's sums are to be dropped."""
    same = EvidenceSummary.person_id == person[0], EvidenceSummary.number == person[1], EvidenceSummary.basis != basis
    return bool(connection.execute(update(EvidenceSummary).where(*same).values(basis=basis)).rowcount)
