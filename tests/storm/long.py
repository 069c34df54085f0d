"""`python3 -m tests storm [kill|texts|works|database|disk|parallel|rush|machine] [--scale 0.1]`: the long fault list.

At scale 1: F1 with 100 kills and 50,000 answers, with 100 kills and 20,000 practice texts, and with 100 kills and
10,000 actions of sprints and saves of replies, on SQLite (one process) and PostgreSQL (four), F2 with 50 kills of
PostgreSQL and five locks of SQLite, F3a over 1,000 replies, F8 with 1,000 finishes, F12 with 150 and 500 candidates who
save for half an hour, F22 with 5,000 runs of 50 steps, each on both engines where it applies.
"""

from __future__ import annotations

import argparse
import itertools
import platform
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from lms import publishing
from lms.config import ROOT
from lms.database import db
from tests import machine
from tests.assess.test_machine import run as run_machine
from tests.assess.test_parallel import storm_the_end
from tests.storm.database import crash, lock
from tests.storm.disk import traced
from tests.storm.kill import Report, storm
from tests.storm.pages import write_through
from tests.storm.rush import rush
from tests.storm.stage import fresh
from tests.storm.texts import CONTENT, Practice, Reply, Sprint

ENGINES = ("sqlite", "postgresql")
_numbers = itertools.count()


def main(arguments: list[str]) -> int:
    """0 when every storm left the books in order."""
    parser = argparse.ArgumentParser(prog="python3 -m tests storm", description=__doc__)
    parser.add_argument("storms", nargs="*", choices=[*STORMS, []], help="which ones; all when none is named")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full length")
    wanted = parser.parse_args(arguments)
    print(f"{platform.platform()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}", flush=True)
    with tempfile.TemporaryDirectory(prefix="hmut-storm-") as folder:
        held = [fine for name in wanted.storms or STORMS for fine in STORMS[name](Path(folder), wanted.scale)]
    return 0 if all(held) else 1


def kill(folder: Path, scale: float) -> Iterator[bool]:
    """F1 on both engines."""
    for engine in ENGINES:
        url, data = _database(engine, folder)
        fresh(url, data)
        workers = 1 if engine == "sqlite" else 4
        report = storm(url, data, 100, max(1, round(100 * scale)), round(50_000 * scale), workers)
        yield _say(f"F1 {engine}", _in_order(report), report)


def texts(folder: Path, scale: float) -> Iterator[bool]:
    """F1 over practice texts on both engines, and a server that says "saved" too early, which must be caught."""
    for engine in ENGINES:
        url, data = _database(engine, folder)
        app, _ = fresh(url, data)
        with app.app_context():
            publishing.load(ROOT)
            db.session.commit()
        size = {"pages": 40, "kills": max(2, round(100 * scale)), "saves": max(100, round(20_000 * scale))}
        workers = 1 if engine == "sqlite" else 4
        report = write_through(url, data, [Practice], workers=workers, settings=CONTENT, **size)
        yield _say(f"F1 texts {engine}", report.clean, report)
    report = write_through(url, data, [Practice], 16, 3, 300, 4, mutant="ack_before_commit", settings=CONTENT)
    yield _say("F1 texts mutant is caught", report.lost + report.behind > 0, report)


def works(folder: Path, scale: float) -> Iterator[bool]:
    """F1 over sprints and written replies on both engines, and a server that says "saved" too early."""
    for engine in ENGINES:
        url, data = _database(engine, folder)
        fresh(url, data)
        size = {"pages": 40, "kills": max(2, round(100 * scale)), "saves": max(100, round(10_000 * scale))}
        report = write_through(url, data, [Sprint, Reply], workers=1 if engine == "sqlite" else 4, **size)
        yield _say(f"F1 works {engine}", report.clean, report)
    cheated = write_through(url, data, [Sprint, Reply], 16, 3, 300, 4, mutant="ack_before_commit")
    yield _say("F1 works mutant is caught", cheated.lost + cheated.behind > 0, cheated)


