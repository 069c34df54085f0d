"""Failures per account and per address, counted in the database.

An account allows ten failures a quarter of an hour, an address fifty. Nobody is locked out for longer than the window,
and a sign-in by a one-time link does not pass here, so a stranger cannot keep an owner out.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from lms import clock
from lms.database import db
from lms.identity.models import Throttle

WINDOW = 900  # seconds
ACCOUNT, ADDRESS = 10, 50


def subject(kind: str, value: str) -> str:
    """What is counted; a hash, so that the table holds no addresses."""
    return f"{kind}:{hashlib.sha256(value.lower().encode()).hexdigest()[:40]}"


def too_many(account: str, address: str) -> bool:
    allowed = {subject("account", account): ACCOUNT, subject("address", address): ADDRESS}
    rows = db.session.execute(
        select(Throttle.subject, func.sum(Throttle.count))
        .where(Throttle.subject.in_(allowed), Throttle.window >= _window() - 1)
        .group_by(Throttle.subject)
    )
    return any(count >= allowed[name] for name, count in rows)


def note_failure(account: str, address: str) -> None:
    """Count one failure for both; the caller commits."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    for name in sorted((subject("account", account), subject("address", address))):
        statement = insert(Throttle).values(subject=name, window=_window(), count=1)
        db.session.execute(
            statement.on_conflict_do_update(index_elements=["subject", "window"], set_={"count": Throttle.count + 1})
        )
    db.session.execute(delete(Throttle).where(Throttle.window < _window() - 8))


def _window() -> int:
    return int(clock.now().timestamp()) // WINDOW
