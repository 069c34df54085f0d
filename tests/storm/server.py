"""The servers of the storms: the product's own application behind waitress.

`python -m tests.storm.server` loads the application once, says "warm", and then forks a server for every port it reads
from standard input, answering with the process id; so a killed server is replaced within milliseconds. They all end
with its input. A mutant named after the port breaks one promise on purpose; the checks must notice each of them.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable

import waitress
from flask import Flask, jsonify, request
from sqlalchemy import event

from lms import publishing
from lms.app import create_app
from lms.config import ROOT
from lms.content.content_files import read_files
from lms.content.load import published_library
from lms.database import db, read_only
from lms.operations.listening import waitress_options

Later = Callable[[], None]


def main() -> None:
    app = create_app({"HMUT_DEMO": False})
    if os.environ.get("STORM_CONTENT"):  # what every page reads is read before the fork, once for all servers
        with app.app_context(), read_only():
            publishing.library()
            db.engine.dispose()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the killed need no burial
    children = []
    print("warm", flush=True)
    for line in sys.stdin:
        children.append(os.fork())
        if not children[-1]:
            return serve(app, *line.split())
        print(children[-1], flush=True)
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def read_content() -> None:
    """The files of the house, once for all that are forked from here: what is published later is the same bytes."""
    published_library(read_files(ROOT))


def serve(app: Flask, port: str, mutant: str = "") -> None:
    if mutant:
        MUTANTS[mutant](app)
    waitress.serve(app, **waitress_options(app) | {"host": "127.0.0.1", "port": port})


def ack_before_commit(app: Flask) -> None:
    """Says "saved" at once and stores the answer a moment later."""
    work: queue.Queue[Later] = queue.Queue()
    _answer_first(app, work.put)

    def run() -> None:
        while True:
            work.get()()

    threading.Thread(target=run, daemon=True).start()


def buffer_in_memory(app: Flask) -> None:
    """Collects answers and stores them every five seconds."""
    held: list[Later] = []
    _answer_first(app, held.append)

    def run() -> None:
        while True:
            time.sleep(5)
            while held:
                held.pop(0)()

    threading.Thread(target=run, daemon=True).start()


def synchronous_normal(app: Flask) -> None:
    """Commits without waiting for the disk."""
    with app.app_context():

        @event.listens_for(db.engine, "connect", insert=False)
        def relax(connection: object, _record: object) -> None:
            connection.execute("PRAGMA synchronous=NORMAL")  # type: ignore[attr-defined]


def _answer_first(app: Flask, defer: Callable[[Later], None]) -> None:
    for endpoint in ("assess.answer", "learn.practice", "lab.act", "rating.save"):
        app.view_functions[endpoint] = _says_saved(app, app.view_functions[endpoint], defer)


def _says_saved(app: Flask, true_view: Callable[..., object], defer: Callable[[Later], None]) -> Callable[..., object]:
    def view(**place: object) -> object:
        sent = {"path": request.path, "method": "POST", "data": request.form.to_dict(flat=False)}
        headers = {"Cookie": request.headers["Cookie"], "Accept": "application/json"}

        def store() -> None:
            with app.test_request_context(**sent, headers=headers):
                true_view(**place)  # the token was checked when the answer came

        defer(store)
        seq, version = int(request.form.get("seq", 0)), int(request.form.get("base", 0)) + 1
        return jsonify(saved=True, client_seq=seq, seq=seq, version=version, number=version, late=False, left=None)

    return view


MUTANTS = {mutant.__name__: mutant for mutant in (ack_before_commit, buffer_in_memory, synchronous_normal)}

if __name__ == "__main__":
    main()
