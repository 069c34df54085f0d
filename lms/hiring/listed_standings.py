"""Whether a standing counts in the order of the team, and that whoever learns has one: kept, so that no list asks it of
every person anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Insert, Select, Update, event, insert, inspect, literal, select, update
from sqlalchemy.orm import Session

from lms.database import db
from lms.hiring.models import NO_ROLE, Standing
from lms.identity.membership import learns
from lms.identity.models import Membership, Person

LISTED: ColumnElement[bool] = (
    select(Person.id).where(Person.id == Standing.person_id, learns()).correlate(Standing).exists()
)
UNJUDGED = {"role": NO_ROLE, "ranked": False, "composite": 0.0, "low": 0.0, "high": 0.0, "outcome": "inconclusive"}
_STANDS = select(Standing.person_id).where(Standing.person_id == Person.id).correlate(Person).exists()


def init_app() -> None:
    if not event.contains(db.session, "after_flush", follow):
        event.listen(db.session, "after_flush", follow)


def relisted(*which: ColumnElement[bool]) -> Update:
    return update(Standing).where(*which).values(listed=LISTED).execution_options(synchronize_session=False)


def unjudged(*which: ColumnElement[bool]) -> Insert:
    """A standing of no role for each of these people who learns and has none."""
    values = {"listed": True, **UNJUDGED}
    rows = without_standing(*which).add_columns(Person.organisation_id, *map(literal, values.values()))
    return insert(Standing).from_select(["person_id", "organisation_id", *values], rows)


def without_standing(*which: ColumnElement[bool]) -> Select[int]:
    """Whoever of these people learns and has none."""
    return select(Person.id).where(*which, learns(), ~_STANDS)


def follow(session: Session, _context: object) -> None:
    """An account that is closed or opened, a role given or taken: said of the person's standings at once."""
    if people := set(_changed(session)):
        session.execute(relisted(Standing.person_id.in_(people)))
    if learners := people | {row.person_id for row in session.new if _is_trainee(row)}:
        session.execute(unjudged(Person.id.in_(learners)))


def _changed(session: Session) -> Iterator[Any]:
    added = {row.id for row in session.new if isinstance(row, Person)}
    yield from (row.id for row in session.dirty if isinstance(row, Person) and _is_moved(row))
    memberships = (row for rows in (session.new, session.deleted) for row in rows if isinstance(row, Membership))
    yield from (row.person_id for row in memberships if row.person_id not in added)


def _is_trainee(row: object) -> bool:
    return isinstance(row, Membership) and row.role == "trainee"


def _is_moved(person: Person) -> bool:
    attributes = inspect(person).attrs
    return any(attributes[name].history.has_changes() for name in ("active", "memberships"))
