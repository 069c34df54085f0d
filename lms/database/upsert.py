"""INSERT … ON CONFLICT, which each engine spells by itself, and rows that go in together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import FromClause, insert
from sqlalchemy.dialects import postgresql, sqlite

from lms.database import Model, db


def insert_for(model: type[Model] | FromClause) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT on the engine in use. model: or its table, where no object is to come of it."""
    engine = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    statement: postgresql.Insert | sqlite.Insert = engine.insert(model)
    return statement


def insert_together(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """All rows in one statement; each has the same columns, and nobody asks which number it got."""
    if rows:
        db.session.execute(insert(model.__table__), rows)  # type: ignore[arg-type]


def store_together(rows: Sequence[Model]) -> None:
    """Objects of one kind that were only filled in; they stay outside of the session and learn no number."""
    table = rows[0].__table__
    names = [column.key for column in table.columns if column.key in vars(rows[0])]
    insert_together(type(rows[0]), [{name: vars(row)[name] for name in names} for row in rows])
