"""Short writes that arrive while another waits for its turn or is being committed are committed together: one turn and
one flush to the disk for all of them, where a class answers at once or heavy work has just let go."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextvars import copy_context
from typing import Any, Generic, TypeVar

from flask import Flask, current_app
from sqlalchemy import Connection, Engine

from lms.database import db

Thing = TypeVar("Thing")
Act = Callable[[Connection], Thing]
NAME = "commit_group"


class _Waiting(Generic[Thing]):
    """An act with the context of its request, in which it runs whichever thread does it.

    results: what it returned, empty until it is committed; error: why it could not be, known where it was alone.
    """

    def __init__(self, act: Act[Thing]) -> None:
        self._act, self._context = act, copy_context()
        self.is_taken = False
        self.results: list[Thing] = []
        self.error: Exception | None = None

    def run(self, connection: Connection) -> Thing:
        return self._context.run(self._act, connection)


class CommitGroup:
    """engine: where the acts write."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: deque[_Waiting[Any]] = deque()
        self._leading = threading.Lock()

    def run(self, act: Act[Thing]) -> Thing:
        """What `act` returns, once that is committed. Where one of a group fails nothing of the group is stored, and
        each runs again by itself: so an error is raised to the one whose act it is."""
        waiting = _Waiting(act)
        self._queue.append(waiting)
        with self._leading:
            if not waiting.is_taken:
                self._lead()
        if waiting.error:
            raise waiting.error
        return waiting.results[0] if waiting.results else self._alone(act)

    def _lead(self) -> None:
        group: list[_Waiting[Any]] = []
        try:
            with self._engine.begin() as connection:
                group = self._take()  # those too that came while this one waited for its turn
                results = [waiting.run(connection) for waiting in group]
        except Exception as error:  # whoever's it is: by itself it raises there
            group = group or self._take()
            if len(group) == 1:
                group[0].error = error
        else:
            for waiting, result in zip(group, results, strict=True):
                waiting.results.append(result)

    def _take(self) -> list[_Waiting[Any]]:
        group = [self._queue.popleft() for _ in range(len(self._queue))]
        for waiting in group:
            waiting.is_taken = True
        return group

    def _alone(self, act: Act[Thing]) -> Thing:
        with self._engine.begin() as connection:
            return act(connection)


def init_app(app: Flask) -> None:
    with app.app_context():
        app.extensions[NAME] = CommitGroup(db.engine)


def commit_together(act: Act[Thing]) -> Thing:
    """What `act` returns, committed with others that came meanwhile. It may run in another thread, and twice: it reads
    its request and writes to the connection, nothing else."""
    group: CommitGroup = current_app.extensions[NAME]
    return group.run(act)
