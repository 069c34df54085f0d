"""What a storm needs in the database: people with an open attempt each, and the cookies of their sessions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from flask import Flask, session
from flask_migrate import upgrade
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select

from lms import clock
from lms.app import create_app
from lms.database import db
from lms.identity import sessions
from lms.identity.models import Membership, Organisation, Person
from tests import cast
from tests.assess.small import TAB, begin
from tests.cast import Cast


@dataclass(frozen=True)
class Sitter:
    """One client: its attempt, cookie and token, the number its answers count from, how many questions there are."""

    attempt: int
    cookie: str
    csrf: str
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


def fresh(url: str, data: Path) -> tuple[Flask, Cast]:
    """The application on a new database: migrated, with the cast in it and no content yet."""
    app = application(url, data)
    with app.app_context():
        upgrade()
        return app, cast.create()


def sitters(app: Flask, count: int) -> list[Sitter]:
    """So many new trainees in the middle of a check of eight questions."""
    return [_sitter(app) for _ in range(count)]


def _sitter(app: Flask) -> Sitter:
    with app.test_request_context("/", method="POST"):
        person = trainee("storm")
        attempt = begin(person)
        cookie, csrf = signed_cookie(app, person)
        return Sitter(attempt.id, cookie, csrf, TAB, attempt.last_seq(), len(attempt.items))


def trainee(name: str) -> Person:
    """A new person with an address of their own in the first organisation."""
    house = db.session.scalars(select(Organisation).limit(1)).one()
    person = Person(email=f"{name}-{token_hex(6)}@example.org", name=name, organisation=house, language="en")
    person.memberships = [Membership(role="trainee")]
    db.session.add(person)
    db.session.flush()
    return person


def signed_cookie(app: Flask, person: Person) -> tuple[str, str]:
    """The cookie `name=value` and the form token of a new session of this person; inside a request context, commits. A
    browser would keep the cookie of its last reply, which says when it asked, and get no new one with each save."""
    sessions.sign_in(person)
    session[sessions.SEEN] = int(clock.now().timestamp())
    csrf = generate_csrf()
    db.session.commit()
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(dict(session))}", csrf
