"""The one clock of the impure rooms, so that tests can shift it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_offset = timedelta(0)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC) + _offset


def shift(by: timedelta) -> None:
    """Move the clock for tests; `timedelta(0)` puts it right again."""
    global _offset
    _offset = by