def database(folder: Path, scale: float) -> Iterator[bool]:
    """F2: SQLite locked by another process, PostgreSQL killed whole; then a PostgreSQL that does not wait for its log,
    which must be caught."""
    times, answers = max(2, round(50 * scale)), round(20_000 * scale)
    url, data = _database("sqlite", folder)
    fresh(url, data)
    locked = lock(data / "hmut.db", max(12, 30 * scale))
    report = storm(url, data, 24, max(1, times // 10), answers // 4, strike=locked)
    yield _say("F2 sqlite", _in_order(report), report)
    url, data = _database("postgresql", folder)
    fresh(url, data)
    report = storm(url, data, 24, times, answers, 2, strike=crash(folder / "postgresql"))
    yield _say("F2 postgresql", _in_order(report), report)
    url, data = _database("postgresql", folder, "synchronous_commit = off")
    fresh(url, data)
    report = storm(url, data, 24, 3, 1000, 2, strike=crash(folder / "postgresql"))
    yield _say("F2 mutant is caught", report.verdict.lost > 0, report)


def many(folder: Path, scale: float) -> Iterator[bool]:
    """F12; goals are set for a machine of four cores, so here the figures count and only errors fail."""
    for engine, crowd, workers in (("sqlite", 150, 1), ("postgresql", 500, 4)):
        url, data = _database(engine, folder)
        app, _ = fresh(url, data)
        report = rush(app, url, data, max(8, round(crowd * scale)), 60 * scale, max(2, round(180 * scale)), workers)
        yield _say(f"F12 {engine}", not report.errors, report)


def disk(folder: Path, scale: float) -> Iterator[bool]:
    """F3a; PostgreSQL syncs in its own processes, so only SQLite is traced."""
    url, data = _database("sqlite", folder)
    fresh(url, data)
    order, cheated = traced(url, data, round(1000 * scale), cheated=12)
    yield _say("F3a sqlite", order.early == 0, order)
    yield _say("F3a mutant is caught", cheated.early >= cheated.replies - 2 > 0, cheated)


def parallel(folder: Path, scale: float) -> Iterator[bool]:
    """F8 on both engines."""
    for engine in ENGINES:
        app, cast = fresh(*_database(engine, folder))
        app.config["WTF_CSRF_ENABLED"] = False
        counted = storm_the_end(app, cast, max(16, round(1000 * scale)))
        yield _say(f"F8 {engine}", (counted.replies, counted.marks, counted.ends) == (1, 8, 1), counted)


def state_machine(folder: Path, scale: float) -> Iterator[bool]:
    """F22 on both engines; the first disagreement ends it with its steps."""
    for engine in ENGINES:
        app, cast = fresh(*_database(engine, folder))
        begun, runs = time.monotonic(), max(1, round(5000 * scale))
        with app.app_context():
            run_machine(cast, runs, steps=50)
        yield _say(f"F22 {engine}", True, f"{runs} runs of 50 steps in {time.monotonic() - begun:.0f} s")


STORMS: dict[str, Callable[[Path, float], Iterator[bool]]] = {
    "kill": kill,
    "texts": texts,
    "works": works,
    "database": database,
    "disk": disk,
    "parallel": parallel,
    "rush": many,
    "machine": state_machine,
}


def _in_order(report: Report) -> bool:
    return report.verdict.clean and report.intact and not report.server_errors


def _database(engine: str, folder: Path, setting: str = "") -> tuple[str, Path]:
    """The address of an empty database, and a data folder of its own; `setting`: one that PostgreSQL shall keep."""
    name = f"storm_{next(_numbers)}"
    data = folder / name
    data.mkdir()
    if engine == "sqlite":
        return f"sqlite:///{data / 'hmut.db'}", data
    server = machine.postgresql(folder / "postgresql")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        if setting:
            connection.execute(f"ALTER DATABASE {name} SET {setting}")
    return server.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?"), data


def _say(name: str, fine: bool, figures: object) -> bool:
    print(f"{'held  ' if fine else 'FAILED'} {name}: {figures}", flush=True)
    return fine
