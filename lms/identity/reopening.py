"""What the clock has ended of a person's, of every kind, and staff who let it run again where the clock was wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Flask, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lms.database import one_or_404
from lms.database.transaction import transaction
from lms.identity.access import current_person
from lms.identity.invitations import administrators
from lms.identity.models import Person

SHOWN = 5  # of each kind, newest first
MAX_REASON = 200


@dataclass(frozen=True)
class Ended:
    """One thing that ended by its deadline. title: in the reader's language."""

    number: int
    title: str
    at: datetime


@dataclass(frozen=True)
class Kind:
    """ended: the newest of a person's, at most `SHOWN`. reopen: takes the person's id, the number, a reason and the
    actor's id; it raises ValueError where that cannot be, and 404 for what is not the person's."""

    ended: Callable[[int], list[Ended]]
    reopen: Callable[[int, int, str, int], None]


def register(app: Flask, name: str, kind: Kind) -> None:
    _kinds(app)[name] = kind


def _kinds(app: Flask) -> dict[str, Kind]:
    kinds: dict[str, Kind] = app.extensions.setdefault("hmut_reopening", {})
    return kinds


def ended_of(person_id: int) -> list[tuple[str, Ended]]:
    """(name of its kind, what ended), newest first."""
    ended = [(name, each) for name, kind in _kinds(current_app).items() for each in kind.ended(person_id)]
    return sorted(ended, key=lambda pair: pair[1].at, reverse=True)


def check_reason(reason: str) -> None:
    """ValueError where there is none, or a longer one than the trail keeps."""
    if not 1 <= len(reason) <= MAX_REASON:
        raise ValueError(f"give a reason of 1 to {MAX_REASON} characters")


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/people/<id:person_id>/reopened", view_func=reopen, methods=["POST"])


@administrators
@transaction
def reopen(person_id: int) -> ResponseReturnValue:
    ours = select(Person).filter_by(id=person_id, organisation_id=current_person.organisation_id, is_erased=False)
    person: Person = one_or_404(ours)
    kind, number = _kinds(current_app).get(request.form.get("kind", "")), request.form.get("number", 0, type=int)
    reason = request.form.get("reason", "").strip()
    if kind is None or not 0 < number < 2**31:
        abort(404)
    if not 1 <= len(reason) <= MAX_REASON:
        flash(_("Say why it may go on; the trail keeps the reason."))
        return redirect(url_for("identity.person_page", person_id=person.id), 303)
    try:
        kind.reopen(person.id, number, reason, current_person.id)
        flash(_("It runs again, with the time that was left."))
    except ValueError:
        flash(_("It cannot go on: it runs already, another of its kind has begun since, or raters have it in hand."))
    return redirect(url_for("identity.person_page", person_id=person.id), 303)
