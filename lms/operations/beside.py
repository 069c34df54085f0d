"""What runs beside the server in processes of their own: pages of staff (HMUT_STAFF), jobs (HMUT_JOBS), and more
of what the server itself does (HMUT_PROCESSES)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Flask

from lms.background import jobs
from lms.operations import keeper
from lms.operations.connections import serve_until
from lms.operations.door import Door
from lms.operations.handing import Handing, answer

PROCESS, THREAD, OFF = "process", "thread", "off"
FINISHING = 6.0  # seconds that requests under way may take at the end
STAFF_NICE = 5  # steps that pages of staff stand behind saves


@dataclass(frozen=True)
class Running:
    """application: what the server calls for each request; end: to be called when it has answered its last."""

    application: Any
    end: keeper.End


def start(app: Flask, held: int, options: dict[str, Any]) -> Running:
    """Begin it. held: a file that only the server may hold; options: of the server. To be called before other threads
    begin."""
    handing = Handing(app, Door()) if app.config["HMUT_STAFF"] == PROCESS else None
    way = app.config["HMUT_JOBS"]
    tasks = [keeper.Task("jobs", partial(jobs.run_forever, app, life=jobs.LIFE), jobs.NICE)] if way == PROCESS else []
    if handing:
        work = partial(answer, app, handing.door)
        tasks.append(keeper.Task("staff", work, STAFF_NICE))
    serve = partial(serve_until, app=handing or app, **options)
    tasks += [keeper.Task("server", serve, grace=FINISHING)] * (app.config["HMUT_PROCESSES"] - 1)
    takes_over = partial(_take_over, app, handing, way == PROCESS)
    ends = [keeper.keep(app, tasks, held, takes_over)] if tasks else []
    if way == THREAD:
        ends.append(jobs.start_thread(app).set)
    return Running(handing or app, partial(_all, ends))


def _take_over(app: Flask, handing: Handing | None, does_jobs: bool) -> None:
    """The processes are gone: the server answers everybody itself, and letters must leave."""
    if handing:
        handing.is_open = False
    if does_jobs:
        jobs.start_thread(app)


def _all(acts: list[Callable[[], None]]) -> None:
    for act in acts:
        act()
