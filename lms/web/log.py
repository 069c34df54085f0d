"""Structured logs: one JSON line a request, with route, status and time, and without anything about the person."""

from __future__ import annotations

import logging
import secrets
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path

import structlog
from flask import Flask, Response, g, request

_log = structlog.get_logger("hmut")


class LogLines(structlog.WriteLogger):
    """A pipe that nobody reads any more or a full disk costs lines of the log, never an answer."""

    def msg(self, message: str) -> None:
        with suppress(OSError, ValueError):
            super().msg(message)

    log = debug = info = warn = warning = error = critical = exception = fatal = failure = err = msg


def init_app(app: Flask) -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: LogLines(sys.stderr),
    )
    app.after_request(_name)
    app.jinja_env.globals["request_id"] = request_id
    app.before_request(_start)
    if app.config.get("HMUT_LOG", True) and not app.testing:
        app.after_request(_write)


def _start() -> None:
    g.started = time.perf_counter()


def seconds() -> float:
    """Since this request began; 0 where it was refused before it did."""
    return time.perf_counter() - float(g.get("started", time.perf_counter()))


def request_id() -> str:
    """A number for this request: it stands in its log lines, in a header, and on the page that tells of an error."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(4)
    return str(g.request_id)


def _name(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    return response


def _write(response: Response) -> Response:
    milliseconds = round(seconds() * 1000, 1)
    _log.info(
        "request", method=request.method, route=_route(), status=response.status_code, ms=milliseconds, id=request_id()
    )
    return response


def sign_in(outcome: str) -> None:
    """A try to come in: opened, refused or throttled. Whose it was stands in the database, not here."""
    _log.info("sign_in", outcome=outcome, route=_route())


def trouble(error: BaseException) -> None:
    """An error that nobody expected: its kind and the lines it came through. Its message may hold personal data."""
    frames = [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    _log.error("unexpected", error=type(error).__name__, route=_route(), frames=frames[-12:], id=request_id())


def _route() -> str:
    """The route's rule, not its path: a path can carry a token or an id."""
    return request.url_rule.rule if request.url_rule else "-"
