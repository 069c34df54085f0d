"""Jobs in a process of their own beside the server: it is forked once everything is read, steps back where there is too
little processor for all, and ends with the server, however that ends."""

from __future__ import annotations

import gc
import os
import signal
import sqlite3
import threading
from collections.abc import Callable

import structlog
from flask import Flask

from lms.background import jobs
from lms.database import db
from lms.operations.doctor import sqlite_is_sound

LOOK = 1.0  # seconds between two looks whether the server still lives
PROCESS, THREAD, OFF = "process", "thread", "off"
End = Callable[[], None]
_log = structlog.get_logger("hmut.jobs")


def start(app: Flask, held: int) -> End:
    """Begin the work that HMUT_JOBS asks for; the function that is returned ends it. held: a file that only the server
    may hold. To be called before other threads begin."""
    way = app.config["HMUT_JOBS"]
    if way == PROCESS and (_one_writer_only(app) or not hasattr(os, "fork")):
        way = THREAD
    if way == OFF:
        return lambda: None
    return _thread(app) if way == THREAD else _process(app, held)


def _one_writer_only(app: Flask) -> bool:
    """An SQLite that has the fault of two writers' logs."""
    is_sqlite = app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    return is_sqlite and not sqlite_is_sound(sqlite3.sqlite_version_info)


def _thread(app: Flask) -> End:
    return jobs.start_thread(app).set


def _process(app: Flask, held: int) -> End:
    with app.app_context():
        db.engine.dispose()  # a connection must not be two processes'
    gc.freeze()  # what both hold stays in pages that both share
    server = os.getpid()
    child = os.fork()
    if child == 0:
        os.close(held)
        _work(app, server)
    ending = threading.Event()
    threading.Thread(target=_watch, args=(app, child, ending), name="watch jobs", daemon=True).start()

    def end() -> None:
        ending.set()
        _terminate(child)

    return end


def _work(app: Flask, server: int) -> None:
    """The child's whole life."""
    code = 1
    try:
        os.nice(jobs.NICE)
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal: the server ends first and then says so
        threading.Thread(target=jobs.run_forever, args=(app, stop), name="jobs", daemon=True).start()
        while os.getppid() == server and not stop.wait(LOOK):
            pass
        code = 0
    finally:
        os._exit(code)  # none of the server's own endings happen here


def _watch(app: Flask, child: int, ending: threading.Event) -> None:
    """Should the jobs' process die, the server does the jobs itself: letters must leave."""
    os.waitpid(child, 0)
    if not ending.is_set():
        _log.warning("the jobs' process died; the server does the jobs")
        jobs.start_thread(app)


def _terminate(child: int) -> None:
    try:
        os.kill(child, signal.SIGTERM)
    except ProcessLookupError:
        return
