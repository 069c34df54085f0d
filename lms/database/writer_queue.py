"""Whose turn it is to write into SQLite, which has one writer and lets all others sleep and try again, the unlucky ones
for seconds. Threads of a process queue at a lock, processes at two files beside the database: whoever holds the queue
is next, so nobody who writes again and again overtakes. What dies holds nothing any more.

Only whoever has the turn writes, and what is committed is moved from the log in the same turn: so two processes never
meet over the log, which some releases of SQLite do not survive (see `operations.doctor`)."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy.exc import OperationalError

LOOK = 0.001  # seconds between two looks at a file that another process holds


class WriterQueue:
    """database: its file, None where it is in memory; patience: seconds that one waits."""

    def __init__(self, database: str | None, patience: float) -> None:
        self._database, self._patience = database, patience
        self._threads = threading.Lock()

    def take(self) -> ExitStack:
        """Closing what is returned ends the turn. OperationalError, as SQLite's own, where it does not come."""
        end = time.monotonic() + self._patience
        with ExitStack() as turn:
            if not self._threads.acquire(timeout=self._patience):
                raise _locked()
            turn.callback(self._threads.release)
            if self._database:
                with _held(f"{self._database}-queue", end):
                    turn.enter_context(_held(f"{self._database}-turn", end))
            return turn.pop_all()


@contextmanager
def _held(path: str, end: float) -> Iterator[None]:
    """The file is this process's; opened anew, since one that was open when the process forked would be both's."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not _is_free(file):
            if time.monotonic() > end:
                raise _locked()
            time.sleep(LOOK)
        yield
    finally:
        os.close(file)


def _is_free(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _locked() -> OperationalError:
    return OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("database is locked"))
