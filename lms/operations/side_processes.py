"""What runs beside the server in processes of their own: pages of staff (HMUT_STAFF), jobs (HMUT_JOBS), and more
of what the server itself does (HMUT_PROCESSES)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Flask

from lms.background import jobs
from lms.operations import supervisor
from lms.operations.connections import serve_until
from lms.operations.handover_socket import HandoverSocket
from lms.operations.staff_process import StaffHandover, answer

PROCESS, THREAD, OFF = "process", "thread", "off"
FINISHING = 6.0  # seconds that requests under way may take at the end
STAFF_NICE = 5  # steps that pages of staff stand behind saves


@dataclass(frozen=True)
class SideProcesses:
    """application: what the server calls for each request; end: to be called when it has answered its last."""

    application: Any
    end: supervisor.End


def start(app: Flask, lock_file: int, options: dict[str, Any]) -> SideProcesses:
    """Begin it. lock_file: a file that only the server may hold; options: of the server. To be called before other
    threads begin."""
    handover = StaffHandover(app, HandoverSocket()) if app.config["HMUT_STAFF"] == PROCESS else None
    by = app.config["HMUT_JOBS"]
    does_jobs = partial(jobs.run_forever, app, life=jobs.LIFE)
    tasks = [supervisor.Task("jobs", does_jobs, jobs.NICE)] if by == PROCESS else []
    if handover:
        tasks.append(supervisor.Task("staff", partial(answer, app, handover.door), STAFF_NICE))
    serve = partial(serve_until, app=handover or app, **options)
    tasks += [supervisor.Task("server", serve, grace=FINISHING)] * (app.config["HMUT_PROCESSES"] - 1)
    takes_over = partial(_take_over, app, handover, by == PROCESS)
    ends = [supervisor.supervise(app, tasks, lock_file, takes_over)] if tasks else []
    if by == THREAD:
        ends.append(jobs.start_thread(app).set)
    return SideProcesses(handover or app, partial(_all, ends))


def _take_over(app: Flask, handover: StaffHandover | None, does_jobs: bool) -> None:
    """The processes are gone: the server answers everybody itself, and letters must leave."""
    if handover:
        handover.is_open = False
    if does_jobs:
        jobs.start_thread(app)


def _all(acts: list[Callable[[], None]]) -> None:
    for act in acts:
        act()
