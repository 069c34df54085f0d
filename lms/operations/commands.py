"""Commands that belong to no room: `flask jobs run`, `flask backup`, `flask doctor`, `flask bench …`."""

from __future__ import annotations

import copy
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from lms.background import jobs
from lms.config import ROOT
from lms.database import db, exit_on_database_error
from lms.operations.bootstrap import enter

SOUND_SQLITE = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
jobs_commands = AppGroup("jobs", help="Work beside the requests.")


class Commands(AppGroup):
    """The application's commands. Each tells trouble with the database in one line."""

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        told = copy.copy(cmd)  # the command itself may serve several applications
        told.invoke = partial(_invoke, cmd)  # type: ignore[method-assign]
        super().add_command(told, name)


def _invoke(command: click.Command, context: click.Context) -> Any:
    with exit_on_database_error():
        return command.invoke(context)


def init_app(app: Flask) -> None:
    app.cli = Commands(app.name)
    app.cli.add_command(jobs_commands)
    app.cli.add_command(doctor)
    app.cli.add_command(backup)
    app.cli.add_command(bench)


@jobs_commands.command("run")
def run_jobs() -> None:
    """Send due mail and close overdue attempts until interrupted."""
    jobs.run_forever(current_app._get_current_object(), threading.Event())  # type: ignore[attr-defined]


@click.command("doctor")
def doctor() -> None:
    """Name the database engine and say whether it may have several writing processes."""
    if db.engine.dialect.name != "sqlite":
        click.echo(f"database: {db.engine.dialect.name}, several processes may write")
        return
    several = sqlite_is_sound(sqlite3.sqlite_version_info)
    verdict = (
        "WAL reset is mended" if several else "WAL reset can corrupt: keep to one writing process or use PostgreSQL"
    )
    click.echo(f"database: SQLite {sqlite3.sqlite_version}, {verdict}")


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path))
def backup(folder: Path) -> None:
    """Copy database and secret into the new FOLDER while the server runs. HMUT_DATA=FOLDER starts from the copy."""
    if db.engine.dialect.name != "sqlite":
        raise click.ClickException("PostgreSQL is copied with pg_dump; keep HMUT_DATA/secret beside what it writes.")
    try:
        folder.mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be made: {error.strerror}.") from None
    origin = str(db.engine.url.database)
    with closing(sqlite3.connect(origin)) as source, closing(sqlite3.connect(folder / "hmut.db")) as copy:
        source.backup(copy)
        (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
    shutil.copy2(current_app.config["HMUT_DATA"] / "secret", folder)
    click.echo(f"{folder}: hmut.db and secret; integrity check: {verdict}")
    sys.exit(verdict != "ok")


def sqlite_is_sound(version: tuple[int, ...]) -> bool:
    """Whether this SQLite has the fix of the WAL-reset corruption (3.51.3, back-ported to 3.50.7 and 3.44.6)."""
    newest, *ports = SOUND_SQLITE
    return version >= newest or any(version[:2] == port[:2] and version >= port for port in ports)


@click.command("bench")
@click.argument("what", type=click.Choice(("score", "pages", "publish")))
@click.argument("rest", nargs=-1)
def bench(what: str, rest: tuple[str, ...]) -> None:
    """Measure and print: `score` beside its peers, `pages` beside the health page, `publish` by modules. Each in
    processes of its own."""
    module = "tests.psychometrics.bench" if what == "score" else f"tests.bench.{what}"
    enter("requirements.txt", "tests/requirements.txt")  # what measures stands in the second lock
    sys.exit(subprocess.run([sys.executable, "-m", module, *rest], cwd=ROOT).returncode)  # noqa: S603
