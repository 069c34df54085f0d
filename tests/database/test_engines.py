"""A connection keeps what it has planned from page to page, also where pages end and nothing was written."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Executable, event, insert, select, text
from sqlalchemy.exc import OperationalError

from lms.database import db, engines, read_only
from lms.identity.models import Organisation

PLANNED = text("SELECT count(*) FROM pg_prepared_statements WHERE NOT from_sql")


def planned() -> int:
    with read_only():
        number = db.session.scalar(PLANNED) or 0
        db.session.remove()
    return number


@pytest.mark.both_engines
@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_pages_and_signing_in_leave_the_plans_to_the_next(app: Flask, signed_in: Callable[[str], FlaskClient]) -> None:
    trainee = signed_in("trainee")
    for _ in range(3):
        assert trainee.get("/home").status_code == 200
    with app.app_context():
        kept = planned()
    trainee.post("/sign-in", data={"email": "nobody@example.am", "password": "not a password of anybody"})
    with app.app_context():
        assert planned() >= kept > 8


@pytest.mark.parametrize(
    ("reads", "status", "commits"),
    [(True, "INTRANS", True), (False, "INTRANS", False), (True, "INERROR", False), (True, "IDLE", False)],
)
def test_only_what_reads_and_has_not_failed_is_committed_in_place_of_a_rollback(
    reads: bool, status: str, commits: bool
) -> None:
    ends: list[str] = []
    info = SimpleNamespace(transaction_status=SimpleNamespace(name=status))
    driver = SimpleNamespace(read_only=reads, info=info, commit=lambda: ends.append("COMMIT"))
    connection: Any = SimpleNamespace(connection=SimpleNamespace(dbapi_connection=driver))
    engines._end_reading(connection)
    assert bool(ends) is commits


def test_pages_and_forms_in_turn_leave_the_plans_of_a_file_alone(
    app: Flask, signed_in: Callable[[str], FlaskClient]
) -> None:
    """SQLite forgets them with every switch of `PRAGMA query_only`."""
    trainee, asked = signed_in("trainee"), []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    for _ in range(2):
        assert trainee.get("/home").status_code == 200
        trainee.post("/sign-in", data={"email": "nobody@example.am", "password": "not a password of anybody"})
    assert len(asked) > 8 and not [line for line in asked if line.startswith("PRAGMA")]


_some = select(Organisation.id).cte("some")
NEW = {"slug": "new", "name": "New"}


@pytest.mark.parametrize(
    ("statement", "writes"),
    [
        (insert(Organisation).values(**NEW), True),
        (insert(Organisation.__table__).values(**NEW), True),  # type: ignore[arg-type]
        (text("UPDATE organisation SET name = 'New'"), True),
        (text("WITH some AS (SELECT 1) DELETE FROM organisation"), True),
        (text("  drop table organisation"), True),
        (select(Organisation.name), False),
        (select(_some.c.id), False),
        (text("select 1"), False),
    ],
)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_who_only_reads_writes_nothing(context: Flask, statement: Executable, writes: bool) -> None:
    with read_only():
        if writes:
            with pytest.raises(OperationalError, match="readonly"):
                db.session.execute(statement)
        else:
            db.session.execute(statement).all()
        db.session.rollback()
    db.session.execute(text("UPDATE organisation SET name = 'New'"))  # the same connection, for who may
    db.session.rollback()
