"""The letter to people whom a void question touched: calm, in their language. Callers commit."""

from __future__ import annotations

from flask import current_app, render_template, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from lms.background import mail
from lms.identity.models import Person
from lms.voiding.effect import Effect


def write(effect: Effect, is_void: bool) -> int:
    """Put a letter for each of the people who can still sign in into the outbox; how many."""
    readers = [person for person in effect.people if person.active and not person.is_demo]
    for person in readers:
        _post(person, is_void, sorted(name for other, name in effect.passed if other == person.id))
    return len(readers)


def _post(person: Person, is_void: bool, passed: list[str]) -> None:
    address = str(current_app.config["HMUT_BASE_URL"]) + url_for("identity.sign_in")
    with force_locale(person.language):
        subject = _("A question that you answered does not count") if is_void else _("A question counts again")
        body = render_template("voiding/letter.txt", name=person.name, is_void=is_void, passed=passed, address=address)
    mail.post(person.organisation_id, person.email, subject, body)
