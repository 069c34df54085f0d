"""`flask backup`: copy database and secret while people work, and check that a copy can be started from."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path

import click
from flask import current_app

from lms import clock
from lms.database import db
from lms.database.revisions import known_revisions

COUNTED = ("organisation", "person", "attempt", "response", "evidence", "certificate")
DATED = "hmut-%Y%m%d-%H%M%S"


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Copy nothing: check the copy in FOLDER.")
@click.option("--keep", type=click.IntRange(1), help="Make a dated copy below FOLDER and keep this many; for timers.")
def backup(folder: Path, only_check: bool, keep: int | None) -> None:
    """Copy database and secret into the new FOLDER while the server runs. HMUT_DATA=FOLDER starts from the copy."""
    if not only_check:
        folder = folder / f"{clock.now():{DATED}}" if keep else folder
        _copy(folder)
    problems = problems_of(folder)
    for problem in problems:
        click.echo(f"{folder}: {problem}", err=True)
    if keep and problems and not only_check:
        folder.rename(folder.with_name(f"{folder.name}-damaged"))  # kept to be looked at, never in place of a good one
    if not problems:
        click.echo(f"{folder}: hmut.db and secret; integrity check: ok; {_counts(folder / 'hmut.db')}")
    if keep and not problems:
        _forget(folder.parent, keep)
    sys.exit(bool(problems))


def _copy(folder: Path) -> None:
    if db.engine.dialect.name != "sqlite":
        raise click.ClickException("PostgreSQL is copied with pg_dump; keep HMUT_DATA/secret beside what it writes.")
    try:
        folder.mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be made: {error.strerror}.") from None
    try:
        _fill(folder)
    except (OSError, sqlite3.Error) as error:  # half a copy would stand among those that are kept
        shutil.rmtree(folder)
        raise click.ClickException(f"{folder} could not be written: {error}.") from None


def _fill(folder: Path) -> None:
    """The copy is one file, which can be read where nothing may be written."""
    origin = str(db.engine.url.database)
    with closing(sqlite3.connect(origin)) as source, closing(sqlite3.connect(folder / "hmut.db")) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    shutil.copy2(current_app.config["HMUT_DATA"] / "secret", folder)


def problems_of(folder: Path) -> list[str]:
    """Why the program could not start from this folder; empty where it could."""
    database, secret = folder / "hmut.db", folder / "secret"
    problems = [f"{path.name} is missing" for path in (database, secret) if not path.is_file()]
    if not problems and len(secret.read_text().strip()) < 32:
        problems.append("secret is cut off")
    return problems or _damage(database)


def _damage(database: Path) -> list[str]:
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as copy:
            (verdict,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
            broken = copy.execute("PRAGMA foreign_key_check").fetchone()
            schema = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        return [f"hmut.db is damaged: {error}"]
    damage = [] if verdict == "ok" else [f"hmut.db is damaged: {verdict}"]
    if schema and schema[0] not in known_revisions():
        damage.append(f"hmut.db was written by a newer Hmut (schema {schema[0]}): start that program from it")
    return damage + ([f"hmut.db: a row of {broken[0]} belongs to nothing"] if broken else [])


def _counts(database: Path) -> str:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as copy:
        rows = [(name, copy.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in COUNTED]  # noqa: S608
    return ", ".join(f"{name} {number}" for name, number in rows)


def _forget(parent: Path, keep: int) -> None:
    """Only folders that this command named: anything else there is somebody's."""
    dated = [path for path in sorted(parent.iterdir()) if path.is_dir() and _is_dated(path.name)]
    for old in dated[:-keep]:
        shutil.rmtree(old)
        click.echo(f"{old}: forgotten")


def _is_dated(name: str) -> bool:
    try:
        datetime.strptime(name, DATED)
    except ValueError:
        return False
    return True
