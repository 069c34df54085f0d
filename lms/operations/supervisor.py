"""Processes beside the server. They are forked once everything is read, so that they share its memory; a supervisor
that does nothing else starts again what dies; all of them end with the server, however that ends."""

from __future__ import annotations

import gc
import os
import select
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import NoReturn

import structlog
from flask import Flask

from lms.background import forked

LOOK = 0.5  # seconds between two looks at who has died
BREATH = 1.0  # seconds before one that died is started again
GRACE = 10.0  # seconds that all have to end in
End = Callable[[], None]
_log = structlog.get_logger("hmut.processes")


@dataclass(frozen=True)
class Task:
    """What a process does until the event is set, or until it returns to be begun anew with the memory of its first
    moment; grace: seconds that it may take to end then; nice: steps that it stands behind the server."""

    name: str
    work: Callable[[threading.Event], None]
    nice: int = 0
    grace: float = 0.5


def supervise(app: Flask, tasks: Sequence[Task], lock_file: int, orphaned: Callable[[], None]) -> End:
    """Begin the tasks; the function that is returned ends them. lock_file: a file that only the server may hold;
    orphaned: called should the supervisor die. To be called before other threads begin."""
    gc.freeze()  # what all hold stays in pages that all share
    lifeline, end = os.pipe()
    supervisor = forked.fork(app, lock_file, partial(_supervise, tasks, lifeline, end))
    os.close(lifeline)
    ending = threading.Event()
    watch = threading.Thread(target=_watch, args=(supervisor, ending, orphaned), name="watch processes", daemon=True)
    watch.start()

    def finish() -> None:
        ending.set()
        os.close(end)
        watch.join(GRACE)

    return finish


def _watch(supervisor: int, ending: threading.Event, orphaned: Callable[[], None]) -> None:
    os.waitpid(supervisor, 0)
    if not ending.is_set():
        _log.warning("the processes beside the server died; the server does their work")
        orphaned()


def _supervise(tasks: Sequence[Task], server: int, servers_end: int) -> None:
    """The supervisor's whole life: until the server's end of the pipe is closed."""
    os.close(servers_end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal: the server ends first and then says so
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # of a service manager, which tells all of them at once
    lifeline, end = os.pipe()
    alive = {_begin(task, lifeline, end): task for task in tasks}
    while not select.select([server], [], [], LOOK)[0]:
        for task, failed in _dead(alive):
            if failed:
                _log.warning("a process died and is started again", process=task.name)
                time.sleep(BREATH)
            alive[_begin(task, lifeline, end)] = task
    os.close(end)
    _bury(alive)


def _dead(alive: dict[int, Task]) -> list[tuple[Task, bool]]:
    """Those that have ended, and whether that was no end of their own."""
    ended = [(pid, status) for pid in alive for gone, status in [os.waitpid(pid, os.WNOHANG)] if gone]
    return [(alive.pop(pid), status != 0) for pid, status in ended]


def _bury(alive: dict[int, Task]) -> None:
    """Wait for all to end, and end who does not."""
    late = time.monotonic() + max((task.grace for task in alive.values()), default=0) + LOOK
    while alive and time.monotonic() < late:
        _dead(alive)
        time.sleep(0.02)
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _begin(task: Task, lifeline: int, end: int) -> int:
    """The number of a new process that does the task."""
    if process := os.fork():
        return process
    forked.run_and_exit(partial(_begun, task, lifeline, end))


def _begun(task: Task, lifeline: int, supervisors_end: int) -> int:
    os.close(supervisors_end)
    signal.signal(signal.SIGTERM, _leave)
    os.nice(task.nice)
    return _run_task(task, lifeline)


def _leave(*_: object) -> NoReturn:
    raise SystemExit


def _run_task(task: Task, lifeline: int) -> int:
    """A task's whole life: until it is told to end, its supervisor is gone, it has done its part, or it fails. Returns
    the process's status."""
    stop, done = threading.Event(), threading.Event()

    def work() -> None:
        task.work(stop)
        done.set()

    worker = threading.Thread(target=work, name=task.name, daemon=True)
    worker.start()
    with suppress(SystemExit):
        while worker.is_alive() and not select.select([lifeline], [], [], LOOK)[0]:
            pass
    failed = not worker.is_alive() and not done.is_set()
    stop.set()
    worker.join(task.grace)
    return int(failed)
