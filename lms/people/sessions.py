"""Signed-in browsers. The cookie holds a random token, the database its SHA-256: signing out, a changed password or a
removed person end a session at once, wherever its cookie is."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from flask import Flask, current_app, g, session
from flask_login import LoginManager, login_user, logout_user
from sqlalchemy import select, update

from lms import clock
from lms.db import db
from lms.people.models import OneTimeToken, Person, Session

LIFETIME = timedelta(days=14)
logins = LoginManager()


def init_app(app: Flask) -> None:
    logins.init_app(app)
    logins.session_protection = None
    logins.user_loader(person_of)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def person_of(token: str) -> Person | None:
    """The person whose live session this token opens, or None."""
    found = db.session.execute(select(Session).filter_by(token_hash=digest(token), ended_at=None)).scalar_one_or_none()
    if found is None or found.expires_at <= clock.now() or not may_sign_in(found.person):
        return None
    found.person.session_token = token
    return found.person


def may_sign_in(person: Person) -> bool:
    """False for a closed account, and for the demo's people once the demo is switched off."""
    return person.active and (not person.is_demo or bool(current_app.config["HMUT_DEMO"]))


def sign_in(person: Person, lifetime: timedelta = LIFETIME) -> Session:
    """Begin a new session in this browser; whatever the browser held before is dropped. The caller commits."""
    token = secrets.token_urlsafe(32)
    row = Session(token_hash=digest(token), person_id=person.id, expires_at=clock.now() + lifetime)
    db.session.add(row)
    session.clear()
    person.session_token = token
    login_user(person)
    g.pop("language", None)
    return row


def sign_out() -> None:
    token = session.get("_user_id", "")
    db.session.execute(update(Session).filter_by(token_hash=digest(token)).values(ended_at=clock.now()))
    logout_user()
    session.clear()


def end_all(person: Person, at: datetime | None = None) -> None:
    """End every session of the person and every link that would begin one: after a changed password, a removal, a
    role taken away."""
    now = at or clock.now()
    db.session.execute(update(Session).filter_by(person_id=person.id, ended_at=None).values(ended_at=now))
    db.session.execute(update(OneTimeToken).filter_by(person_id=person.id, used_at=None).values(used_at=now))
