"""The letters about accounts: each in its reader's language, each put into the outbox with its cause. Callers commit.

A stranger who types an address must not learn whether it is known, from no word and from no time. So whatever is done
for a known address is done for an unknown one too, and then taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import current_app, render_template, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from lms import clock
from lms.background import mail
from lms.database import db
from lms.identity import tokens
from lms.identity.membership import by_email
from lms.identity.models import OneTimeToken, Organisation, Person
from lms.identity.sessions import digest


def absolute(path: str) -> str:
    """Links in mails rest on the configured address, never on what a request's Host header says."""
    return str(current_app.config["HMUT_BASE_URL"]) + path


def link_of(token: str) -> str:
    return absolute(url_for("identity.open_link", token=token))


def invite(
    organisation: Organisation, email: str, roles: Iterable[str], language: str = "", name: str = ""
) -> tuple[OneTimeToken, str]:
    """Send an invitation; returns its row and its link.

    An address that another organisation's person holds gets a letter that says so instead: whoever invites sees no
    difference.
    """
    language = language or organisation.language
    data = {"roles": sorted(roles), "language": language, "name": name}
    return _offer("invitation", organisation, email, data)


def send_registration(organisation: Organisation, email: str, language: str) -> None:
    """The link that proves the address of somebody who registers. It leaves invitations alone."""
    _offer("registration", organisation, email, {"roles": ["trainee"], "language": language})


def _offer(purpose: str, organisation: Organisation, email: str, data: dict[str, Any]) -> tuple[OneTimeToken, str]:
    """A link to join by, and the letter with it; whoever has an account is told so in its place."""
    again = tokens.is_held(purpose, organisation.id, email)
    token = tokens.issue(purpose, organisation.id, email=email, data=data)
    row, member = _row(token), by_email(email)
    if member:
        _remind(member, row)
    else:
        _send(organisation, email, row, token, data["language"], again)
    return row, link_of(token)


def send_reset(email: str) -> None:
    """A link for a new password, if this is the address of an open account; else the same work for nothing."""
    person = by_email(email)
    recipient = person if person and person.active else None
    organisation = recipient.organisation if recipient else _any_organisation()
    with db.session.begin_nested() as attempt:
        token = tokens.issue(
            "reset", organisation.id, person_id=recipient.id if recipient else None, email="" if recipient else email
        )
        _send(organisation, email, _row(token), token, (recipient or organisation).language)
        db.session.flush()
        if recipient is None:
            attempt.rollback()


def _any_organisation() -> Organisation:
    return db.session.scalars(select(Organisation).order_by(Organisation.id).limit(1)).one()


def _send(
    organisation: Organisation, email: str, row: OneTimeToken, token: str, language: str, again: bool = False
) -> None:
    """Put the letter with the one-time link into the outbox; it is not sent any more once the link is dead. again:
    there was such a letter before, whose link this one replaces."""
    with force_locale(language):
        body = render_template(
            f"identity/mail_{row.purpose}.txt", organisation=organisation, link=link_of(token), again=again
        )
        _post(row, email, body)


def _post(row: OneTimeToken, email: str, body: str) -> None:
    mail.post(row.organisation_id, email, _subject(row.purpose), body, row.id, row.expires_at)


def _subject(purpose: str) -> str:
    subjects: dict[str, str] = {
        "invitation": _("You are invited to Hmut"),
        "registration": _("Your registration at Hmut"),
        "reset": _("A new password for Hmut"),
    }
    return subjects[purpose]


def _remind(person: Person, row: OneTimeToken) -> None:
    """Tell somebody who is invited or registers again that there is an account, by a letter that nobody else reads."""
    with force_locale(person.language):
        body = render_template("identity/mail_known.txt", link=absolute(url_for("identity.sign_in")))
        _post(row, person.email, body)


def tell(person: Person, action: str) -> None:
    """A letter about a change to the account, so that whoever did not make it hears of it."""
    with force_locale(person.language):
        body = render_template(
            "identity/mail_changed.txt", what=_changes()[action], link=absolute(url_for("identity.sign_in"))
        )
        mail.post(person.organisation_id, person.email, _("A change to your account at Hmut"), body)


def _changes() -> dict[str, str]:
    return {
        "factor_added": _("a second factor was added to your account."),
        "factor_removed": _("a second factor was removed from your account."),
        "factor_reset": _("your second factor was reset: the next sign-in asks for your password alone."),
        "password_set": _("your password was changed."),
    }


def _row(token: str) -> OneTimeToken:
    db.session.flush()
    return db.session.scalars(select(OneTimeToken).filter_by(token_hash=digest(token))).one()


def withdraw(row: OneTimeToken) -> None:
    """The invitation no longer works, and a letter with it that waits does not leave any more."""
    row.used_at = clock.now()
    for letter in states([row]).values():
        letter.useless_from = clock.now()


def states(rows: Sequence[OneTimeToken]) -> dict[int, mail.OutboxMail]:
    """The newest letter of each invitation, by the invitation's id."""
    organisations = {row.organisation_id for row in rows}
    letters = db.session.scalars(
        select(mail.OutboxMail)
        .where(
            mail.OutboxMail.organisation_id.in_(organisations),
            mail.OutboxMail.token_id.in_([row.id for row in rows]),
        )
        .order_by(mail.OutboxMail.id)
    )
    return {letter.token_id: letter for letter in letters if letter.token_id}
