"""`flask partitions …`: answers by month, for PostgreSQL databases that have grown large (docs/capacity.md says when).

The table `response` is cut by the number of the attempt, and a month begins with the attempt that is next when it does:
numbers rise with time, every statement about answers names an attempt, and the key that keeps an answer from being
stored twice (attempt and key of sending) holds over partitions only if the attempt is what they are cut by.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import click
from flask.cli import AppGroup
from sqlalchemy import Index, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement

from lms import clock
from lms.assess.models import ItemMark, Response
from lms.database import db

TABLE = "response"
RESERVE = 1_000  # attempts that may begin while the cut is made
_PARTS = (
    "SELECT part.relname, pg_get_expr(part.relpartbound, part.oid) FROM pg_inherits "
    "JOIN pg_class part ON part.oid = inhrelid WHERE inhparent = CAST(:name AS regclass) ORDER BY 1"
)
_BOUND = re.compile(r"FROM \('?(\w+)'?\) TO \('?(\w+)'?\)")


@dataclass(frozen=True)
class Partition:
    """Attempts from `first` to before `last`; None where nothing ends it."""

    name: str
    first: str
    last: str | None

    @staticmethod
    def read(name: str, bound: str) -> Partition:
        bounds = _BOUND.search(bound)
        if bounds is None:
            raise ValueError(f"no part: {name} {bound}")
        return Partition(name, bounds[1], None if bounds[2] == "MAXVALUE" else bounds[2])


commands = AppGroup("partitions", help="Answers of a large PostgreSQL in a table for each month.")
apply_option = click.option("--apply", "applied", is_flag=True, help="Do it; without it the statements are printed.")


@commands.command("begin")
@apply_option
def begin(applied: bool) -> None:
    """Cut the table of answers: what there is becomes the first part, this month's answers the second.

    Copies the table once, while nobody can save: stop the servers first.
    """
    parts = _parts()
    if parts:
        raise click.ClickException("the answers are cut by month already")
    _carry_out([beginning(_next_attempt(), clock.now())], applied)


@commands.command("month")
@apply_option
def month(applied: bool) -> None:
    """Begin this month's part, unless there is one; for a timer on the first of each month, while people work."""
    parts = _parts()
    if not parts:
        raise click.ClickException("the answers are one table; see `flask partitions begin`")
    if part_of(clock.now()) in {part.name for part in parts}:
        return click.echo("this month has its part")
    newest = next(part for part in parts if part.last is None)
    _carry_out(next_month(newest, _next_attempt(), clock.now()), applied)


def part_of(at: datetime) -> str:
    return f"{TABLE}_{at:%Y_%m}"


def beginning(attempt: int, at: datetime) -> list[str]:
    """The statements that cut the table before this attempt."""
    columns, old = ", ".join(column.name for column in Response.__table__.columns), f"{TABLE}_whole"
    return [
        f"ALTER TABLE {TABLE} RENAME TO {old}",
        *_without_names(old),
        _parted_table(),
        f"CREATE TABLE {TABLE}_before PARTITION OF {TABLE} FOR VALUES FROM (MINVALUE) TO ({attempt})",
        f"CREATE TABLE {part_of(at)} PARTITION OF {TABLE} FOR VALUES FROM ({attempt}) TO (MAXVALUE)",
        f"INSERT INTO {TABLE} ({columns}) SELECT {columns} FROM {old}",  # noqa: S608  names of ours
        f"SELECT setval(pg_get_serial_sequence('{TABLE}', 'id'), (SELECT coalesce(max(id), 0) + 1 "  # noqa: S608
        f"FROM {old}), false)",
        f"DROP TABLE {old}",
        *_indexes(),
    ]


def next_month(newest: Partition, attempt: int, at: datetime) -> list[list[str]]:
    """Statements, each list a transaction, that end the newest part before this attempt and begin the month's. It holds
    no attempt from there on: the check that says so is looked at while people work, so that the cut itself reads no
    row and takes a moment."""
    return [
        [f"ALTER TABLE {newest.name} ADD CONSTRAINT ends CHECK (attempt_id < {attempt}) NOT VALID"],
        [f"ALTER TABLE {newest.name} VALIDATE CONSTRAINT ends"],
        [
            f"ALTER TABLE {TABLE} DETACH PARTITION {newest.name}",
            f"ALTER TABLE {newest.name} ADD CONSTRAINT begins CHECK (attempt_id >= {newest.first}) NOT VALID",
            f"ALTER TABLE {TABLE} ATTACH PARTITION {newest.name} FOR VALUES FROM ({newest.first}) TO ({attempt})",
            f"CREATE TABLE {part_of(at)} PARTITION OF {TABLE} FOR VALUES FROM ({attempt}) TO (MAXVALUE)",
        ],
    ]


def _without_names(old: str) -> list[str]:
    """A mark may no longer refer to an answer by its number alone, which no index over parts keeps unique; both hang on
    the question of the attempt, and go with it. Names that the new table needs are given up."""
    reference = next(iter(ItemMark.__table__.c.response_id.foreign_keys)).constraint
    assert reference is not None
    names = sorted(str(each.name) for each in Response.__table__.constraints if each.name)  # type: ignore[attr-defined]
    drop = [f"ALTER TABLE {old} DROP CONSTRAINT IF EXISTS {name} CASCADE" for name in names]
    return [
        f"ALTER TABLE {ItemMark.__tablename__} DROP CONSTRAINT IF EXISTS {reference.name}",
        *drop,
        *(f"DROP INDEX IF EXISTS {index.name}" for index in _indexes_of()),
    ]


def _parted_table() -> str:
    """As the program knows it; every key of a table in parts names what it is cut by."""
    ddl = _ddl(CreateTable(Response.__table__))  # type: ignore[arg-type]
    return f"{ddl.replace('PRIMARY KEY (id)', 'PRIMARY KEY (id, attempt_id)')} PARTITION BY RANGE (attempt_id)"


def _indexes_of() -> list[Index]:
    return sorted(Response.__table__.indexes, key=lambda index: str(index.name))  # type: ignore[attr-defined]


def _indexes() -> list[str]:
    return [_ddl(CreateIndex(index)) for index in _indexes_of()]


def _ddl(statement: DDLElement) -> str:
    return str(statement.compile(dialect=postgresql.dialect())).strip()  # type: ignore[no-untyped-call]


def _parts() -> list[Partition]:
    """The parts that there are; none while the table is whole. ClickException on another engine."""
    if db.engine.dialect.name != "postgresql":
        raise click.ClickException("only PostgreSQL keeps a table in parts")
    with db.engine.connect() as connection:
        rows = connection.execute(text(_PARTS), {"name": TABLE}).all()
    return [Partition.read(str(name), str(bound)) for name, bound in rows]


def _next_attempt() -> int:
    with db.engine.connect() as connection:
        newest = connection.scalar(text("SELECT coalesce(max(id), 0) FROM attempt"))
    return int(newest or 0) + RESERVE


def _carry_out(acts: Sequence[Sequence[str]], applied: bool) -> None:
    for statements in acts:
        click.echo("".join(f"{statement};\n" for statement in statements))
        if applied:
            with db.engine.begin() as connection:
                for statement in statements:
                    connection.execute(text(statement))
    click.echo("done" if applied else "-- nothing was changed: --apply does it")
