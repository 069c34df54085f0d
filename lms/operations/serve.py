"""`python3 wsgi.py`: bring the database up to date, load the content, then serve; the demo is made beside it."""

from __future__ import annotations

import fcntl
import gc
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from lms import demo, publishing
from lms.config import LOOPBACK, ROOT
from lms.content.errors import ContentError
from lms.database import db, exit_on_database_error, may_write
from lms.operations import bootstrap, side_processes
from lms.operations.connections import create_server
from lms.operations.demo_process import DemoProcess
from lms.operations.doctor import known_revisions, revisions
from lms.report.document import TYPESETTER

SWITCH = (
    0.0005  # seconds after which a thread that computes lets another go on: a save asks for its turn some ten times
)
PREPARING = 374_2026  # names the lock of PostgreSQL; any number that nothing else takes


def serve(app: Flask) -> None:
    """Set the machine up and answer until interrupted. Exits with one line where that cannot be."""
    host, port = app.config["HMUT_HOST"], app.config["HMUT_PORT"]
    _refuse_exposure(app.config["HMUT_DEMO"], host, urlsplit(app.config["HMUT_BASE_URL"]).hostname or "")
    _refuse_processes(app)
    _refuse_taken(host, port)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # requests under way are answered first
    sys.setswitchinterval(SWITCH)
    with _only_writer(app) as folder:
        prepare(app)
        _settle_memory()
        options = waitress_options(app)
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


def _settle_memory() -> None:
    """What was read before the first request stays for ever: the collector need not look through it again and again,
    and what a request leaves behind is collected in larger heaps."""
    gc.collect()
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


def _refuse_exposure(demonstration: bool, host: str, known_as: str) -> None:
    """Exit where the demo could be reached from elsewhere, or where no browser could know our name."""
    if demonstration and not {host, known_as} <= set(LOOPBACK):
        raise SystemExit(
            "The demo lets anybody in, so it listens on this machine only. Set HMUT_DEMO=0 to serve others."
        )
    if known_as in ("0.0.0.0", "::"):  # noqa: S104
        raise SystemExit("Set HMUT_BASE_URL to the address that people type, for example https://hmut.example.am.")


def _refuse_processes(app: Flask) -> None:
    if app.config["HMUT_PROCESSES"] > 1 and app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        raise SystemExit("SQLite has one writer, so one process serves it: HMUT_PROCESSES=1, or a PostgreSQL.")


def _refuse_taken(host: str, port: int) -> None:
    """Tell at once, and not after the set-up, that nothing can listen there."""
    try:
        socket.create_server((host, port), family=_family(host)).close()
    except OSError as error:
        reason = str(error.strerror).partition(" (while")[0]
        raise SystemExit(
            f"Cannot listen on {host}, port {port}: {reason}. If Hmut already runs there, stop it, "
            f"or choose another port: HMUT_PORT={port + 1 if 1024 <= port < 65_535 else 8001} python3 wsgi.py"
        ) from None


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


def waitress_options(app: Flask) -> dict[str, Any]:
    """How the server listens. Connections are many, since browsers keep several open and a few hundred slow ones must
    not shut the door; a request's head is small, and a body may exceed the application's own limit, whose reply is a
    page."""
    return {
        **_place(app.config["HMUT_HOST"], app.config["HMUT_PORT"], app.config["HMUT_PROCESSES"]),
        "url_scheme": urlsplit(app.config["HMUT_BASE_URL"]).scheme,
        "threads": 8,
        "ident": None,
        "connection_limit": 800,
        "asyncore_use_poll": True,  # select() knows no descriptor above 1023
        "channel_timeout": 60,
        "cleanup_interval": 10,
        "max_request_header_size": 32_768,
        "max_request_body_size": 20_000_000,
        **_proxy(app.config["HMUT_PROXY"]),
    }


def _place(host: str, port: int, processes: int) -> dict[str, Any]:
    """Several processes take connections from one socket, whichever is free first."""
    if processes == 1:
        return {"host": host, "port": port}
    return {"sockets": [socket.create_server((host, port), family=_family(host))]}


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _proxy(address: str) -> dict[str, Any]:
    """Behind a proxy at this address the visitor's own address counts for the sign-in limits; no other is believed."""
    return {"trusted_proxy": address, "trusted_proxy_headers": {"x-forwarded-for"}} if address else {}


def prepare(app: Flask) -> None:
    """Database and content as this version of the program wants them; quick when they already are."""
    with app.app_context(), exit_on_database_error(), preparation_lock():
        _refuse_newer()
        say("bringing the database up to date")
        upgrade()
        say("loading courses and quizzes")
        report = _load_content(app.config["HMUT_CONTENT"])
        for finding in report.findings:
            say(f"  {finding}")
        for notice in report.notices:
            say(f"  {notice.en}")
        for path in report.refused:
            say(f"  {path}: refused; where it was published before, the last good version stays")
        for withdrawal in report.withdrawals:
            say(f"  withdrawn: {withdrawal.said()}")
        db.session.commit()


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


def _load_content(root: Path) -> publishing.LoadReport:
    """A folder that cannot be read leaves what was published before."""
    try:
        return publishing.load(root)
    except ContentError as error:
        return publishing.LoadReport(findings=error.findings)


def _refuse_newer() -> None:
    """Exit where a newer program has written this database: this one could not read it, and must not try."""
    present, newest = revisions()
    if present and present not in known_revisions():
        raise SystemExit(
            f"The database was written by a newer Hmut: its schema is {present}, this program knows {newest} at most. "
            "Start the newer program, or restore a back-up of this one."
        )


@contextmanager
def preparation_lock() -> Iterator[None]:
    """Servers of one PostgreSQL that start together prepare it one after the other."""
    if db.engine.dialect.name != "postgresql":
        yield
        return
    with db.engine.begin() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(PREPARING)))
        yield


def say(text: str) -> None:
    print(f"hmut {time.strftime('%H:%M:%S')} {text}", file=sys.stdout, flush=True)
