"""Fixtures of this room."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select, select

from lms import clock
from lms.background.mail import OutboxMail
from lms.database import db, read_only
from lms.identity import passwords
from tests.cast import Cast
from tests.identity.factor_steps import PASSWORD, SignIn, set_up_app

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


@pytest.fixture
def hr(app: Flask, cast: Cast, signed_in: SignIn) -> FlaskClient:
    """Signed in as somebody with a password."""
    with app.app_context():
        for name in ("hr", "administrator"):
            cast.person(name).password_hash = passwords.hash_password(PASSWORD)
        db.session.commit()
    return signed_in("hr")


@pytest.fixture
def secret(hr: FlaskClient) -> str:
    """Of an app whose code of now is used up; time went on by a minute."""
    made = set_up_app(hr)[0]
    clock.shift(timedelta(minutes=1))
    return made


@pytest.fixture
def mailing(app: Flask) -> Flask:
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    return app


@pytest.fixture
def administrator(mailing: Flask, signed_in: SignIn) -> FlaskClient:
    return signed_in("administrator")
