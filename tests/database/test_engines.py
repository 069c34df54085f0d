"""A connection keeps what it has planned from page to page, also where pages end and nothing was written."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from lms.database import db, engines, read_only

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
