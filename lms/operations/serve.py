"""`python3 wsgi.py`: bring the database up to date, load the content, then serve; the demo is made beside it."""

from __future__ import annotations

import ctypes
import fcntl
import gc
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from flask import Flask

from lms import demo
from lms.config import ROOT
from lms.database import db, exit_on_database_error, may_write
from lms.operations import bootstrap, listening, side_processes
from lms.operations.connections import create_server
from lms.operations.demo_process import DemoProcess
from lms.operations.preparing import preparation_lock, prepare, say
from lms.report.document import TYPESETTER

SWITCH = (
    0.0005  # seconds after which a thread that computes lets another go on: a save asks for its turn some ten times
)


def serve(app: Flask) -> None:
    """Set the machine up and answer until interrupted. Exits with one line where that cannot be."""
    listening.refuse(app)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # requests under way are answered first
    sys.setswitchinterval(SWITCH)
    with _only_writer(app) as folder:
        prepare(app)
        _draw_first_page(app)
        _settle_memory()
        options = listening.waitress_options(app)
        making = _making(app, folder)
        running = side_processes.start(app, folder, options)
        say(f"ready: {app.config['HMUT_BASE_URL']}")
        end_making = making.watch() if making else lambda: None
        _fetch_typesetter()
        create_server(running.application, **options).run()
        end_making()
        running.end()
        _tidy(app)
    say("stopped")


def _fetch_typesetter() -> None:
    """What draws PDFs comes beside the first requests, and says so itself; later starts find it there."""
    if not bootstrap.has("lms/report/requirements.txt"):
        subprocess.Popen([*TYPESETTER, "--fetch"], cwd=ROOT)  # noqa: S603


def _draw_first_page(app: Flask) -> None:
    """What every page needs (published content, the frame's templates, catalogues, statements) is made before the
    processes part: each would make its own, and would write into the pages of memory that they share."""
    with app.test_request_context("/", base_url=app.config["HMUT_BASE_URL"]):
        app.preprocess_request()
        app.dispatch_request()


def _settle_memory() -> None:
    """What was read before the first request stays for ever: the collector need not look through it again and again,
    and what a request leaves behind is collected in larger heaps."""
    gc.collect()
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):  # of glibc: what was only needed for reading goes back
        trim(0)
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _tidy(app: Flask) -> None:
    """Leave everything in the one file: a copy of it made while nothing runs is whole."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            with may_write(), db.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()


@contextmanager
def _only_writer(app: Flask) -> Iterator[int]:
    """With SQLite one server at a time has the data folder; PostgreSQL serves as many as are started. Yields the file
    that holds the folder."""
    folder = os.open(app.config["HMUT_DATA"], os.O_RDONLY)
    try:
        if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield folder
    except BlockingIOError:
        raise SystemExit(
            f"Another Hmut uses {app.config['HMUT_DATA']}. Stop it, or give this one a folder of its own: HMUT_DATA=…"
        ) from None
    finally:
        os.close(folder)


def _making(app: Flask, folder: int) -> DemoProcess | None:
    """What makes the demo's people, where some are missing."""
    with app.app_context(), exit_on_database_error():
        if not (app.config["HMUT_DEMO"] and demo.is_missing()):
            return None
    say("the demo is made beside the first pages")
    return DemoProcess(app, folder, partial(invent, app))


def invent(app: Flask) -> None:
    """Make the demo's people; of servers that start together the second looks on."""
    with app.app_context(), preparation_lock():
        demo.seed(say)
        db.session.commit()
    say("demo ready")
