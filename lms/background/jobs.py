"""Work beside the requests: mail that is due and whatever else rooms register. Two lanes, each a thread of its own:
quick work, and heavy work that must not keep a letter waiting. Several servers share one PostgreSQL: quick work claims
what it takes, heavy work is done by one of them at a time."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import structlog
from flask import Flask, current_app
from sqlalchemy import func, select

from lms.background import mail
from lms.background.thinning import LetterThinner
from lms.database import db, may_write

Job = Callable[[], object]
PAUSE = 3.0  # seconds
LIFE = 3_600.0  # seconds after which a process of jobs gives its memory back and begins anew
NICE = 10  # steps that heavy work stands behind saves
QUICK, HEAVY = "quick", "heavy"
ONE_AT_A_TIME = 4_202  # PostgreSQL's lock of the heavy lane; any number that nothing else takes
_log = structlog.get_logger("hmut.jobs")


def register(app: Flask, job: Job, lane: str = QUICK) -> None:
    """Have the job called every few seconds inside an application context; it commits its own work."""
    jobs_of(app, lane).append(job)


def jobs_of(app: Flask, lane: str = QUICK) -> list[Job]:
    usual: dict[str, list[Job]] = {QUICK: [mail.deliver_due], HEAVY: [LetterThinner()]}
    lanes: dict[str, list[Job]] = app.extensions.setdefault("hmut_jobs", usual)
    return lanes[lane]


def run_once(app: Flask) -> None:
    """A round of both lanes, one after the other."""
    run_lane(app, QUICK)
    run_lane(app, HEAVY)


def run_lane(app: Flask, lane: str) -> None:
    if jobs := jobs_of(app, lane):
        with app.app_context(), _only_here(lane) as ours:
            for job in jobs if ours else ():
                _run(app, job)


def _run(app: Flask, job: Job) -> None:
    with app.app_context():
        try:
            job()
        except Exception as error:  # whatever it was, the other jobs and the next round go on
            db.session.rollback()
            _log.warning("job failed", job=job.__name__, error=type(error).__name__)


@contextmanager
def _only_here(lane: str) -> Iterator[bool]:
    """Whether this process may do the lane's work: heavy work is for one of those that share a PostgreSQL, until its
    round is over or it dies. The lock is a transaction's, so that a pooler may stand between."""
    if lane != HEAVY or db.engine.dialect.name != "postgresql":
        yield True
        return
    with may_write(), db.engine.begin() as connection:
        yield bool(connection.scalar(select(func.pg_try_advisory_xact_lock(ONE_AT_A_TIME))))


def run_forever(app: Flask, stop: threading.Event, life: float = math.inf) -> None:
    """Both lanes, until the event is set or, so many seconds old, a round of heavy work is over."""
    end = time.monotonic() + life
    over = partial(_is_over, stop, end)
    heavy = threading.Thread(target=_repeat, args=(app, HEAVY, stop, over), name="heavy jobs", daemon=True)
    heavy.start()
    _repeat(app, QUICK, stop, lambda: stop.is_set() or not heavy.is_alive())
    heavy.join(timeout=PAUSE)


def _is_over(stop: threading.Event, end: float) -> bool:
    return stop.is_set() or time.monotonic() > end


def _repeat(app: Flask, lane: str, stop: threading.Event, is_over: Callable[[], bool]) -> None:
    while not is_over():
        try:
            run_lane(app, lane)
        except Exception as error:  # the database is away: the lane looks again
            _log.warning("lane failed", lane=lane, error=type(error).__name__)
        stop.wait(PAUSE)


def stand_back() -> None:
    """For a command that computes long on the machine of a server: whoever saves comes first."""
    if not current_app.testing:
        os.nice(NICE)


def start_thread(app: Flask) -> threading.Event:
    """Jobs inside the server's own process; setting the event ends them."""
    stop = threading.Event()
    threading.Thread(target=run_forever, args=(app, stop), name="jobs", daemon=True).start()
    return stop
