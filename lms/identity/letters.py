"""The letters about accounts: each in its reader's language, each put into the outbox with its cause. Callers commit.

A stranger who types an address must not learn whether it is known, from no word and from no time. So whatever is done
for a known address is done for an unknown one too, and then taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from lms import clock
from lms.background import mail
from lms.database import db
from lms.database.upsert import store_together
from lms.identity import tokens
from lms.identity.membership import by_email
from lms.identity.models import OneTimeToken, Organisation, Person


def absolute(path: str) -> str:
    """Links in mails rest on the configured address, never on what a request's Host header says."""
    return str(current_app.config["HMUT_BASE_URL"]) + path


def link_of(token: str) -> str:
    return absolute(url_for("identity.open_link", token=token))


@dataclass(frozen=True)
class Offer:
    """A link to join by, its row and the letter with it: nothing of it is stored yet."""

    row: OneTimeToken
    letter: mail.OutboxMail
    link: str


def invitation(
    organisation: Organisation, email: str, roles: Iterable[str], language: str = "", name: str = ""
) -> Offer:
    """An invitation that `send` then sends.

    An address that another organisation's person holds gets a letter that says so instead: whoever invites sees no
    difference.
    """
    language = language or organisation.language
    data = {"roles": sorted(roles), "language": language, "name": name}
    return _offer("invitation", organisation, email, data)


def send(offers: Sequence[Offer]) -> None:
    """Their links work from now on, those that the same addresses held do not, and the letters wait to leave."""
    rows = [offer.row for offer in offers]
    tokens.store(rows)
    numbers = tokens.numbers_of(rows)
    for offer in offers:
        offer.row.id = offer.letter.token_id = numbers[offer.row.token_hash]
    store_together([offer.letter for offer in offers])


def send_registration(organisation: Organisation, email: str, language: str) -> None:
    """The link that proves the address of somebody who registers. It leaves invitations alone."""
    send([_offer("registration", organisation, email, {"roles": ["trainee"], "language": language})])


def _offer(purpose: str, organisation: Organisation, email: str, data: dict[str, Any]) -> Offer:
    """A link to join by, and the letter with it; whoever has an account is told so in its place."""
    again = tokens.is_held(purpose, organisation.id, email)
    token, row = tokens.drawn(purpose, organisation.id, email=email, data=data)
    member = by_email(email)
    letter = _reminder(member, row) if member else _letter(organisation, email, row, token, data["language"], again)
    return Offer(row, letter, link_of(token))


def send_reset(email: str) -> None:
    """A link for a new password, if this is the address of an open account; else the same work for nothing."""
    person = by_email(email)
    recipient = person if person and person.active else None
    organisation = recipient.organisation if recipient else _any_organisation()
    with db.session.begin_nested() as attempt:
        token, row = tokens.drawn(
            "reset", organisation.id, person_id=recipient.id if recipient else None, email="" if recipient else email
        )
        letter = _letter(organisation, email, row, token, (recipient or organisation).language)
        send([Offer(row, letter, link_of(token))])
        if recipient is None:
            attempt.rollback()


def _any_organisation() -> Organisation:
    return db.session.scalars(select(Organisation).order_by(Organisation.id).limit(1)).one()


def _letter(
    organisation: Organisation, email: str, row: OneTimeToken, token: str, language: str, again: bool = False
) -> mail.OutboxMail:
    """The letter with the one-time link; it is not sent any more once the link is dead. again: there was such a letter
    before, whose link this one replaces."""
    with force_locale(language):
        body = render_template(
            f"identity/mail_{row.purpose}.txt", organisation=organisation, link=link_of(token), again=again
        )
        return _about(row, email, body)


def _about(row: OneTimeToken, email: str, body: str) -> mail.OutboxMail:
    letter = mail.OutboxMail(organisation_id=row.organisation_id, recipient=email, body=body)
    letter.subject, letter.useless_from = _subject(row.purpose), row.expires_at
    return letter


def _subject(purpose: str) -> str:
    subjects: dict[str, str] = {
        "invitation": _("You are invited to Hmut"),
        "registration": _("Your registration at Hmut"),
        "reset": _("A new password for Hmut"),
    }
    return subjects[purpose]


def _reminder(person: Person, row: OneTimeToken) -> mail.OutboxMail:
    """Tells somebody who is invited or registers again that there is an account, a letter that nobody else reads."""
    with force_locale(person.language):
        body = render_template("identity/mail_known.txt", link=absolute(url_for("identity.sign_in")))
        return _about(row, person.email, body)


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
