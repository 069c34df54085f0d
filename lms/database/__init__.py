"""The database: names, UTC times, and transactions that either read or write, never a little of both.

A GET begins a read-only transaction; everything else begins one that may write. On SQLite a writer takes its lock at
BEGIN IMMEDIATE, since a deferred transaction that turns into a writer fails at once where it should wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import Flask, abort
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Executable, MetaData, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from lms.database import mode, replica
from lms.database.engines import listen_to, options_of
from lms.database.mode import limit_statements, may_write, read_only, reading
from lms.database.revisions import Migrations

__all__ = [
    "SHARED",
    "Base",
    "Model",
    "UTCDateTime",
    "db",
    "exit_on_database_error",
    "init_app",
    "limit_statements",
    "may_write",
    "migrate",
    "one_or_404",
    "read_only",
    "write_aside",
]
DAMAGED = ("not a database", "malformed")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


# Among a table's arguments: its rows are everybody's to read, and no statement has to say whose (see tenant_guard).
SHARED: dict[str, Any] = {"info": {"shared": True}}

db = SQLAlchemy(model_class=Base, session_options={"class_": replica.RoutedSession})
migrate = Migrations(db)
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime on both engines; SQLite stores it without its zone, naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def write_aside(statement: Executable) -> None:
    """Write what is no answer to the asker: with the transaction that writes already, since SQLite has one writer and
    would wait for itself, else on a connection of its own."""
    if not reading.get():
        db.session.execute(statement)
        return
    with may_write(), db.engine.begin() as connection:
        connection.execute(statement)


@contextmanager
def exit_on_database_error() -> Iterator[None]:
    """Exit with one line where the database cannot be reached, is none of ours, or was never set up."""
    try:
        yield
    except (DatabaseError, InterfaceError) as error:
        reason = str(error.orig).strip().splitlines()[0]
        if type(error.orig).__name__ == "UndefinedTable" or reason.startswith("no such "):
            raise SystemExit(f"The database is not set up ({reason}). Start `python3 wsgi.py` once.") from None
        if isinstance(error, OperationalError | InterfaceError) or any(word in reason for word in DAMAGED):
            url = db.engine.url
            where = url.database if url.drivername == "sqlite" else url.render_as_string()  # without its password
            busy = "; another program is writing, try again in a moment" if "locked" in reason else ""
            raise SystemExit(f"The database {where} cannot be used: {reason}{busy}") from None
        raise


def one_or_404(statement: Select[Any]) -> Any:
    """The one row the statement finds, or 404: the caller's statement carries the owner."""
    row = db.session.execute(statement).scalar_one_or_none()
    return row if row is not None else abort(404)


def init_app(app: Flask) -> None:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    options = options_of(url, app.config["HMUT_POOLER"])
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options)
    replica.init_app(app, options)
    db.init_app(app)
    migrate.init_app(app)
    mode.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            listen_to(engine)
