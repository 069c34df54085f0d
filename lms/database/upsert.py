"""INSERT … ON CONFLICT, which each engine spells by itself, and rows that go in together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import FromClause, Insert, insert
from sqlalchemy.dialects import postgresql, sqlite

from lms.database import Model, db


def insert_for(model: type[Model] | FromClause) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT on the engine in use. model: or its table, where no object is to come of it."""
    return _on_engine(db.session.get_bind().dialect.name, model)


def insert_together(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """All rows in one statement; each has the same columns, and nobody asks which number it got."""
    if rows:
        db.session.execute(_into(model), rows)


def insert_new(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert the rows whose unique key is free; how many those are. Two attempts may end in the same moment."""
    if not rows:
        return 0
    statement = _where_free(db.session.get_bind().dialect.name, model)
    return len(db.session.execute(statement, rows).all())


def _on_engine(name: str, model: type[Model] | FromClause) -> postgresql.Insert | sqlite.Insert:
    engine = postgresql if name == "postgresql" else sqlite
    statement: postgresql.Insert | sqlite.Insert = engine.insert(model)
    return statement


# Built once for each table, since every sitting asks for them; into the table, so that no object comes of a row.


@lru_cache(maxsize=256)
def _into(model: type[Model]) -> Insert:
    return insert(model.__table__)  # type: ignore[arg-type]


@lru_cache(maxsize=256)
def _where_free(name: str, model: type[Model]) -> Any:
    return _on_engine(name, model.__table__).on_conflict_do_nothing().returning(model.__table__.c.id)


def store_together(rows: Sequence[Model]) -> None:
    """Objects of one kind that were only filled in; they stay outside of the session and learn no number."""
    table = rows[0].__table__
    names = [column.key for column in table.columns if column.key in vars(rows[0])]
    insert_together(type(rows[0]), [{name: vars(row)[name] for name in names} for row in rows])
