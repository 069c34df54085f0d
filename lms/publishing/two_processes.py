"""Long work over many things in two processes, where nothing else runs in this one: at a start and in commands."""

from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from lms.background import forked

Thing = TypeVar("Thing")
Result = TypeVar("Result")
MANY = 40  # things that are worth a process


def in_halves(work: Callable[[Sequence[Thing]], Result], things: Sequence[Thing]) -> list[Result]:
    """The results of the work over the things, which may be over the first half of them and the second: neighbours stay
    together. It must not touch the database."""
    if len(things) < MANY or threading.active_count() > 1 or (os.cpu_count() or 1) < 2:
        return [work(things)]
    here, there = things[: len(things) // 2], things[len(things) // 2 :]
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        forked.run_and_exit(partial(_write, writer, work, there))
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        try:
            first = work(here)
            answer = pipe.read()
        finally:
            pipe.close()
            status = os.waitpid(child, 0)[1]
    second: Any = work(there) if status else pickle.loads(answer)  # noqa: S301  our own process's words
    return [first, second]


def _write(writer: int, work: Callable[[Sequence[Thing]], Result], things: Sequence[Thing]) -> None:
    """The whole life of the second process; where it fails, the first does the work."""
    with os.fdopen(writer, "wb") as pipe:
        pipe.write(pickle.dumps(work(things)))
