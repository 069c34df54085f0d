"""INSERT … ON CONFLICT, which each engine spells by itself."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite

from lms.database import Model, db


def insert_for(model: type[Model]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT on the engine in use."""
    engine = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    statement: postgresql.Insert | sqlite.Insert = engine.insert(model)
    return statement
