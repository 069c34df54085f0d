"""What one process has read is another's to know: the same bytes of a file give the same objects, and reading all the
banks takes a second."""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any, TypeVar

Reader = TypeVar("Reader", bound=Callable[..., Any])
Call = tuple[str, bytes]  # a reader's name and the digest of what it was given, which is megabytes of source
Readings = dict[Call, Any]  # what it gave


@dataclass
class Noted:
    """calls: what was asked for, a reader's name and what it was given, and what it gave; fresh: how much had to be
    read."""

    calls: dict[tuple[str, tuple[Any, ...]], Any] = field(default_factory=dict)
    fresh: int = 0

    def readings(self) -> Readings:
        """For another process."""
        return {_call(*call): result for call, result in self.calls.items()}


_brought: Readings = {}
_noted: ContextVar[Noted | None] = ContextVar("noted", default=None)


def remembered(size: int) -> Callable[[Reader], Reader]:
    """Read the same once in a process, as far as it remembers `size` of them."""

    def remembering(read: Reader) -> Reader:
        @lru_cache(maxsize=size)
        def kept(*arguments: Any) -> Any:
            if _brought and (call := _call(read.__name__, arguments)) in _brought:
                return _brought[call]
            if noted := _noted.get():
                noted.fresh += 1
            return read(*arguments)

        @wraps(read)
        def reader(*arguments: Any) -> Any:
            result = kept(*arguments)
            if noted := _noted.get():
                noted.calls[read.__name__, arguments] = result
            return result

        vars(reader).update(cache_clear=kept.cache_clear, cache_info=kept.cache_info)
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


@contextmanager
def brought(readings: Readings) -> Iterator[None]:
    """Know what another process has read; what is asked for inside is remembered. For a process that has one thread."""
    _brought.update(readings)
    try:
        yield
    finally:
        for call in readings:
            _brought.pop(call, None)


def _call(name: str, arguments: tuple[Any, ...]) -> Call:
    """The second format of marshal writes the same for equal arguments, whoever else holds them."""
    return name, hashlib.blake2b(marshal.dumps(arguments, 2)).digest()
