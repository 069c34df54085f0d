"""One-time links: an invitation, a registration, a password reset, a first sign-in. 256 random bits, kept as SHA-256,
used by POST. A sign-in between its two steps, and a passkey being made, are held by such a token too.

Opening the link changes nothing, since mail scanners open links first. The token leaves the address at once: the first
GET puts it into the visitor's session cookie and redirects to a clean path.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update

from lms import clock
from lms.database import db
from lms.database.upsert import store_together
from lms.identity.models import OneTimeToken, Person
from lms.identity.sessions import digest

LIFETIMES = {
    "invitation": timedelta(days=7),
    "registration": timedelta(days=2),
    "reset": timedelta(hours=1),
    "sign_in": timedelta(days=2),
    "second_step": timedelta(minutes=10),
    "passkey": timedelta(minutes=10),
}


def issue(purpose: str, person: Person, data: dict[str, Any] | None = None) -> str:
    """A new token of somebody who has an account; those of the same purpose that they still held stop working. The
    caller commits."""
    token, row = drawn(purpose, person.organisation_id, person_id=person.id, data=data)
    store([row])
    return token


def drawn(
    purpose: str,
    organisation_id: int,
    *,
    email: str = "",
    person_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> tuple[str, OneTimeToken]:
    """A token and its row, which is not stored yet."""
    token = secrets.token_urlsafe(32)
    row = OneTimeToken(
        token_hash=digest(token),
        purpose=purpose,
        organisation_id=organisation_id,
        email=email,
        person_id=person_id,
        data=data or {},
        expires_at=clock.now() + LIFETIMES[purpose],
    )
    return token, row


def store(rows: Sequence[OneTimeToken]) -> None:
    """Rows of one purpose and organisation, all for addresses or all for people. Links of the same purpose that these
    still held stop working. The caller commits."""
    first = rows[0]
    if first.person_id is None:
        recipients = OneTimeToken.email.in_([row.email for row in rows])
    else:
        recipients = OneTimeToken.person_id.in_([row.person_id for row in rows])
    same = OneTimeToken.purpose == first.purpose, OneTimeToken.organisation_id == first.organisation_id, recipients
    db.session.execute(update(OneTimeToken).where(*same, OneTimeToken.used_at.is_(None)).values(used_at=clock.now()))
    store_together(rows)


def numbers_of(rows: Sequence[OneTimeToken]) -> dict[str, int]:
    """Which number each stored row got, by its hash; by nothing else, or SQLite looks through all that the organisation
    has while others wait to write."""
    hashes = [row.token_hash for row in rows]
    query = select(OneTimeToken.token_hash, OneTimeToken.id).where(OneTimeToken.token_hash.in_(hashes))
    return {row.token_hash: row.id for row in db.session.execute(query)}


def live() -> tuple[ColumnElement[bool], ...]:
    """What holds for a link that still can be followed."""
    return OneTimeToken.used_at.is_(None), OneTimeToken.expires_at > clock.now()


def is_held(purpose: str, organisation_id: int, email: str) -> bool:
    """Whether the address holds a live link of this purpose."""
    links = select(OneTimeToken.id).filter_by(purpose=purpose, organisation_id=organisation_id, email=email)
    return db.session.scalar(links.where(*live()).limit(1)) is not None


def find(token: str, *purposes: str) -> OneTimeToken | None:
    """The live row of the token, or None when it is unknown, used, late or of another purpose."""
    row = db.session.execute(select(OneTimeToken).filter_by(token_hash=digest(token))).scalar_one_or_none()
    if row is None or row.used_at or row.expires_at <= clock.now() or row.purpose not in purposes:
        return None
    return row


def use(row: OneTimeToken) -> bool:
    """Burn it; False when somebody else was quicker."""
    burnt = db.session.execute(
        update(OneTimeToken)
        .where(OneTimeToken.token_hash == row.token_hash, OneTimeToken.used_at.is_(None))
        .values(used_at=clock.now())
    )
    return burnt.rowcount == 1  # type: ignore[attr-defined, no-any-return]
