"""What a test gets is as if nobody had used it, also where the file of the test before is kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from lms.database import db
from tests import databases
from tests.applications import application, release


def test_what_one_test_wrote_the_next_does_not_find(workbench: Path) -> None:
    for writes in (False, True, False, True):
        with (
            databases.fresh("sqlite", workbench) as (url, _cast),
            closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection,
        ):
            assert connection.execute("SELECT count(*) FROM organisation WHERE slug = 'left'").fetchone() == (0,)
            if writes:
                connection.execute("UPDATE organisation SET slug = 'left' WHERE slug = 'elsewhere'")
                connection.commit()


def test_a_connection_that_stays_brings_nothing_along(workbench: Path) -> None:
    """PostgreSQL's stay from test to test: they have planned what is asked most. Rows and open transactions do not."""
    processes = set()
    for _ in range(2):
        with databases.fresh("postgresql", workbench) as (url, _cast):
            app = application(url, workbench)
            with app.app_context():
                assert db.session.scalar(text("SELECT count(*) FROM organisation WHERE slug LIKE 'left%'")) == 0
                processes.add(db.session.scalar(text("SELECT pg_backend_pid()")))
                db.session.execute(text("UPDATE organisation SET slug = 'left' WHERE slug = 'elsewhere'"))
                db.session.commit()
                db.session.execute(text("UPDATE organisation SET slug = 'left open' WHERE slug = 'left'"))
            release(app)
    assert len(processes) == 1
