"""A lane for saves: of the server's threads heavy pages hold only some, and their statements have a time limit.

A team of thousands, a table of people or a PDF may take its time; whoever sits a test must not notice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from werkzeug.exceptions import ServiceUnavailable

from lms.database import limit_statements

View = TypeVar("View", bound=Callable[..., Any])
STAFF = {"instructor", "hr", "administrator"}
AT_ONCE, WAITING = 2, 3  # pages of staff that are worked on, and that wait, of the server's sixteen threads
PATIENCE = 20.0  # seconds that one waits for its turn
PAUSE = "hmut.pause"  # in a request's environment: the process for pages of staff is away for a moment
RETRY = 2  # seconds after which a browser that was sent away may ask again


@dataclass
class Lane:
    """Of one process."""

    place: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE + WAITING))
    turn: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE))

    def enter(self) -> bool:
        """Take a place and wait for a turn; False where there is none."""
        if not self.place.acquire(blocking=False):
            return False
        if self.turn.acquire(timeout=PATIENCE):
            return True
        self.place.release()
        return False

    def leave(self) -> None:
        self.turn.release()
        self.place.release()


def init_app(app: Flask) -> None:
    app.extensions["staff_lane"] = Lane()
    app.before_request(_enter)
    app.teardown_request(_leave)


def heavy(view: View) -> View:
    """Below the view's other mark: others than staff may ask for it too, but it takes as much (a PDF, a ZIP)."""
    view.heavy = True  # type: ignore[attr-defined]
    return view


def is_heavy(view: Any) -> bool:
    """Whether nobody but staff may open it (see `identity.access`), or it says that it is heavy."""
    roles = set(getattr(view, "access", ()))
    return hasattr(view, "heavy") or (bool(roles) and roles <= STAFF)


def _enter() -> None:
    if not is_heavy(current_app.view_functions.get(request.endpoint or "")):
        return
    lane: Lane = current_app.extensions["staff_lane"]
    if PAUSE in request.environ or not lane.enter():
        raise ServiceUnavailable(retry_after=RETRY)
    g.staff_lane = lane
    limit_statements(current_app.config["HMUT_STAFF_SECONDS"])


def _leave(_error: BaseException | None) -> None:
    limit_statements(None)
    if lane := g.pop("staff_lane", None):
        lane.leave()
