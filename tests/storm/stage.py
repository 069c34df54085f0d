"""What a storm needs in the database: people with an open attempt each, and the cookies of their sessions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from lms.app import create_app
from lms.db import db
from lms.people import sessions
from lms.people.models import Membership, Organisation, Person
from tests.assess.small import TAB, begin


@dataclass(frozen=True)
class Sitter:
    """One client: its attempt, its cookie, the first client_seq it may use and how many questions there are."""

    attempt: int
    cookie: str
    tab: str
    base: int
    items: int


def application(url: str, data: Path) -> Flask:
    """The application that the storm's servers run too: same database, same secret."""
    data.mkdir(parents=True, exist_ok=True)
    secret = data / "secret"
    if not secret.exists():
        secret.write_text("the secret of the storm")
    settings = {"HMUT_DATA": data, "SECRET_KEY": secret.read_text(), "SQLALCHEMY_DATABASE_URI": url, "HMUT_DEMO": False}
    return create_app(settings)


def sitters(app: Flask, count: int) -> list[Sitter]:
    """So many new trainees in the middle of a check of eight questions."""
    return [_sitter(app, number) for number in range(count)]


def _sitter(app: Flask, number: int) -> Sitter:
    with app.test_request_context("/", method="POST"):
        house = db.session.scalars(select(Organisation).limit(1)).one()
        person = Person(email=f"storm-{number}@example.org", name=f"Storm {number}", organisation=house, language="en")
        person.memberships = [Membership(role="trainee")]
        db.session.add(person)
        db.session.flush()
        attempt = begin(person)
        return Sitter(attempt.id, cookie(app, person), TAB, attempt.last_seq(), len(attempt.items))


def cookie(app: Flask, person: Person) -> str:
    """A Cookie header of a new session of this person; commits."""
    sessions.sign_in(person)
    db.session.commit()
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    value = serializer.dumps({"_user_id": person.session_token, "_fresh": True})
    return f"{app.config['SESSION_COOKIE_NAME']}={value}"
