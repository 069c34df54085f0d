"""Fixtures of this room."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, select

from lms.background.mail import OutboxMail
from lms.database import db, read_only

Look = Callable[[Select[Any]], list[Any]]


@pytest.fixture
def look(app: Flask) -> Look:
    """Rows as another request would see them."""

    def rows(statement: Select[Any]) -> list[Any]:
        with app.app_context(), read_only():
            return list(db.session.scalars(statement))

    return rows


@pytest.fixture
def newest_link(look: Look) -> Callable[[], str]:
    """The path of the one-time link in the newest mail."""

    def path() -> str:
        bodies = look(select(OutboxMail.body).order_by(OutboxMail.id.desc()).limit(1))
        found = re.search(r"/links/[\w-]{43}", bodies[0])
        assert found, bodies
        return found[0]

    return path
