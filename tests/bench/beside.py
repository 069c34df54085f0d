"""`python -m tests.bench.beside [--people N] [--seconds S] [--rounds R] [--database postgresql] [--only WORD …]`: what
a save costs while heavy work runs beside it.

A database is filled with people and answers and the real server started. A few candidates save at a steady pace, from a
process of their own: alone, and in turn with that while one kind of heavy work runs without a break: HR's team page by
page, the instructor's content, an import of two hundred addresses, copies of people's data, PDFs, and `flask calibrate`
and `flask statistics rebuild` in processes of their own; then all together. Printed: the save's p50 and p95 alone and
beside it, and the ratios, so that a machine that others use tells something too.
"""

from __future__ import annotations

import argparse
import http.client
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from flask_migrate import upgrade

from lms import clock, publishing
from lms.config import ROOT
from lms.database import db
from lms.identity.models import Person
from lms.learn.models import Certificate
from tests.bench import scale
from tests.bench.savers import Savers, savers
from tests.servers import free_port, start_server
from tests.storm.long import _database
from tests.storm.rush import Candidate
from tests.storm.stage import application, signed_cookie, trainee

SAVERS, PAUSE = 4, 0.25
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
Act = Callable[[int], None]


@dataclass
class Reader:
    """A signed-in browser of staff that asks one thing after the other."""

    port: int
    cookie: str
    csrf: str

    def ask(self, method: str, path: str, **fields: str) -> None:
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        body = urlencode({**fields, "csrf_token": self.csrf}) if method == "POST" else None
        wire.request(method, path, body, {"Cookie": self.cookie, **(FORM if body else {})})
        reply = wire.getresponse()
        reply.read()
        wire.close()
        if reply.status not in (200, 303, 503):
            raise RuntimeError(f"{method} {path}: {reply.status}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--people", type=int, default=3_000)
    arguments.add_argument("--seconds", type=float, default=8)
    arguments.add_argument("--rounds", type=int, default=2)
    arguments.add_argument("--only", nargs="*", default=[], help="heavy work whose name has one of these words")
    arguments.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="hmut-beside-") as folder:
        url, data = _database(given.database, Path(folder))
        app = application(url, data)
        with app.app_context():
            upgrade()
            publishing.load(ROOT)
            db.session.commit()
            scale.fill(given.people, 20)
        with served(url, data) as port, savers() as clients:
            works = heavy(app, port, {"DATABASE_URL": url, "HMUT_DATA": str(data), "HMUT_DEMO": "0"})
            alternate = Alternation(app, port, clients, max(4, round(given.seconds / PAUSE)), given.rounds)
            print(f"{'':<34}{'alone':>18}{'beside it':>18}{'ratio':>14}", flush=True)
            print(f"{'':<34}{'p50':>9}{'p95 ms':>9}{'p50':>9}{'p95 ms':>9}{'p50':>7}{'p95':>7}", flush=True)
            for name, acts in {
                **{name: [act] for name, act in works.items()},
                "all of it": list(works.values()),
            }.items():
                if not given.only or any(word in name for word in given.only):
                    alternate.measure(name, acts)


@contextmanager
def served(url: str, data: Path) -> Iterator[int]:
    port = free_port()
    process = start_server(data, port, DATABASE_URL=url, HMUT_DEMO="0")
    try:
        yield port
    finally:
        process.terminate()
        process.wait(30)


@dataclass
class Alternation:
    """Saves alone and beside heavy work in turn; count: saves of each candidate in a turn."""

    app: Flask
    port: int
    clients: Savers
    count: int
    rounds: int

    def __post_init__(self) -> None:
        self._saves()  # the server reads its content

    def measure(self, name: str, acts: list[Act]) -> None:
        alone: list[float] = []
        busy: list[float] = []
        for _ in range(self.rounds):
            alone += self._saves()
            with running(acts):
                time.sleep(1)
                busy += self._saves()
        figures = [quantile(times, share) for times in (alone, busy) for share in (0.5, 0.95)]
        ratios = (figures[2] / figures[0], figures[3] / figures[1])
        text = "".join(f"{1000 * figure:>9.1f}" for figure in figures) + "".join(f"{ratio:>7.2f}" for ratio in ratios)
        print(f"{name:<34}{text}", flush=True)

    def _saves(self) -> list[float]:
        return self.clients.run([_saver(self.app, self.port) for _ in range(SAVERS)], self.count, PAUSE)


def quantile(times: list[float], share: float) -> float:
    return sorted(times)[int(share * (len(times) - 1))]


def _saver(app: Flask, port: int) -> Candidate:
    with app.test_request_context("/", method="POST"):
        return Candidate(port, *signed_cookie(app, trainee("beside")))


def heavy(app: Flask, port: int, environment: dict[str, str]) -> dict[str, Act]:
    readers = {}
    for role in ("hr", "instructor", "administrator"):
        with app.test_request_context("/", method="POST"):
            person = db.session.scalars(db.select(Person).filter_by(email=f"{role}@big.example")).one()
            readers[role] = Reader(port, *signed_cookie(app, person))
    code = _certificate(app)

    def invite(number: int) -> None:
        lines = "\n".join(f"n{number}-{line}-{os.getpid()}@big.example" for line in range(200))
        readers["administrator"].ask("POST", "/invitations", email=lines, roles="trainee", language="en")

    def command(*words: str) -> Act:
        run = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
        settings = {**os.environ, **environment}
        return lambda _number: void(subprocess.run(run, cwd=ROOT, env=settings, capture_output=True, check=True))

    return {
        "a team, page after page": lambda number: readers["hr"].ask("GET", f"/team?page={1 + number % 40}"),
        "the content with its statistics": lambda _number: readers["instructor"].ask("GET", "/content"),
        "200 invitations at once": invite,
        "copies of people's data (ZIP)": lambda number: readers["administrator"].ask(
            "POST", f"/people/{1_000 + number % 500}/data/copy"
        ),
        "PDFs": lambda _number: readers["hr"].ask("GET", f"/certificates/{code}/certificate.pdf"),
        "flask calibrate": command("calibrate", "--dry-run"),
        "flask statistics rebuild": command("statistics", "rebuild"),
    }


def void(_done: object) -> None:
    return None


MODULE = {
    "id": "C1.1",
    "version": 1,
    "title": {"hy": "Մոդուլ", "en": "Module"},
    "passed_at": "2026-11-27T10:00:00+00:00",
    "check": 0.9,
}
CERTIFICATE = {
    "name": "Learner",
    "course": {"hy": "Դաս", "en": "Course"},
    "modules": [MODULE],
    "cells": [],
    "cuts": [-1.5, -0.5, 0.5, 1.5, 2.5],
    "pass": 0.8,
    "test_out": 0.9,
}


def _certificate(app: Flask) -> str:
    code = "BENCH-BENCH-BENCH"
    with app.test_request_context("/", method="POST"):
        row = Certificate(person_id=1_000, course="C1", code=code, data=CERTIFICATE, issued_at=clock.now())
        db.session.add(row)
        db.session.commit()
    return code


@contextmanager
def running(acts: list[Act]) -> Iterator[None]:
    """Each act again and again in a thread of its own."""
    stop = threading.Event()

    def repeat(act: Act) -> None:
        number = 0
        while not stop.is_set():
            act(number)
            number += 1

    threads = [threading.Thread(target=repeat, args=(act,), daemon=True) for act in acts]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)


if __name__ == "__main__":
    main()
