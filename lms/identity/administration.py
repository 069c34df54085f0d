"""The administrator's pages of one person and of the settings. Each loads through the organisation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lms.database import db, one_or_404
from lms.database.transaction import transaction
from lms.identity import factors, letters, membership, reopening
from lms.identity.access import current_person
from lms.identity.actions import record_action
from lms.identity.administration_forms import EditPerson, Settings
from lms.identity.invitations import administrators
from lms.identity.models import Organisation, Person
from lms.identity.role_labels import role_names
from lms.identity.sessions import OWES_FACTOR, end_all

SET = ("name", "language", "registration_open", "factor_roles")  # of an organisation


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/people/<id:person_id>", view_func=person_page, methods=["GET", "POST"])
    bp.add_url_rule("/people/<id:person_id>/factors/reset", view_func=reset_factors, methods=["POST"])
    bp.add_url_rule("/settings", view_func=settings, methods=["GET", "POST"])


@administrators
@transaction
def person_page(person_id: int) -> ResponseReturnValue:
    ours = select(Person).filter_by(id=person_id, organisation_id=current_person.organisation_id, is_erased=False)
    person: Person = one_or_404(ours)
    before = _said_of(person)
    form = EditPerson(role_names(), data=before)
    if form.validate_on_submit() and _may_stay(person, form):
        _apply(person, form)
        _note_changes("person_changed", person.id, before, _said_of(person))
        flash(_("Saved."))
        return redirect(url_for("identity.person_page", person_id=person.id), 303)
    page = render_template(
        "identity/person.html",
        form=form,
        person=person,
        protected=factors.has(person),
        ended=reopening.ended_of(person.id),
    )
    return page, 422 if form.is_submitted() else 200


@administrators
@transaction
def reset_factors(person_id: int) -> ResponseReturnValue:
    """For somebody who lost phone and recovery codes. Nobody takes their own second factor away by this door."""
    person: Person = one_or_404(select(Person).filter_by(id=person_id, organisation_id=current_person.organisation_id))
    if person.id == current_person.id:
        abort(403)
    if factors.has(person):
        factors.reset(person, current_person.id)
        flash(_("The second factor is reset; a letter tells %(name)s.", name=person.name))
    return redirect(url_for("identity.person_page", person_id=person.id), 303)


def _said_of(person: Person) -> dict[str, Any]:
    """What an administrator sets about a person."""
    return {
        "name": person.name,
        "roles": sorted(person.roles),
        "extra_time": person.extra_time,
        "active": person.active,
    }


def _note_changes(action: str, subject: int, before: dict[str, Any], after: dict[str, Any]) -> None:
    """What differs, as [before, after]; of a name only that it does, since names may have to be forgotten."""
    changes = {key: [before[key], after[key]] for key in before if before[key] != after[key]}
    if changes:
        record_action(action, subject, **{key: [] if key == "name" else values for key, values in changes.items()})


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
    if person.id != current_person.id:
        factors.sign_out_without([person])


@administrators
@transaction
def settings() -> ResponseReturnValue:
    organisation = current_person.organisation
    form = Settings(role_names(), obj=organisation)
    if form.validate_on_submit():
        named = organisation.name != organisation.slug
        before = {name: getattr(organisation, name) for name in SET}
        for name in SET:
            setattr(organisation, name, form[name].data)
        _note_changes("settings_changed", organisation.id, before, {name: getattr(organisation, name) for name in SET})
        _demand_factors(organisation)
        flash(_("Saved."))
        return redirect(url_for("identity.settings" if named else "identity.people_list"), 303)
    link = letters.absolute(url_for("identity.register", slug=organisation.slug))
    return render_template(
        "identity/settings.html", form=form, organisation=organisation, link=link
    ), 422 if form.is_submitted() else 200


def _demand_factors(organisation: Organisation) -> None:
    """Whoever owes one now signs in anew; the administrator who asks for it stays, and meets it on the next page."""
    others = select(Person).where(Person.organisation_id == organisation.id, Person.id != current_person.id)
    factors.sign_out_without(list(db.session.scalars(others)))
    if factors.is_due(current_person):
        session[OWES_FACTOR] = True
