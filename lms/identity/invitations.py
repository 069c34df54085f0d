"""The administrator's list of people, and inviting: one person or a whole class in one act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from lms.database import audit, db, one_or_404
from lms.database.transaction import between_writes, in_steps, transaction
from lms.identity import letters, tokens
from lms.identity.access import current_person, needs
from lms.identity.actions import record_action
from lms.identity.administration_forms import Invite
from lms.identity.letters import Offer
from lms.identity.membership import NOBODYS, called
from lms.identity.models import OneTimeToken, Person
from lms.identity.role_labels import role_names

PAGE = 50  # lines of a list
TOGETHER = 25  # invitations of one statement
administrators = needs("administrator")


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/people", view_func=people_list)
    bp.add_url_rule("/invitations", view_func=invite, methods=["POST"])
    bp.add_url_rule("/invitations/<id:invitation_id>/withdrawal", view_func=withdraw, methods=["POST"])
    bp.add_url_rule("/invitations/<id:invitation_id>/letters", view_func=invite_again, methods=["POST"])


@administrators
def people_list() -> ResponseReturnValue:
    return _people_page(_invite_form())


def _invite_form() -> Invite:
    return Invite(role_names(), current_person.organisation.language)


def _people_page(form: Invite, code: int = 200) -> ResponseReturnValue:
    name = request.args.get("name", "").strip()[:80]
    waiting = listed(_waiting().order_by(OneTimeToken.id.desc()), request.args.get("waiting", 1, type=int))
    page = render_template(
        "identity/people.html",
        open=listed(_accounts(True, name), request.args.get("page", 1, type=int)),
        closed=listed(_accounts(False, name), 1),
        letters=name,
        address=lambda number: url_for("identity.people_list", page=number, name=name or None),
        waiting=waiting,
        waiting_address=lambda number: url_for("identity.people_list", waiting=number, _anchor="waiting"),
        sent=letters.states(waiting.rows),
        form=form,
    )
    return page, code


@dataclass(frozen=True)
class Listed:
    """One page of a list; number, pages: from 1; count: over all pages."""

    rows: Sequence[Any]
    number: int
    pages: int
    count: int


def listed(wanted: Select[Any], number: int) -> Listed:
    """That page of the rows wanted, or the last one there is."""
    count = db.session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    pages = max(1, -(-count // PAGE))
    number = min(max(number, 1), pages)
    return Listed(db.session.scalars(wanted.offset((number - 1) * PAGE).limit(PAGE)).all(), number, pages, count)


def _accounts(active: bool, name: str) -> Select[Person]:
    """The organisation's accounts by name: who may come in, or who no longer may."""
    ours = (
        Person.organisation_id == current_person.organisation_id,
        Person.active.is_(active),
        Person.is_erased.is_(False),
        Person.email.not_like(f"%@{NOBODYS}"),
        called(name),
    )
    return select(Person).where(*ours).order_by(Person.name, Person.id)


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
    """Invite everybody who was named, or nobody: each line that is wrong is said. Letters are written while nobody has
    to wait, and then stored some at a time."""
    with between_writes():
        form = _invite_form()
        if form.validate_on_submit() and (members := _members(form)):
            form.email.errors = [_("%(email)s is one of your people already.", email=email) for email in members]
        if form.errors or not form.is_submitted():
            return _people_page(form, 422)
        offers = _offers(form)
    for start in in_steps(range(0, len(offers), TOGETHER)):
        _send(offers[start : start + TOGETHER])
    with between_writes():
        return _invited(offers)


def _members(form: Invite) -> list[str]:
    """Those who have an account here. Who has one elsewhere is nobody's business."""
    emails = [invitee.email for invitee in form.people]
    addresses = select(Person.email).where(
        Person.organisation_id == current_person.organisation_id, Person.email.in_(emails)
    )
    return sorted(db.session.scalars(addresses))


def _offers(form: Invite) -> list[Offer]:
    home, roles, spoken = current_person.organisation, form.roles.data, form.language.data
    return [letters.invitation(home, invitee.email, roles, spoken, invitee.name) for invitee in form.people]


def _send(offers: Sequence[Offer]) -> None:
    """All have the same roles."""
    letters.send(offers)
    subjects, roles = [offer.row.id for offer in offers], offers[0].row.data["roles"]
    audit.append_entries(current_person.organisation_id, current_person.id, "invited", subjects, roles=roles)


def _invited(offers: Sequence[Offer]) -> ResponseReturnValue:
    """With a mail server the letters are on their way; without one whoever invites hands the links over, and this page
    is the only one that shows them."""
    if not current_app.config["SMTP_URL"]:
        return render_template("identity/invited.html", links=[(offer.row.email, offer.link) for offer in offers])
    flash(_("Letters in the outbox: %(count)s. They leave within a minute.", count=len(offers)))
    return redirect(url_for("identity.people_list", _anchor="waiting"), 303)


@administrators
@transaction
def invite_again(invitation_id: int) -> ResponseReturnValue:
    """A new letter with a new link; the one before no longer works."""
    row = one_or_404(_waiting().where(OneTimeToken.id == invitation_id))
    data = row.data
    home, spoken, name = current_person.organisation, data.get("language", ""), data.get("name", "")
    again = letters.invitation(home, row.email, data["roles"], spoken, name)
    _send([again])
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
    record_action("invitation_withdrawn", row.id)
    flash(_("The invitation no longer works."))
    return redirect(url_for("identity.people_list"), 303)
