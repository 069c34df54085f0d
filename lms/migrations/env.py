"""Alembic's entry: the application's own engine and metadata, batch mode for SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

database = current_app.extensions["migrate"].db


def own_tables(name: str | None, kind: str, _parents: object) -> bool:
    """The full-text tables of SQLite belong to the engine, not to the metadata."""
    return not (kind == "table" and name is not None and name.startswith("search_index"))


@contextmanager
def references_at_rest(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew; dropping the old one must not take along what refers to it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")  # without effect inside a transaction
    try:
        yield
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def refuse_broken_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
        if broken:
            raise RuntimeError(f"the migration would leave rows that refer to nothing: {broken}")


def run() -> None:
    with database.engine.connect() as connection, references_at_rest(connection):
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            include_name=own_tables,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
            refuse_broken_references(connection)
        connection.commit()


run()
