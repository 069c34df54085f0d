"""Where a person goes: each role's own front door, and addresses that may be returned to after signing in."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from lms.identity.models import Person

DOORS = (
    ("administrator", "identity.people_list"),
    ("hr", "hiring.people"),
    ("instructor", "author.courses"),
    ("trainee", "learn.home"),
)


def home_of(person: Person) -> str:
    """The first page of the person: a trainee's own learning before any staff page that they may also open."""
    if person.has_role("trainee"):
        return url_for("learn.home")
    return next((url_for(endpoint) for role, endpoint in DOORS if person.has_role(role)), url_for("identity.profile"))


def safe_target(target: str | None) -> str | None:
    """The path to return to if it is a GET page of this application, else None. Other sites never match a route."""
    parts = urlsplit(target or "")
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or "\\" in parts.path or parts.path[1:2] == "/":
        return None
    try:
        current_app.create_url_adapter(request).match(parts.path, method="GET")  # type: ignore[union-attr]
    except RequestRedirect:
        return None
    except HTTPException:
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
