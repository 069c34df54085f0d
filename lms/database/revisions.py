"""Which revision the schema has, and which ones this program knows; Alembic itself is read where one has to change."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import inspect, text

from lms.config import ROOT
from lms.lazy_modules import LazyModule

DIRECTORY = ROOT / "lms" / "migrations"
NUMBER = re.compile(r"""^(down_)?revision = ["'](\w+)""", re.MULTILINE)
flask_migrate = LazyModule("flask_migrate")


class Migrations:
    """Flask-Migrate's extension, made when somebody asks for a migration."""

    def __init__(self, db: SQLAlchemy) -> None:
        self.db, self.directory = db, str(DIRECTORY)
        self.configure_args: dict[str, Any] = {}

    def init_app(self, app: Flask) -> None:
        app.extensions["migrate"] = self

    @cached_property
    def migrate(self) -> Any:
        return flask_migrate.Migrate(db=self.db, directory=self.directory)


def present_revision(db: SQLAlchemy) -> str | None:
    """The database's; None of one that was never set up."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def known_revisions() -> set[str]:
    """Those of this program."""
    return {number for before, number in _lines() if not before}


def newest_revision() -> str:
    """The one that no other follows."""
    (newest,) = known_revisions() - {number for before, number in _lines() if before}
    return newest


def _lines() -> list[tuple[str, str]]:
    texts = (path.read_text("utf-8") for path in (DIRECTORY / "versions").glob("*.py"))
    return [line for text in texts for line in NUMBER.findall(text)]


def upgrade() -> None:
    """Bring the database to the newest revision."""
    flask_migrate.upgrade()
