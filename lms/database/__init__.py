"""The database: names, UTC times, and transactions that either read or write, never a little of both.

A GET begins a read-only transaction; everything else begins one that may write. On SQLite a writer takes its lock at
BEGIN IMMEDIATE, since a deferred transaction that turns into a writer fails at once where it should wait.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Flask, abort, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, Executable, MetaData, Select, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DatabaseError, InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from lms.database import replica
from lms.database.revisions import Migrations
from lms.database.turns import Turns

DAMAGED = ("not a database", "malformed")
TRUSTED = 1.0  # seconds after its last use for which a connection is taken to be there
BUSY = 10  # seconds that a writer waits for its turn
_reading: ContextVar[bool] = ContextVar("reading", default=False)
_limit: ContextVar[int | None] = ContextVar("limit", default=None)


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


@contextmanager
def read_only() -> Iterator[None]:
    """Transactions begun inside may not write."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


@contextmanager
def may_write() -> Iterator[None]:
    """Transactions begun inside may write, also while a GET is answered: for what is no answer to the asker."""
    token = _reading.set(False)
    try:
        yield
    finally:
        _reading.reset(token)


def limit_statements(seconds: int | None) -> None:
    """From now on a statement of this request may take so long (PostgreSQL; None: as long as it likes)."""
    _limit.set(seconds)


def write_aside(statement: Executable) -> None:
    """Write what is no answer to the asker: with the transaction that writes already, since SQLite has one writer and
    would wait for itself, else on a connection of its own."""
    if not _reading.get():
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
    options = _engine_options(url, app.config["HMUT_POOLER"])
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options)
    replica.init_app(app, options)
    db.init_app(app)
    migrate.init_app(app)
    app.before_request(_choose_mode)
    app.teardown_request(_end_mode)
    with app.app_context():
        for engine in db.engines.values():
            _listen(engine)


def _engine_options(url: str, pooled: bool) -> dict[str, Any]:
    """pooled: a pooler between hands every transaction to another connection, so none may prepare statements."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": BUSY, "check_same_thread": False}, "hide_parameters": True}
    options = {"hide_parameters": True, "pool_size": 10, "max_overflow": 10, "pool_timeout": 10}
    return {**options, "connect_args": {"prepare_threshold": None}} if pooled else options


def _choose_mode() -> None:
    _reading.set(request.method in ("GET", "HEAD", "OPTIONS"))


def _end_mode(_error: BaseException | None) -> None:
    _reading.set(False)


def _listen(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        file = engine.url.database
        turns = Turns(None if file in (None, "", ":memory:") else file, BUSY)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", partial(_begin_sqlite, turns))
        event.listen(engine, "checkin", _end_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)
        event.listen(engine, "checkin", _note_return)
        event.listen(engine, "checkout", partial(_look_after, engine.dialect))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY * 1000}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(turns: Turns, connection: Connection) -> None:
    reading = _reading.get()
    if connection.info.get("reading") is not reading:
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
        connection.info["reading"] = reading
    if not reading and not connection.info.get("turn"):
        connection.info["turn"] = turns.take()
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _end_sqlite(_connection: Any, record: Any) -> None:
    if turn := record.info.pop("turn", None):
        turn.close()


def _note_return(_connection: Any, record: Any) -> None:
    record.info["returned"] = time.monotonic()


def _look_after(dialect: Dialect, connection: Any, record: Any, _proxy: Any) -> None:
    """A connection that lay idle may have gone with its server; asking one that was just used costs every save."""
    if time.monotonic() - record.info.get("returned", time.monotonic()) <= TRUSTED:
        return
    try:
        alive = dialect.do_ping(connection)
    except dialect.dbapi.Error:  # type: ignore[union-attr]
        alive = False
    if not alive:
        raise InvalidatePoolError


def _begin_postgresql(connection: Connection) -> None:
    """The driver says with its BEGIN whether it only reads, so that this costs no statement."""
    driver: Any = connection.connection.dbapi_connection
    if bool(driver.read_only) is not _reading.get():
        driver.read_only = _reading.get()
    if seconds := _limit.get():
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {1000 * seconds}")
