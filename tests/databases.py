"""Databases for tests: each engine's template is made once for all workers; a test gets it as if nobody had used it.

SQLite writes a file over. PostgreSQL keeps one database a worker and puts back the tables that a test changed, from
copies in a schema of the same database: a hundred times quicker than CREATE DATABASE from a template.
"""

from __future__ import annotations

import fcntl
import itertools
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade
from psycopg import sql
from sqlalchemy import Pool

from lms.app import create_app
from lms.database import db
from lms.operations import serve
from tests import cast as cast_module
from tests import machine
from tests.cast import Cast

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
NEVER = 0  # ns since 1970 at which nobody wrote
_numbers = itertools.count()
Signature = tuple[int, int]  # rows of a table, the newest transaction that wrote one of them


def settings(url: str, folder: Path) -> dict[str, object]:
    return {
        "TESTING": True,
        "WTF_CSRF_ENABLED": False,  # the tests that are about it switch it on
        "HMUT_DATA": folder,
        "HMUT_DEMO": False,
        "SQLALCHEMY_DATABASE_URI": url,
        "SERVER_NAME": None,
        "SECRET_KEY": "a key of the tests",
    }


def once(folder: Path, name: str, make: Callable[[], Any]) -> Any:
    """What `make` returns (JSON-able), made by the first worker that asks; the others wait and read it."""
    result = folder / f"{name}.json"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not result.exists():
            result.write_text(json.dumps(make()))
        return json.loads(result.read_text())


@contextmanager
def fresh(engine: str, folder: Path) -> Iterator[tuple[str, Cast]]:
    """The address of a database with the shipped content and the cast in it, and the cast."""
    made = once(folder, f"template-{engine}", lambda: _make_template(engine, folder))
    with _sqlite(folder) if engine == "sqlite" else _postgresql(folder) as url:
        yield url, Cast(made["cast"])


