"""What one process has read is another's to know: the same bytes of a file give the same objects, and reading all the
banks takes a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any, TypeVar

Reader = TypeVar("Reader", bound=Callable[..., Any])
Readings = dict[tuple[str, tuple[Any, ...]], Any]  # a reader's name and what it was given: what it gave


@dataclass
class Noted:
    """all: what was asked for; fresh: how much of it had to be read."""

    all: Readings = field(default_factory=dict)
    fresh: int = 0


_readers: dict[str, Callable[..., Any]] = {}
_brought: Readings = {}
_noted: ContextVar[Noted | None] = ContextVar("noted", default=None)


def remembered(size: int) -> Callable[[Reader], Reader]:
    """Read the same once in a process, as far as it remembers `size` of them."""

    def remembering(read: Reader) -> Reader:
        @lru_cache(maxsize=size)
        def kept(*arguments: Any) -> Any:
            if (read.__name__, arguments) in _brought:
                return _brought[read.__name__, arguments]
            if noted := _noted.get():
                noted.fresh += 1
            return read(*arguments)

        @wraps(read)
        def reader(*arguments: Any) -> Any:
            result = kept(*arguments)
            if noted := _noted.get():
                noted.all[read.__name__, arguments] = result
            return result

        vars(reader).update(cache_clear=kept.cache_clear, cache_info=kept.cache_info)
        _readers[read.__name__] = reader
        return reader  # type: ignore[return-value]

    return remembering


@contextmanager
def noting() -> Iterator[Noted]:
    """Note what is read inside, for another process."""
    noted = Noted()
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


def bring(readings: Readings) -> None:
    """Know what another process has read. For a process that has one thread."""
    _brought.update(readings)
    for name, arguments in readings:
        _readers[name](*arguments)
    _brought.clear()
