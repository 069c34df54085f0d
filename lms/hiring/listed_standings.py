"""Whether a standing counts in the order of the team: kept beside it, so that no list asks it of every person anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Update, event, inspect, select, update
from sqlalchemy.orm import Session

from lms.database import db
from lms.hiring.models import Standing
from lms.identity.membership import learns
from lms.identity.models import Membership, Person

LISTED: ColumnElement[bool] = (
    select(Person.id).where(Person.id == Standing.person_id, learns()).correlate(Standing).exists()
)


def init_app() -> None:
    if not event.contains(db.session, "after_flush", follow):
        event.listen(db.session, "after_flush", follow)


def relisted(*which: ColumnElement[bool]) -> Update:
    return update(Standing).where(*which).values(listed=LISTED).execution_options(synchronize_session=False)


def follow(session: Session, _context: object) -> None:
    """An account that is closed or opened, a role given or taken: said of the person's standings at once."""
    if people := set(_changed(session)):
        session.execute(relisted(Standing.person_id.in_(people)))


def _changed(session: Session) -> Iterator[Any]:
    added = {row.id for row in session.new if isinstance(row, Person)}
    yield from (row.id for row in session.dirty if isinstance(row, Person) and _is_moved(row))
    memberships = (row for rows in (session.new, session.deleted) for row in rows if isinstance(row, Membership))
    yield from (row.person_id for row in memberships if row.person_id not in added)


def _is_moved(person: Person) -> bool:
    attributes = inspect(person).attrs
    return any(attributes[name].history.has_changes() for name in ("active", "memberships"))
