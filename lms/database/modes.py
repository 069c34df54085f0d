"""Transactions either read or write, never a little of both: which it is, and how each engine begins one.

A GET begins a read-only transaction; everything else begins one that may write. On SQLite a writer takes its lock at
BEGIN IMMEDIATE, since a deferred transaction that turns into a writer fails at once where it should wait.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from flask import request
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

BUSY = 10  # seconds that a writer waits for its turn
_reading: ContextVar[bool] = ContextVar("reading", default=False)
_limit: ContextVar[int | None] = ContextVar("limit", default=None)
_never_writes = threading.Event()  # in this process


class MustWrite(BaseException):
    """A process that never writes would have to. No error of the request, which another process answers: so nothing
    that handles errors may keep it."""


def is_reading() -> bool:
    """Whether a transaction begun now may not write."""
    return _reading.get()


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


def never_write() -> None:
    """From now on a transaction of this process that would write ends in MustWrite (SQLite)."""
    _never_writes.set()


def limit_statements(seconds: int | None) -> None:
    """From now on a statement of this request may take so long (PostgreSQL; None: as long as it likes)."""
    _limit.set(seconds)


def choose_mode() -> None:
    """By the method of the request that begins."""
    _reading.set(request.method in ("GET", "HEAD", "OPTIONS"))


def end_mode(_error: BaseException | None) -> None:
    """Once the request is over: what runs outside of one may write."""
    _reading.set(False)


def listen(engine: Engine) -> None:
    """From now on every transaction of the engine is begun by these rules."""
    if engine.dialect.name == "sqlite":
        turn = threading.Lock()
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", partial(_begin_sqlite, turn))
        event.listen(engine, "checkin", partial(_end_sqlite, turn))
    else:
        event.listen(engine, "begin", _begin_postgresql)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY * 1000}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(turn: threading.Lock, connection: Connection) -> None:
    """Writers of this process queue for their turn: SQLite itself lets them sleep and retry, and the unlucky starve."""
    reading = _reading.get()
    if not reading and _never_writes.is_set():
        raise MustWrite
    if connection.info.get("reading") is not reading:
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
        connection.info["reading"] = reading
    if not reading and not connection.info.get("turn"):
        connection.info["turn"] = turn.acquire(timeout=BUSY)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _end_sqlite(turn: threading.Lock, _connection: Any, record: Any) -> None:
    if record.info.pop("turn", False):
        turn.release()


def _begin_postgresql(connection: Connection) -> None:
    if _reading.get():
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    if seconds := _limit.get():
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {1000 * seconds}")
