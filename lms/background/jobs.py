"""Work beside the requests: mail that is due and whatever else rooms register, in one thread or `flask jobs run`."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog
from flask import Flask

from lms.background import mail
from lms.database import db

Job = Callable[[], object]
PAUSE = 3.0  # seconds
_log = structlog.get_logger("hmut.jobs")


def register(app: Flask, job: Job) -> None:
    """Have the job called every few seconds inside an application context; it commits its own work."""
    jobs_of(app).append(job)


def jobs_of(app: Flask) -> list[Job]:
    jobs: list[Job] = app.extensions.setdefault("hmut_jobs", [mail.deliver_due])
    return jobs


def run_once(app: Flask) -> None:
    for job in jobs_of(app):
        with app.app_context():
            try:
                job()
            except Exception as error:  # whatever it was, the other jobs and the next round go on
                db.session.rollback()
                _log.warning("job failed", job=job.__name__, error=type(error).__name__)


def run_forever(app: Flask, stop: threading.Event) -> None:
    while not stop.is_set():
        run_once(app)
        stop.wait(PAUSE)


def start_thread(app: Flask) -> threading.Event:
    """The sender of an installation of one process; setting the event ends it."""
    stop = threading.Event()
    threading.Thread(target=run_forever, args=(app, stop), name="jobs", daemon=True).start()
    return stop
