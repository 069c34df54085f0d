"""`python3 -m tests storm [kill|disk|parallel|machine] [--scale 0.1]`: the long forms of the fault list, with figures.

At scale 1: F1 with 100 kills and 50,000 answers on SQLite (one process) and PostgreSQL (four), F3a over 1,000 replies,
F8 with 1,000 finishes, F22 with 5,000 runs of 50 steps, each on both engines where it applies.
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

from tests import machine
from tests.assess.test_machine import run as run_machine
from tests.assess.test_parallel import storm_the_end
from tests.storm.disk import traced
from tests.storm.kill import storm
from tests.storm.stage import fresh

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
        _say(f"F1 {engine}", report.verdict.clean and not report.server_errors, report)
        yield report.verdict.clean and not report.server_errors


def disk(folder: Path, scale: float) -> Iterator[bool]:
    """F3a; PostgreSQL syncs in its own processes, so only SQLite is traced."""
    url, data = _database("sqlite", folder)
    fresh(url, data)
    order = traced(url, data, round(1000 * scale))
    _say("F3a sqlite", order.early == 0, order)
    yield order.early == 0


def parallel(folder: Path, scale: float) -> Iterator[bool]:
    """F8 on both engines."""
    for engine in ENGINES:
        app, cast = fresh(*_database(engine, folder))
        app.config["WTF_CSRF_ENABLED"] = False
        counted = storm_the_end(app, cast, max(16, round(1000 * scale)))
        fine = (counted.replies, counted.marks, counted.ends) == (1, 8, 1)
        _say(f"F8 {engine}", fine, counted)
        yield fine


def state_machine(folder: Path, scale: float) -> Iterator[bool]:
    """F22 on both engines; the first disagreement ends it with its steps."""
    for engine in ENGINES:
        app, cast = fresh(*_database(engine, folder))
        begun, runs = time.monotonic(), max(1, round(5000 * scale))
        with app.app_context():
            run_machine(cast, runs, steps=50)
        _say(f"F22 {engine}", True, f"{runs} runs of 50 steps in {time.monotonic() - begun:.0f} s")
        yield True


STORMS: dict[str, Callable[[Path, float], Iterator[bool]]] = {
    "kill": kill, "disk": disk, "parallel": parallel, "machine": state_machine,
}  # fmt: skip


def _database(engine: str, folder: Path) -> tuple[str, Path]:
    """The address of an empty database, and a data folder of its own."""
    name = f"storm_{next(_numbers)}"
    data = folder / name
    data.mkdir()
    if engine == "sqlite":
        return f"sqlite:///{data / 'hmut.db'}", data
    server = machine.postgresql(folder / "postgresql")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?"), data


def _say(name: str, fine: bool, figures: object) -> None:
    print(f"{'held  ' if fine else 'FAILED'} {name}: {figures}", flush=True)
