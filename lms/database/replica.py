"""A PostgreSQL that follows the first (DATABASE_READ_URL): pages of staff that only read are answered from it.

Who asks is always looked up in the first, so that a session that has ended is ended at once. Whoever has just written
reads from the first too until the other has caught up. A follower that is away or lags is left alone for a while.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask import Flask, Response, current_app, request, session
from flask_sqlalchemy.session import Session
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

KEY = "replica"
WROTE, CATCH_UP = "wrote", 15  # in the cookie: when this browser last wrote; seconds for which it reads from the first
KEPT = 5.0  # seconds for which one look at the follower serves every asker
PATIENCE = 3  # seconds for which a connection to it is tried
LAG = 10  # seconds that the follower may be behind
_LAG = text("SELECT coalesce(extract(epoch FROM now() - pg_last_xact_replay_timestamp()), 0)")
_CAUGHT_UP = text("SELECT pg_last_wal_receive_lsn() IS NOT DISTINCT FROM pg_last_wal_replay_lsn()")
_turn = threading.Lock()
_following: ContextVar[bool] = ContextVar("following", default=False)


class RoutedSession(Session):
    """Statements go to the follower where `following` says so."""

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **other: Any) -> Any:
        if bind is None and _following.get():
            return self._db.engines[KEY]
        return super().get_bind(mapper, clause, bind, **other)


def init_app(app: Flask, options: dict[str, Any]) -> None:
    """Before the engines are made; options: of the first one."""
    if url := app.config.get("HMUT_READ_URL"):
        patience = {**options.get("connect_args", {}), "connect_timeout": PATIENCE}
        app.config["SQLALCHEMY_BINDS"] = {KEY: {**options, "url": url, "connect_args": patience}}
        app.after_request(_note_write)


def is_set(app: Flask) -> bool:
    return bool(app.config.get("HMUT_READ_URL"))


@contextmanager
def following(engine: Engine) -> Iterator[bool]:
    """Inside, what a reading page of staff asks goes to the follower; yields whether it does."""
    token = _following.set(_may_follow() and _is_well(engine))
    try:
        yield _following.get()
    finally:
        _following.reset(token)


def _may_follow() -> bool:
    return request.method in ("GET", "HEAD") and time.time() - session.get(WROTE, 0) > CATCH_UP


def _note_write(response: Response) -> Response:
    if request.method not in ("GET", "HEAD", "OPTIONS") and "_user_id" in session:
        session[WROTE] = int(time.time())
    return response


def leave_alone() -> None:
    """It has just failed: nobody asks it for a while."""
    current_app.extensions[KEY] = (time.monotonic() + KEPT, False)


def _is_well(engine: Engine) -> bool:
    """Whether it answered and was near enough within the last seconds."""
    with _turn:
        at, well = current_app.extensions.get(KEY, (-KEPT, False))
        if time.monotonic() - at >= KEPT:
            well = _look(engine)
            current_app.extensions[KEY] = (time.monotonic(), well)
        return bool(well)


def _look(engine: Engine) -> bool:
    """A follower that has replayed all it was sent is up to date however long ago that was."""
    try:
        with engine.connect() as connection:
            return bool(connection.scalar(_CAUGHT_UP)) or float(connection.scalar(_LAG) or 0) <= LAG
    except DBAPIError:
        return False
