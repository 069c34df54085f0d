"""Proof that whoever sits here is the person: asked before what a stranger at an open screen must not do."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _

from lms.identity import factors, throttle
from lms.identity.models import Person
from lms.identity.passwords import verify


def too_many() -> str:
    return str(_("Too many tries. Wait a quarter of an hour, or ask for a link by e-mail."))


def by_form(person: Person, form: Any) -> bool:
    """Whether the form holds the present password, where it asks for one."""
    return "present" not in form or by_password(person, form.present)


def by_password(person: Person, field: Any) -> bool:
    """Whether the field holds the present password, else the field says so; guesses count like those at the door."""
    address = request.remote_addr or ""
    if not throttle.take(person.email, address):
        field.errors = [too_many()]
    elif verify(person.password_hash, field.data or ""):
        throttle.give_back(person.email, address)
        return True
    else:
        field.errors = [_("This is not your present password.")]
    return False


def by_code(person: Person, field: Any) -> bool:
    """Whether the field holds a code of the app or a recovery code; five tries a quarter of an hour."""
    if not may_try(person):
        field.errors = [wait()]
    elif factors.opens(person, field.data or ""):
        give_back(person)
        return True
    else:
        field.errors = [_("This code is not right, or it was used already. Wait for the next one.")]
    return False


def wait() -> str:
    return str(_("Too many tries. Wait a quarter of an hour."))


def may_try(person: Person) -> bool:
    return throttle.take(_subject(person), request.remote_addr or "", throttle.SECOND)


def give_back(person: Person) -> None:
    throttle.give_back(_subject(person), request.remote_addr or "")


def _subject(person: Person) -> str:
    return f"second step of {person.id}"