@contextmanager
def empty(engine: str, folder: Path) -> Iterator[str]:
    """The address of a database with nothing in it, for tests of migrations."""
    name = f"empty_{WORKER}_{next(_numbers)}"
    yield f"sqlite:///{folder / name}.db" if engine == "sqlite" else _create(folder, name)
    if engine == "sqlite":
        _remove(folder / f"{name}.db")
    else:
        with psycopg.connect(_address(folder, "postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]


def _make_template(engine: str, folder: Path) -> dict[str, Any]:
    """SQLite's as a first start makes it, with the cast; PostgreSQL's by its own migrations, with the same rows."""
    if engine == "postgresql":
        return _make_postgresql(folder)
    app = create_app(settings(f"sqlite:///{folder / 'template.db'}", folder))
    _start_cold(app, folder)
    with app.app_context():
        cast = cast_module.create()
        db.session.remove()
    serve._tidy(app)
    return {"cast": cast.ids}


def _start_cold(app: Flask, folder: Path) -> None:
    """What a newcomer's first start does from nothing, the check of the content included; what it made is kept as it is
    for the demo, which goes on from there (`prepared`)."""
    with pytest.MonkeyPatch.context() as patch:
        lines: list[str] = []
        patch.setattr(serve, "say", lines.append)
        serve.prepare(app)
    assert not [line for line in lines if "refused" in line or "withdrawn" in line], lines
    serve._tidy(app)
    shutil.copy(folder / "template.db", folder / "prepared.db")


def prepared(folder: Path) -> Path:
    """A database with all tables and the shipped content, and nobody in it."""
    once(folder, "template-sqlite", lambda: _make_template("sqlite", folder))
    return folder / "prepared.db"


@contextmanager
def _sqlite(folder: Path) -> Iterator[str]:
    """The file of the test before, written over, where nobody holds it any more: SQLite takes its log away with the
    last connection. A new file would cost three times as much, for its place in memory."""
    target = _idle.pop() if _idle else folder / f"{WORKER}-{next(_numbers)}.db"
    _write_file(target, _template(folder))
    yield f"sqlite:///{target}"
    if target.exists() and not _beside(target, "-wal").exists():
        _idle.append(target)
    else:
        _remove(target)


_idle: list[Path] = []


@cache
def _template(folder: Path) -> bytes:
    return (folder / "template.db").read_bytes()


def _write_file(target: Path, content: bytes) -> None:
    """A file that nobody has written to since bears the time it was given here, and stays as it is."""
    if target.exists() and target.stat().st_mtime_ns == NEVER:
        return
    with target.open("r+b" if target.exists() else "wb", buffering=0) as file:
        file.write(content)
        file.truncate()
    os.utime(target, ns=(NEVER, NEVER))


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        _beside(path, suffix).unlink(missing_ok=True)


# PostgreSQL


def _address(folder: Path, name: str) -> str:
    """The libpq address of a database of the shared server."""
    return machine.hasty_postgresql(folder / "postgresql").replace("/postgres?", f"/{name}?")


def _for_sqlalchemy(address: str) -> str:
    return address.replace("postgresql://", "postgresql+psycopg://")


def _create(folder: Path, name: str, template: str = "") -> str:
    with psycopg.connect(_address(folder, "postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[arg-type]
        source = f" TEMPLATE {template} STRATEGY file_copy" if template else ""
        connection.execute(f"CREATE DATABASE {name}{source}")  # type: ignore[arg-type]
    return _for_sqlalchemy(_address(folder, name))


def _make_postgresql(folder: Path) -> dict[str, Any]:
    made: dict[str, Any] = once(folder, "template-sqlite", lambda: _make_template("sqlite", folder))
    app = create_app(settings(_create(folder, "template"), folder))
    with app.app_context():
        upgrade()
        db.engine.dispose()
    with (
        closing(sqlite3.connect(folder / "template.db")) as source,
        psycopg.connect(_address(folder, "template")) as target,
    ):
        target.execute("SET session_replication_role = replica")  # neither foreign keys nor triggers
        target.execute("SET timezone = 'UTC'")
        for table in _tables(target):
            _copy(source, target, table)
    _keep_copies(folder)
    return made


def _copy(source: sqlite3.Connection, target: psycopg.Connection[Any], table: str) -> None:
    """All rows of a table, as the text that PostgreSQL reads into its own types; its numbers go on after them."""
    rows = source.execute(f'SELECT * FROM "{table}"')
    columns = [str(column[0]) for column in rows.description]
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    target.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    with target.cursor().copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)) as copy:
        for row in rows:
            copy.write_row(row)
    if "id" in columns:
        numbers = "SELECT setval(pg_get_serial_sequence({}, 'id'), max(id)) FROM {} HAVING max(id) IS NOT NULL"
        target.execute(sql.SQL(numbers).format(sql.Literal(table), sql.Identifier(table)))


def _keep_copies(folder: Path) -> None:
    with psycopg.connect(_address(folder, "template"), autocommit=True) as connection:
        _copy_into(connection, "original", _tables(connection))
        connection.execute("ANALYZE")  # each copy has it: else a search of a word costs .2 s


def _copy_into(connection: psycopg.Connection[Any], schema: str, tables: list[str]) -> None:
    """The rows of these tables once more, in a schema of their own, and where all sequences stand."""
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    for table in tables:
        copy, source = sql.Identifier(schema, table), sql.Identifier("public", table)
        connection.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(copy, source))
    sequences = "CREATE TABLE {} AS SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
    connection.execute(sql.SQL(sequences).format(sql.Identifier(schema, "sequences")))


def _write_over(connection: psycopg.Connection[Any], schema: str, tables: list[str]) -> None:
    """These tables and all sequences are as `_copy_into` has found them."""
    for table in tables:
        name, copy = sql.Identifier("public", table), sql.Identifier(schema, table)
        connection.execute(sql.SQL("DELETE FROM {}").format(name))
        connection.execute(sql.SQL("INSERT INTO {} SELECT * FROM {}").format(name, copy))
    sequences = (
        "SELECT setval(('public.' || quote_ident(sequencename))::regclass, coalesce(last_value, 1), "
        "last_value IS NOT NULL) FROM {}"
    )
    connection.execute(sql.SQL(sequences).format(sql.Identifier(schema, "sequences")))


def _tables(connection: psycopg.Connection[Any], schema: str = "public") -> list[str]:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", (schema,)).fetchall()
    return [str(name) for (name,) in rows]


def filled(url: str, name: str, fill: Callable[[], None]) -> None:
    """The database of a test, which nobody has open, filled: by `fill` the first time in this process, then written
    over with what that made."""
    if url.startswith("postgresql"):
        if not _restorable["own"].bring(name):
            fill()
            _restorable["own"].keep(name)
        return
    file = Path(url.removeprefix("sqlite:///"))
    if name in _files:
        file.write_bytes(_files[name])
    else:
        fill()
        _files[name] = file.read_bytes()


@dataclass
class _Restorable:
    """The worker's database, what each table looked like when it was as the template, and a connection that stays:
    one that knows the tables and has planned its question asks in a fifth of the time."""

    folder: Path
    name: str
    url: str = ""
    signatures: dict[str, Signature] = field(default_factory=dict)
    rules: Any = None  # how many constraints, indexes and triggers there are: a test may take one away
    connection: psycopg.Connection[Any] | None = None

    def make(self) -> None:
        if self.connection:
            self.connection.close()
        if pool := pools.pop(self.url, None):
            pool.dispose()
        self.url = _create(self.folder, self.name, "template")
        self.connection = psycopg.connect(_address(self.folder, self.name), autocommit=True)
        self.connection.execute("SET session_replication_role = replica")  # neither foreign keys nor triggers
        self.connection.execute("SET lock_timeout = '3s'")
        self.signatures = _signatures(self.connection, _tables(self.connection))
        self.rules = _rules(self.connection)

    def restore(self) -> None:
        """Put back what changed; a database that cannot be put back (another schema, a lock held) is made anew."""
        try:
            assert self.connection
            with self.connection.transaction():
                self._put_back(self.connection)
        except psycopg.Error:
            self.make()

    def _put_back(self, connection: psycopg.Connection[Any]) -> None:
        tables = _tables(connection)
        if tables != list(self.signatures) or self.rules != _rules(connection):
            raise psycopg.DataError("another schema")
        changed = self._changed(connection)
        _write_over(connection, "original", changed)
        self.signatures |= _signatures(connection, changed)

    def _changed(self, connection: psycopg.Connection[Any]) -> list[str]:
        now = _signatures(connection, list(self.signatures))
        return [table for table in self.signatures if now[table] != self.signatures[table]]

    def keep(self, name: str) -> None:
        """What is not as the template's now, in a schema of this name, for `bring`."""
        assert self.connection
        with self.connection.transaction():
            _copy_into(self.connection, name, self._changed(self.connection))
        self.rules = _rules(self.connection)

    def bring(self, name: str) -> bool:
        """Fill a database that is as the template with what was kept, if anything was."""
        assert self.connection
        tables = [table for table in _tables(self.connection, name) if table != "sequences"]
        if tables:
            with self.connection.transaction():
                _write_over(self.connection, name, tables)
        return bool(tables)


def _signatures(connection: psycopg.Connection[Any], tables: list[str]) -> dict[str, Signature]:
    if not tables:
        return {}
    one = sql.SQL("SELECT {}, count(*), coalesce(max(xmin::text::bigint), 0) FROM public.{}")
    union = sql.SQL(" UNION ALL ").join(one.format(sql.Literal(table), sql.Identifier(table)) for table in tables)
    found = {str(name): (int(rows), int(newest)) for name, rows, newest in connection.execute(union)}
    return {table: found[table] for table in tables}


def _rules(connection: psycopg.Connection[Any]) -> Any:
    counts = "(SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_index)"
    return connection.execute(f"SELECT {counts}, count(*) FROM pg_trigger WHERE tgenabled = 'O'").fetchone()


_restorable: dict[str, _Restorable] = {}
_files: dict[str, bytes] = {}  # SQLite's, by the name that they are kept under
pools: dict[str, Pool] = {}  # by address: connections to the worker's database, which stay from test to test


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    if "own" in _restorable:
        _restorable["own"].restore()
    else:
        _restorable["own"] = _Restorable(folder, f"worker_{WORKER}")
        _restorable["own"].make()
    yield _restorable["own"].url
