"""What a connection to PostgreSQL is told, so that a page costs it as few trips and as little planning as can be."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import InvalidatePoolError

TRUSTED = 1.0  # seconds after its last use for which a connection is taken to be there
PREPARED = 400  # statements that a connection keeps planned; the driver's own hundred are fewer than our pages ask


def options(pooled: bool) -> dict[str, Any]:
    """Of the engine. pooled: a pooler between hands every transaction to another connection, so none may prepare
    statements; else each is planned at its second asking. The connection used last is the next one: it has planned
    most."""
    pool = {"pool_size": 10, "max_overflow": 10, "pool_timeout": 10, "pool_use_lifo": True}
    return {"hide_parameters": True, **pool, "connect_args": {"prepare_threshold": None if pooled else 1}}


def listen(engine: Engine, is_reading: Callable[[], bool], limit: Callable[[], int | None]) -> None:
    """is_reading: of the transaction that begins; limit: seconds that its statements may take."""
    engine.dialect.use_insertmanyvalues_wo_returning = True  # many rows as one statement, not one by one in a pipeline
    event.listen(engine, "connect", _keep_more)
    event.listen(engine, "begin", partial(_begin, is_reading, limit))
    event.listen(engine, "rollback", _end_reading)
    event.listen(engine, "checkin", _note_return)
    event.listen(engine, "checkout", partial(_look_after, engine.dialect))


def _keep_more(driver: Any, _record: Any) -> None:
    driver.prepared_max = PREPARED


def _begin(is_reading: Callable[[], bool], limit: Callable[[], int | None], connection: Connection) -> None:
    """The driver says with its BEGIN whether it only reads, so that this costs no statement."""
    driver: Any = connection.connection.dbapi_connection
    if bool(driver.read_only) is not is_reading():
        driver.read_only = is_reading()
    if seconds := limit():
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {1000 * seconds}")


def _end_reading(connection: Connection) -> None:
    """What only read is committed before it would be rolled back, which then costs nothing: at each ROLLBACK the driver
    throws away all statements that it has prepared."""
    driver: Any = connection.connection.dbapi_connection
    if driver.read_only and driver.info.transaction_status.name == "INTRANS":
        driver.commit()


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
