"""How each engine is spoken to: its options, whose turn it is to write, and whether a connection is still there."""

from __future__ import annotations

import re
import sqlite3
import time
from functools import partial
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import InvalidatePoolError, OperationalError

from lms.database.mode import limit, reading
from lms.database.writer_queue import WriterQueue

TRUSTED = 1.0  # seconds after its last use for which a connection is taken to be there
BUSY = 10  # seconds that a writer waits for its turn
LOOKS = re.compile(r"\s*(SELECT|PRAGMA|EXPLAIN|BEGIN)\b", re.IGNORECASE)  # of who only reads
PREPARED = 400  # statements that a connection keeps planned; the driver's own hundred are fewer than our pages ask


def options_of(url: str, pooled: bool) -> dict[str, Any]:
    """pooled: a pooler between hands every transaction to another connection, so none may prepare statements; else each
    is planned at its second asking. The connection used last is the next one, since it has planned and read most."""
    pool = {"pool_size": 10, "max_overflow": 10, "pool_timeout": 10, "pool_use_lifo": True}
    sqlite = {"timeout": BUSY, "check_same_thread": False}
    connect = sqlite if url.startswith("sqlite") else {"prepare_threshold": None if pooled else 1}
    return {"hide_parameters": True, **pool, "connect_args": connect}


def listen_to(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        file = engine.url.database
        turns = WriterQueue(None if file in (None, "", ":memory:") else file, BUSY)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", partial(_begin_sqlite, turns))
        event.listen(engine, "before_cursor_execute", _refuse_writing)
        event.listen(engine, "checkin", _end_sqlite)
    else:
        engine.dialect.use_insertmanyvalues_wo_returning = True  # many rows as one statement, not one by one
        event.listen(engine, "connect", _keep_more)
        event.listen(engine, "begin", _begin_postgresql)
        event.listen(engine, "rollback", _end_reading)
        event.listen(engine, "checkin", _note_return)
        event.listen(engine, "checkout", partial(_look_after, engine.dialect))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY * 1000}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(turns: WriterQueue, connection: Connection) -> None:
    connection.info["reading"] = only_reads = reading.get()
    if not only_reads and not connection.info.get("turn"):
        connection.info["turn"] = turns.take()
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")


def _refuse_writing(
    connection: Connection, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool
) -> None:
    """As SQLite itself would by `PRAGMA query_only`; but it throws away all that a connection has planned whenever that
    is switched, and then plans each statement of every page anew."""
    if not connection.info.get("reading") or LOOKS.match(statement):
        return
    if context.invoked_statement is None or not context.invoked_statement.is_select:
        raise OperationalError(statement, None, sqlite3.OperationalError("attempt to write a readonly database"))


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
    if bool(driver.read_only) is not reading.get():
        driver.read_only = reading.get()
    if seconds := limit.get():
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {1000 * seconds}")


def _keep_more(driver: Any, _record: Any) -> None:
    driver.prepared_max = PREPARED


def _end_reading(connection: Connection) -> None:
    """What only read is committed before it would be rolled back, which then costs nothing: at each ROLLBACK the driver
    throws away all statements that it has prepared."""
    driver: Any = connection.connection.dbapi_connection
    if driver.read_only and driver.info.transaction_status.name == "INTRANS":
        driver.commit()
