"""The administrator's pages: people, one person, invitations, outbox, settings. Each loads through the organisation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lms import clock
from lms.background.mail import OutboxMail
from lms.database import audit, db, one_or_404
from lms.database.transaction import transaction
from lms.identity import membership
from lms.identity.access import current_person, needs
from lms.identity.forms import EditPerson, Invite, Settings
from lms.identity.models import OneTimeToken, Person
from lms.identity.role_labels import role_names
from lms.identity.sessions import end_all

administrators = needs("administrator")
SET = ("name", "language", "registration_open")  # of an organisation


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/people", view_func=people_list)
    bp.add_url_rule("/people/<id:person_id>", view_func=person_page, methods=["GET", "POST"])
    bp.add_url_rule("/invitations", view_func=invite, methods=["POST"])
    bp.add_url_rule("/invitations/<id:invitation_id>/withdrawal", view_func=withdraw, methods=["POST"])
    bp.add_url_rule("/outbox", view_func=outbox)
    bp.add_url_rule("/settings", view_func=settings, methods=["GET", "POST"])


def _ours(model: type) -> list[object]:
    return [model.organisation_id == current_person.organisation_id]  # type: ignore[attr-defined]


@administrators
def people_list() -> ResponseReturnValue:
    return _people_page(Invite(role_names()))


def _people_page(form: Invite, code: int = 200) -> ResponseReturnValue:
    organisation_id = current_person.organisation_id
    people = db.session.scalars(
        select(Person).where(Person.organisation_id == organisation_id).order_by(Person.name)
    ).all()
    waiting = db.session.scalars(
        select(OneTimeToken)
        .where(
            OneTimeToken.organisation_id == organisation_id,
            OneTimeToken.purpose == "invitation",
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > clock.now(),
        )
        .order_by(OneTimeToken.created_at.desc())
    ).all()
    return render_template("identity/people.html", people=people, invitations=waiting, form=form), code


@administrators
@transaction
def invite() -> ResponseReturnValue:
    form = Invite(role_names())
    if not form.validate_on_submit():
        return _people_page(form, 422)
    if membership.by_email(form.email.data):
        form.email.errors = [_("This address already has an account.")]
        return _people_page(form, 422)
    sent = membership.invite(current_person.organisation, form.email.data, form.roles.data)
    _note("invited", sent, roles=sorted(form.roles.data))
    flash(_("The invitation is in the outbox."))
    return redirect(url_for("identity.people_list"), 303)


@administrators
@transaction
def withdraw(invitation_id: int) -> ResponseReturnValue:
    row = one_or_404(
        select(OneTimeToken).filter_by(
            id=invitation_id, organisation_id=current_person.organisation_id, purpose="invitation", used_at=None
        )
    )
    row.used_at = clock.now()
    _note("invitation_withdrawn", row.id)
    flash(_("The invitation no longer works."))
    return redirect(url_for("identity.people_list"), 303)


@administrators
@transaction
def person_page(person_id: int) -> ResponseReturnValue:
    person: Person = one_or_404(select(Person).filter_by(id=person_id, organisation_id=current_person.organisation_id))
    before = _said_of(person)
    form = EditPerson(role_names(), data=before)
    if form.validate_on_submit() and _may_stay(person, form):
        _apply(person, form)
        _note_changes("person_changed", person.id, before, _said_of(person))
        flash(_("Saved."))
        return redirect(url_for("identity.person_page", person_id=person.id), 303)
    return render_template("identity/person.html", form=form, person=person), 422 if form.is_submitted() else 200


def _said_of(person: Person) -> dict[str, Any]:
    """What an administrator sets about a person."""
    return {
        "name": person.name,
        "roles": sorted(person.roles),
        "extra_time": person.extra_time,
        "active": person.active,
    }


def _note(action: str, subject: int, **detail: Any) -> None:
    audit.note(current_person.organisation_id, current_person.id, action, subject, **detail)


def _note_changes(action: str, subject: int, before: dict[str, Any], after: dict[str, Any]) -> None:
    """What differs, as [before, after]; of a name only that it does, since names may have to be forgotten."""
    changes = {key: [before[key], after[key]] for key in before if before[key] != after[key]}
    if changes:
        _note(action, subject, **{key: [] if key == "name" else values for key, values in changes.items()})


def _may_stay(person: Person, form: EditPerson) -> bool:
    keeps = form.active.data and "administrator" in form.roles.data
    if not keeps and person.active and membership.is_last_administrator(person):
        form.roles.errors = [_("This is the last administrator. Make somebody else administrator first.")]
        return False
    return True


def _apply(person: Person, form: EditPerson) -> None:
    """A role taken away or an account closed ends the person's sessions at once."""
    fewer = bool(person.roles - set(form.roles.data))
    person.name, person.extra_time = form.name.data, float(form.extra_time.data)
    membership.set_roles(person, form.roles.data)
    if not form.active.data and person.active:
        membership.deactivate(person)
    elif fewer and person.id != current_person.id:
        end_all(person)
    person.active = form.active.data


@administrators
def outbox() -> ResponseReturnValue:
    mails = db.session.scalars(
        select(OutboxMail).where(*_ours(OutboxMail)).order_by(OutboxMail.id.desc()).limit(100)  # type: ignore[arg-type]
    ).all()
    return render_template("identity/outbox.html", mails=mails)


@administrators
@transaction
def settings() -> ResponseReturnValue:
    organisation = current_person.organisation
    form = Settings(obj=organisation)
    if form.validate_on_submit():
        before = {name: getattr(organisation, name) for name in SET}
        for name in SET:
            setattr(organisation, name, form[name].data)
        _note_changes("settings_changed", organisation.id, before, {name: getattr(organisation, name) for name in SET})
        flash(_("Saved."))
        return redirect(url_for("identity.settings"), 303)
    link = membership.absolute(url_for("identity.register", slug=organisation.slug))
    return render_template(
        "identity/settings.html", form=form, organisation=organisation, link=link
    ), 422 if form.is_submitted() else 200
