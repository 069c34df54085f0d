"""What is left to chance in a test: the items drawn and an attempt's seed. Nobody foresees it, unless it is fixed."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_source: ContextVar[random.Random | None] = ContextVar("source", default=None)
_unforeseen = secrets.SystemRandom()


def chance() -> random.Random:
    """The machine's own, or what `fixed_chance` says."""
    return _source.get() or _unforeseen


@contextmanager
def fixed_chance(seed: int | str) -> Iterator[None]:
    """Inside, chance goes the same way each time: for the demo and for tests."""
    token = _source.set(random.Random(seed))  # noqa: S311  repeatable, not secret
    try:
        yield
    finally:
        _source.reset(token)
