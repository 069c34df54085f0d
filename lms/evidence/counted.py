"""Whose evidence the running counts of items hold, and up to where. The counts belong to a room above; it says what is
to happen before evidence that they hold is taken away or changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy import ColumnElement, Connection, bindparam, func, select, update

from lms.database import db
from lms.evidence.models import EvidenceSummary, ItemVoid
from lms.evidence.outdated_sums import other_than

Release = Callable[[int], None]


@dataclass(frozen=True)
class Counted:
    """A person whose evidence the counts hold up to the id `to`, in the round `round` (0: nothing is held); number: of
    the evidence, see `EvidenceSummary`."""

    organisation_id: int
    person_id: int
    number: int
    round: int
    to: int


_PEOPLE = select(
    EvidenceSummary.organisation_id,
    EvidenceSummary.person_id,
    EvidenceSummary.number,
    EvidenceSummary.counted_in,
    EvidenceSummary.counted_to,
).order_by(EvidenceSummary.person_id)


def before_removal(app: Flask, release: Release) -> None:
    """Call it with the person's number before evidence of theirs goes or changes; a room's `init_app` says so."""
    app.extensions.setdefault("evidence_releases", []).append(release)


def release(person_id: int) -> None:
    """Have everything that counts the person's evidence forget it; what stays is counted anew. The caller commits."""
    releases: list[Release] = current_app.extensions.get("evidence_releases", [])
    for forget in releases:
        forget(person_id)


def voids_until(organisation_id: int) -> int:
    """The newest word about a void item, 0 where there is none."""
    newest = select(func.max(ItemVoid.id)).where(ItemVoid.organisation_id == organisation_id)
    return db.session.scalar(newest) or 0


def uncounted(organisation_id: int, round_number: int, most: int) -> list[Counted]:
    """At most so many people with evidence that this round does not hold yet; found by index, however many it holds."""
    people = _PEOPLE.order_by(None).where(EvidenceSummary.organisation_id == organisation_id)
    rows = other_than(people, EvidenceSummary.settled_in, round_number)
    return [Counted(*row) for row in db.session.execute(rows.limit(most))]


def counted_people(organisation_id: int, round_number: int, after: int, most: int) -> list[Counted]:
    """The next people above a number whose evidence this round holds, all or some of it."""
    conditions = EvidenceSummary.counted_in == round_number, EvidenceSummary.person_id > after
    return _people(EvidenceSummary.organisation_id == organisation_id, *conditions, most=most)


def counted(person_id: int) -> Counted | None:
    """How the person stands; None without evidence."""
    return next(iter(_people(EvidenceSummary.person_id == person_id, most=1)), None)


def _people(*where: ColumnElement[bool], most: int) -> list[Counted]:
    return [Counted(*row) for row in db.session.execute(_PEOPLE.where(*where).limit(most))]


def mark_counted(connection: Connection, people: Mapping[Counted, int], round_number: int) -> set[Counted]:
    """Say that the round holds all of these people's evidence, up to the id beside each, and of whom that is so now.
    Not of those whose evidence, or what is counted of it, has changed since they were read: the caller's sums of them
    are to be dropped."""
    numbers = [person.person_id for person in people]
    present = connection.execute(_PEOPLE.where(EvidenceSummary.person_id.in_(numbers)).with_for_update())
    same = {Counted(*row) for row in present} & people.keys()
    if same:
        values = {"counted_in": round_number, "counted_to": bindparam("to"), "settled_in": round_number}
        settled = update(EvidenceSummary).where(EvidenceSummary.person_id == bindparam("person")).values(**values)
        connection.execute(settled, [{"person": person.person_id, "to": people[person]} for person in same])
    return same


def forget_count(connection: Connection, person_id: int) -> None:
    """Nothing of the person is held any more."""
    none = {"counted_in": 0, "counted_to": 0, "settled_in": 0}
    connection.execute(update(EvidenceSummary).where(EvidenceSummary.person_id == person_id).values(**none))
