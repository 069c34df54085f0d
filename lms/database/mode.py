"""Whether transactions that begin now only read, and how long a statement of this request may take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from flask import Flask, request

reading: ContextVar[bool] = ContextVar("reading", default=False)
limit: ContextVar[int | None] = ContextVar("limit", default=None)


@contextmanager
def read_only() -> Iterator[None]:
    """Transactions begun inside may not write."""
    token = reading.set(True)
    try:
        yield
    finally:
        reading.reset(token)


@contextmanager
def may_write() -> Iterator[None]:
    """Transactions begun inside may write, also while a GET is answered: for what is no answer to the asker."""
    token = reading.set(False)
    try:
        yield
    finally:
        reading.reset(token)


def limit_statements(seconds: int | None) -> None:
    """From now on a statement of this request may take so long (PostgreSQL; None: as long as it likes)."""
    limit.set(seconds)


def init_app(app: Flask) -> None:
    app.before_request(_choose)
    app.teardown_request(_end)


def _choose() -> None:
    reading.set(request.method in ("GET", "HEAD", "OPTIONS"))


def _end(_error: BaseException | None) -> None:
    reading.set(False)
