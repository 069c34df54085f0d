"""Alembic's entry: the application's own engine and metadata, batch mode for SQLite."""

from __future__ import annotations

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


def own_tables(name: str | None, kind: str, _parents: object) -> bool:
    """The full-text tables of SQLite belong to the engine, not to the metadata."""
    return not (kind == "table" and name is not None and name.startswith("search_index"))


def run() -> None:
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            include_name=own_tables,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
