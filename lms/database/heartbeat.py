"""Whether the database takes a write now: a full disk or a read-only one still answers every question."""

from __future__ import annotations

import threading
import time
from datetime import datetime

from flask import current_app
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from lms import clock
from lms.database import SHARED, Model, UTCDateTime, db, may_write

KEPT = 5.0  # seconds for which one look serves every asker
_turn = threading.Lock()


class Heartbeat(Model):
    """One row, written to see whether writing works."""

    __tablename__ = "heartbeat"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    __table_args__ = SHARED


def beats() -> bool:
    """True when a write was committed within the last seconds; looks at most every KEPT seconds a process."""
    with _turn:
        at, well = current_app.extensions.get("heartbeat", (-KEPT, False))
        if time.monotonic() - at >= KEPT:
            well = _write()
            current_app.extensions["heartbeat"] = (time.monotonic(), well)
        return bool(well)


def _write() -> bool:
    try:
        with may_write(), db.engine.begin() as connection:
            return connection.execute(update(Heartbeat).values(at=clock.now())).rowcount == 1
    except DBAPIError:
        return False
