"""Alembic's entry: the application's own engine and metadata, batch mode for SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

database = current_app.extensions["migrate"].db


def own_tables(name: str | None, kind: str, _parents: object) -> bool:
    """The full-text tables of SQLite belong to the engine, not to the metadata."""
    return not (kind == "table" and name is not None and name.startswith("search_index"))


@contextmanager
def tables_may_be_remade(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew. While foreign keys are enforced, dropping the old one would take the
    rows that point to it along; the switch has no effect inside a transaction, so it stands around it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def refuse_orphans(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        raise RuntimeError(f"rows without what they point to: {lost[:5]}")


def run() -> None:
    with database.engine.connect() as connection, tables_may_be_remade(connection):
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            include_name=own_tables,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        refuse_orphans(connection)
        connection.commit()


run()
