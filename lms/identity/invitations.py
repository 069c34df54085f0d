"""The administrator's list of people, and inviting: one person or a whole class in one act."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select, select

from lms.background.mail import OutboxMail, send_again
from lms.database import audit, db, one_or_404
from lms.database.transaction import transaction
from lms.identity import letters, tokens
from lms.identity.access import current_person, needs
from lms.identity.forms import Invite
from lms.identity.models import OneTimeToken, Person
from lms.identity.role_labels import role_names

administrators = needs("administrator")


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/people", view_func=people_list)
    bp.add_url_rule("/invitations", view_func=invite, methods=["POST"])
    bp.add_url_rule("/invitations/<id:invitation_id>/withdrawal", view_func=withdraw, methods=["POST"])
    bp.add_url_rule("/invitations/<id:invitation_id>/letters", view_func=invite_again, methods=["POST"])
    bp.add_url_rule("/outbox", view_func=outbox)
    bp.add_url_rule("/outbox/<id:mail_id>/tries", view_func=try_again, methods=["POST"])


def note(action: str, subject: int, **detail: Any) -> None:
    """An entry of the audit trail by the person who is here."""
    audit.note(current_person.organisation_id, current_person.id, action, subject, **detail)


@administrators
def people_list() -> ResponseReturnValue:
    return _people_page(_invite_form())


def _invite_form() -> Invite:
    return Invite(role_names(), current_person.organisation.language)


def _people_page(form: Invite, code: int = 200) -> ResponseReturnValue:
    organisation_id = current_person.organisation_id
    people = db.session.scalars(
        select(Person).filter_by(organisation_id=organisation_id, is_erased=False).order_by(Person.name)
    ).all()
    waiting = db.session.scalars(_waiting().order_by(OneTimeToken.created_at.desc(), OneTimeToken.id.desc())).all()
    page = render_template(
        "identity/people.html", people=people, invitations=waiting, sent=letters.states(waiting), form=form
    )
    return page, code


def _waiting() -> Select[OneTimeToken]:
    """The organisation's invitations that still can be followed."""
    return select(OneTimeToken).where(
        OneTimeToken.organisation_id == current_person.organisation_id,
        OneTimeToken.purpose == "invitation",
        *tokens.live(),
    )


@administrators
@transaction
def invite() -> ResponseReturnValue:
    """Invite everybody who was named, or nobody: each line that is wrong is said."""
    form = _invite_form()
    if form.validate_on_submit() and (members := _members(form)):
        form.email.errors = [_("%(email)s is one of your people already.", email=email) for email in members]
    if form.errors or not form.is_submitted():
        return _people_page(form, 422)
    return _invited([_invite_one(one.email, form.roles.data, form.language.data, one.name) for one in form.people])


def _members(form: Invite) -> list[str]:
    """Those who have an account here. Who has one elsewhere is nobody's business."""
    emails = [one.email for one in form.people]
    found = select(Person.email).where(
        Person.organisation_id == current_person.organisation_id, Person.email.in_(emails)
    )
    return sorted(db.session.scalars(found))


def _invite_one(email: str, roles: list[str], language: str, name: str) -> tuple[str, str]:
    row, link = letters.invite(current_person.organisation, email, roles, language, name)
    note("invited", row.id, roles=sorted(roles))
    return email, link


def _invited(links: list[tuple[str, str]]) -> ResponseReturnValue:
    """With a mail server the letters are on their way; without one whoever invites hands the links over, and this page
    is the only one that shows them."""
    if not current_app.config["SMTP_URL"]:
        return render_template("identity/invited.html", links=links)
    flash(_("Letters in the outbox: %(count)s. They leave within a minute.", count=len(links)))
    return redirect(url_for("identity.people_list", _anchor="waiting"), 303)


@administrators
@transaction
def invite_again(invitation_id: int) -> ResponseReturnValue:
    """A new letter with a new link; the one before no longer works."""
    row = one_or_404(_waiting().where(OneTimeToken.id == invitation_id))
    data = row.data
    again = _invite_one(row.email, data["roles"], data.get("language", ""), data.get("name", ""))
    return _invited([again])


@administrators
@transaction
def withdraw(invitation_id: int) -> ResponseReturnValue:
    row = one_or_404(
        select(OneTimeToken).filter_by(
            id=invitation_id, organisation_id=current_person.organisation_id, purpose="invitation", used_at=None
        )
    )
    letters.withdraw(row)
    note("invitation_withdrawn", row.id)
    flash(_("The invitation no longer works."))
    return redirect(url_for("identity.people_list"), 303)


def _letters() -> Select[OutboxMail]:
    return select(OutboxMail).where(OutboxMail.organisation_id == current_person.organisation_id)


@administrators
def outbox() -> ResponseReturnValue:
    mails = db.session.scalars(_letters().order_by(OutboxMail.id.desc()).limit(100)).all()
    return render_template("identity/outbox.html", mails=mails, server=bool(current_app.config["SMTP_URL"]))


@administrators
@transaction
def try_again(mail_id: int) -> ResponseReturnValue:
    """Have a letter tried anew that was given up."""
    send_again(one_or_404(_letters().where(OutboxMail.id == mail_id)))
    return redirect(url_for("identity.outbox"), 303)
