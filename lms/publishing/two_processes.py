"""Long work over many things in two processes, where nothing else runs in this one: at a start and in commands."""

from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from lms.background import forked

Thing = TypeVar("Thing")
Result = TypeVar("Result")
MANY = 40  # things that are worth a process
PARTS = 32  # that the two take turns at, since nobody knows which of the things are long; one byte names a part


def in_parts(work: Callable[[Sequence[Thing]], Result], things: Sequence[Thing]) -> list[Result]:
    """The results of the work over the things, part by part; neighbours stay together. Whichever process is free takes
    the next part. The work must not touch the database."""
    if len(things) < MANY or threading.active_count() > 1 or (os.cpu_count() or 1) < 2:
        return [work(things)]
    parts = [things[len(things) * n // PARTS : len(things) * (n + 1) // PARTS] for n in range(PARTS)]
    done = _shared(work, parts)
    return [done[number] if number in done else work(part) for number, part in enumerate(parts)]


def _shared(work: Callable[[Sequence[Thing]], Result], parts: Sequence[Sequence[Thing]]) -> dict[int, Result]:
    """What both have done, by the number of the part; where the second process fails, its parts are missing."""
    turns, reader, writer = _turns(len(parts)), *os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        forked.run_and_exit(partial(_write, writer, work, parts, turns))
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        try:
            done = _taken(work, parts, turns)
            answer = pipe.read()
        finally:
            pipe.close()
            os.close(turns)
            status = os.waitpid(child, 0)[1]
    theirs: dict[int, Result] = {} if status else pickle.loads(answer)  # noqa: S301  our own process's words
    return done | theirs


def _turns(number: int) -> int:
    """A pipe's end that gives the number of each part once, whoever reads it."""
    turns, writer = os.pipe()
    os.write(writer, bytes(range(number)))
    os.close(writer)
    return turns


def _taken(
    work: Callable[[Sequence[Thing]], Result], parts: Sequence[Sequence[Thing]], turns: int
) -> dict[int, Result]:
    done: dict[int, Result] = {}
    while turn := os.read(turns, 1):
        done[turn[0]] = work(parts[turn[0]])
    return done


def _write(
    writer: int, work: Callable[[Sequence[Thing]], Result], parts: Sequence[Sequence[Thing]], turns: int
) -> None:
    """The whole life of the second process."""
    with os.fdopen(writer, "wb") as pipe:
        pipe.write(pickle.dumps(_taken(work, parts, turns)))
