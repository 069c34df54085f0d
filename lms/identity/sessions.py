"""Signed-in browsers. The cookie holds a random token, the database its SHA-256: signing out, a changed password or a
removed person end a session at once, wherever its cookie is."""

from __future__ import annotations

import hashlib
import secrets
from copy import deepcopy
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import Flask, Request, Response, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, login_user, logout_user
from itsdangerous import BadSignature
from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy.orm import joinedload, lazyload

from lms import clock
from lms.database import UTCDateTime, db
from lms.identity.models import OneTimeToken, Person, Session

LIFETIME = timedelta(days=14)
STAFF_IDLE = timedelta(hours=2)  # of people who see other people's data
SEEN, SEEN_EVERY = "seen", 60  # when this browser last asked, in its own cookie; renewed after so many seconds
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
STAFF = ("instructor", "hr", "administrator")
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
OWES_FACTOR = "owes_factor"  # in the cookie of a session that may do nothing before a second factor is set up
logins = LoginManager()


def init_app(app: Flask) -> None:
    logins.init_app(app)
    logins.session_protection = None
    logins.user_loader(person_of)
    app.session_interface = UndatedCookies()
    app.after_request(_note_presence)


class UndatedCookies(SecureCookieSessionInterface):
    """Signed cookies without Flask's own date: a server clock that steps back must not sign everybody out. How long a
    session lasts stands in the database."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        value = request.cookies.get(self.get_cookie_name(app))
        secrets = app.secret_key, *(app.config["SECRET_KEY_FALLBACKS"] or ())
        return self.session_class(_copied(self._contents(app, secrets, value)) if value else None)

    @lru_cache(maxsize=2048)  # noqa: B019  one application has one of these
    def _contents(self, app: Flask, _secrets: tuple[Any, ...], value: str) -> dict[str, Any]:
        """What is signed in a cookie; nothing where the signature is none of ours, whose secret may change. Whose it is
        and whether it still holds is asked of the database each time."""
        signer = self.get_signing_serializer(app)
        try:
            return dict(signer.loads(value)) if signer else {}
        except BadSignature:
            return {}

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Files are everybody's: looking who asks must not make them one browser's."""
        if request.endpoint != "static":
            super().save_session(app, session, response)


def _copied(contents: dict[str, Any]) -> dict[str, Any]:
    """As deep as it must be: what is no text or number, a request may change in place."""
    return {name: value if isinstance(value, str | int) else deepcopy(value) for name, value in contents.items()}


def _note_presence(response: Response) -> Response:
    """A form sent renews the cookie too: what the browser keeps was made for the one before (`Vary`), so that even the
    page behind "back" is asked for again."""
    now = int(clock.now().timestamp())
    if "_user_id" in session and abs(now - session.get(SEEN, 0)) >= SEEN_EVERY:
        session[SEEN] = now
    if request.method == "POST" and response.status_code in (302, 303) and "_user_id" in session:
        session.modified = True
    return response


def _idle_too_long(person: Person) -> bool:
    """Staff who left a browser open and went: whoever sits down there next is asked to sign in."""
    now = int(clock.now().timestamp())
    return now - session.get(SEEN, now) > STAFF_IDLE.total_seconds() and person.has_role(*STAFF)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


_OF_TOKEN = (
    select(Person)
    .join(Session, Session.person_id == Person.id)
    .where(
        Session.token_hash == bindparam("token_hash"),
        Session.ended_at.is_(None),
        Session.expires_at > bindparam("now", type_=UTCDateTime()),
    )
    .options(joinedload(Person.memberships), lazyload(Person.organisation))  # staff's pages alone ask for that
)


def person_of(token: str) -> Person | None:
    """The person whose live session this token opens, or None."""
    values = {"token_hash": digest(token), "now": clock.now()}
    person = db.session.scalars(_OF_TOKEN, values).unique().one_or_none()
    if person is None or not may_sign_in(person) or _idle_too_long(person):
        return None
    person.session_token = token
    return person


def may_sign_in(person: Person) -> bool:
    """False for a closed account, and for the demo's people once the demo is switched off."""
    return person.active and (not person.is_demo or bool(current_app.config["HMUT_DEMO"]))


def sign_in(person: Person, lifetime: timedelta = LIFETIME) -> Session:
    """Begin a new session in this browser; the one that it held before ends. The caller commits."""
    token = secrets.token_urlsafe(32)
    agent, until = request.headers.get("User-Agent", ""), clock.now() + lifetime
    row = Session(token_hash=digest(token), person_id=person.id, device=device(agent), expires_at=until)
    db.session.add(row)
    end_held()
    session.clear()
    person.session_token = token
    login_user(person)
    g.pop("language", None)
    return row


def device(agent: str) -> str:
    """Browser and system in a few words of our own; the rest of what a browser tells about itself is not kept."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for name in SYSTEMS if name in agent), "")
    return ", ".join(part for part in (browser, system) if part)


def live_sessions(person: Person) -> list[Session]:
    """Where the person is signed in now, the newest first."""
    sessions = select(Session).where(*_live(person)).order_by(Session.id.desc()).limit(50)
    return list(db.session.scalars(sessions))


def _live(person: Person) -> tuple[ColumnElement[bool], ...]:
    return Session.person_id == person.id, Session.ended_at.is_(None), Session.expires_at > clock.now()


def is_present(row: Session) -> bool:
    """Whether it is the session that this request came in."""
    return row.token_hash == digest(session.get("_user_id", ""))


def end(person: Person, session_id: int) -> bool:
    """End one session of the person; False when there is no such."""
    ended = update(Session).where(Session.id == session_id, *_live(person)).values(ended_at=clock.now())
    return bool(db.session.execute(ended).rowcount)  # type: ignore[attr-defined]


def end_held() -> None:
    """End the session of this browser, wherever else its cookie may be."""
    cookie_hash = digest(session.get("_user_id", ""))
    db.session.execute(update(Session).filter_by(token_hash=cookie_hash, ended_at=None).values(ended_at=clock.now()))


def sign_out() -> None:
    end_held()
    logout_user()
    session.clear()


def end_all(person: Person, at: datetime | None = None) -> None:
    """End every session of the person and every link that would begin one: after a changed password, a removal, a
    role taken away."""
    now = at or clock.now()
    db.session.execute(update(Session).filter_by(person_id=person.id, ended_at=None).values(ended_at=now))
    db.session.execute(update(OneTimeToken).filter_by(person_id=person.id, used_at=None).values(used_at=now))
