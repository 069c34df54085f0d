"""Where a person goes: each role's own front door, and addresses that may be returned to after signing in."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app, url_for

from lms.identity.models import Person
from lms.web.addresses import page_of, split
from lms.web.i18n import language_at_the_door

FIRST = ("trainee", "administrator", "hr", "instructor")  # whose door, where a person has several roles


def register_front_door(app: Flask, role: str, endpoint: str) -> None:
    """Said by the room that a role enters by: where its people land."""
    _doors(app)[role] = endpoint


def home_of(person: Person) -> str:
    """The first page of the person: a trainee's own learning before any staff page that they may also open."""
    doors = _doors(current_app)
    endpoints = (doors[role] for role in FIRST if role in doors and person.has_role(role))
    return url_for(next(endpoints, "identity.profile"))


def greet(person: Person) -> None:
    """Whoever has not chosen a language goes on in that of the page where they came in. The caller commits."""
    if not person.language_chosen:
        person.language = language_at_the_door() or person.language


def _doors(app: Flask) -> dict[str, str]:
    return cast(dict[str, str], app.extensions.setdefault("front_doors", {}))


def safe_target(target: str | None) -> str | None:
    """The path to return to if it is a GET page of this application; the page above it where it only takes forms; else
    None."""
    parts = split(target or "")
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or "\\" in parts.path or parts.path[1:2] == "/":
        return None
    page = page_of(parts.path)
    if page != parts.path:
        return page
    return page + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
