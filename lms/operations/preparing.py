"""What a start does before the first page: database and content as this version of the program wants them."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from lms import publishing
from lms.content.errors import ContentError
from lms.database import db, exit_on_database_error
from lms.database.revisions import known_revisions, newest_revision, present_revision, upgrade
from lms.publishing.kept_reading import kept_reading

PREPARING = 374_2026  # names the lock of PostgreSQL; any number that nothing else takes


def prepare(app: Flask) -> None:
    """Database and content as this version of the program wants them; quick when they already are."""
    with app.app_context(), exit_on_database_error(), preparation_lock():
        say("bringing the database up to date")
        _bring_up_to_date()
        say("loading courses and quizzes")
        with kept_reading(app.config["HMUT_DATA"], app.config["SECRET_KEY"]):
            report = _load_content(app.config["HMUT_CONTENT"])
        for finding in report.findings:
            say(f"  {finding}")
        for notice in report.notices:
            say(f"  {notice.en}")
        for path in report.refused:
            say(f"  {path}: refused; where it was published before, the last good version stays")
        for withdrawal in report.withdrawals:
            say(f"  withdrawn: {withdrawal.said()}")
        db.session.commit()


def _load_content(root: Path) -> publishing.LoadReport:
    """A folder that cannot be read leaves what was published before."""
    try:
        return publishing.load(root)
    except ContentError as error:
        return publishing.LoadReport(findings=error.findings)


def _bring_up_to_date() -> None:
    """Exit where a newer program has written this database: this one could not read it, and must not try."""
    present, newest = present_revision(db), newest_revision()
    if present == newest:
        return
    if present and present not in known_revisions():
        raise SystemExit(
            f"The database was written by a newer Hmut: its schema is {present}, this program knows {newest} at most. "
            "Start the newer program, or restore a back-up of this one."
        )
    upgrade()


@contextmanager
def preparation_lock() -> Iterator[None]:
    """Servers of one PostgreSQL that start together prepare it one after the other."""
    if db.engine.dialect.name != "postgresql":
        yield
        return
    with db.engine.begin() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(PREPARING)))
        yield


def say(text: str) -> None:
    print(f"hmut {time.strftime('%H:%M:%S')} {text}", file=sys.stdout, flush=True)
