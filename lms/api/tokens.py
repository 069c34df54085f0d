"""Who calls: an organisation's token in the Authorization header, its scopes, and how often it may ask."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

from flask import current_app, g, request
from sqlalchemy import select, update
from werkzeug.exceptions import Forbidden, TooManyRequests, Unauthorized

from lms import clock
from lms.api.models import SCOPES, ApiToken
from lms.database import db, write_aside
from lms.identity import throttle
from lms.identity.access import by_token
from lms.identity.sealing import seal
from lms.identity.sessions import digest

PREFIX = "hmut_"
View = TypeVar("View", bound=Callable[..., Any])


def make(
    organisation_id: int,
    name: str,
    scopes: list[str],
    made_by: int,
    ends_at: datetime | None = None,
    answer_key: str = "",
) -> tuple[ApiToken, str]:
    """A new token and its only showing. ValueError for a scope that there is not, or none. The caller commits."""
    if not scopes or not set(scopes) <= set(SCOPES):
        raise ValueError(f"scopes are of {', '.join(SCOPES)}")
    token = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        organisation_id=organisation_id,
        name=name,
        token_hash=digest(token),
        shown=token[:12],
        scopes=sorted(scopes),
        created_by=made_by,
        ends_at=ends_at,
        answer_key=seal(answer_key) if answer_key else "",
    )
    db.session.add(row)
    return row, token


def needs_scope(scope: str) -> Callable[[View], View]:
    """Only for a live token of that scope; the token is then `caller()`."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            g.api_token = authenticated()
            if scope not in g.api_token.scopes:
                raise Forbidden(f"this token has not the scope {scope}")
            return view(*args, **kwargs)

        guarded.scope = scope  # type: ignore[attr-defined]  # for whoever checks the map
        return by_token(cast(View, guarded))

    return mark


def caller() -> ApiToken:
    return cast(ApiToken, g.api_token)


def authenticated() -> ApiToken:
    """The live token of the request: as a bearer, or as the user name of HTTP Basic, the way Greenhouse sends it."""
    token = presented()
    row = db.session.scalar(select(ApiToken).filter_by(token_hash=digest(token))) if token else None
    if row is None or row.revoked_at or row.has_ended:
        raise Unauthorized("send a live token: Authorization: Bearer hmut_…")
    most = current_app.config["HMUT_API_CALLS"]
    if wait := throttle.one_more(f"token:{row.id}", most):
        raise TooManyRequests(f"this token may ask {most} times a minute", retry_after=wait)
    _note_use(row)
    return row


def presented() -> str:
    """The token as the request bears it, "" for none."""
    header = request.authorization
    return (header.token or header.username or "") if header else ""


def _note_use(row: ApiToken) -> None:
    """Once a day."""
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    if row.used_on != today:
        mine = ApiToken.id == row.id, ApiToken.organisation_id == row.organisation_id
        write_aside(update(ApiToken).where(*mine).values(used_on=today))
