"""What a busy address asks of a session without loading its person: a condition that goes into its own statement."""

from __future__ import annotations

from typing import Any

from flask import current_app, session
from sqlalchemy import Boolean, and_, bindparam, not_, or_

from lms import clock
from lms.database import UTCDateTime
from lms.identity.models import Person, Session
from lms.identity.sessions import SEEN, STAFF_IDLE, digest

IS_LIVE = and_(
    Session.token_hash == bindparam("token_hash"),
    Session.ended_at.is_(None),
    Session.expires_at > bindparam("now", type_=UTCDateTime()),
    Session.person_id == Person.id,
    Person.active,
    or_(not_(Person.is_demo), bindparam("demo", type_=Boolean())),
)
"""Over `Session` and `Person`: the request's own session is open, and its person may be here; see `person_of`."""


def live_values() -> dict[str, Any] | None:
    """The values of `IS_LIVE` for this request; None where it cannot tell: nobody is signed in, or the browser lay idle
    for so long that the person's roles decide."""
    token, now = session.get("_user_id", ""), clock.now()
    present = int(now.timestamp())
    if not token or present - session.get(SEEN, present) > STAFF_IDLE.total_seconds():
        return None
    return {"token_hash": digest(token), "now": now, "demo": bool(current_app.config["HMUT_DEMO"])}
