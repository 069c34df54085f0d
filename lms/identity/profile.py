"""One's own profile: name and language, the password, where one is signed in."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.database import audit, db
from lms.database.transaction import transaction
from lms.identity import letters, reauthentication
from lms.identity.access import current_person, needs_person, refuse_demo
from lms.identity.forms import ChangePassword, ProfileForm
from lms.identity.landing import home_of
from lms.identity.models import Person
from lms.identity.passwords import hash_password
from lms.identity.sessions import end, end_all, is_present, live_sessions
from lms.identity.sessions import sign_in as begin_session


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/profile", view_func=profile, methods=["GET", "POST"])
    bp.add_url_rule("/profile/password", view_func=change_password, methods=["POST"])
    bp.add_url_rule("/sessions/<id:session_id>/end", view_func=end_session, methods=["POST"])


@needs_person
@transaction
def profile() -> ResponseReturnValue:
    form = ProfileForm(obj=current_person)
    if form.validate_on_submit():
        current_person.name, current_person.language = form.name.data, form.language.data
        current_person.language_chosen = True
        flash(_("Saved."))
        return redirect(url_for("identity.profile"), 303)
    return _profile_page(form, ChangePassword()), 422 if form.is_submitted() else 200


def _profile_page(form: ProfileForm, password: ChangePassword) -> str:
    return render_template(
        "identity/profile.html",
        form=form,
        password=password,
        sessions=[(row, is_present(row)) for row in live_sessions(current_person)],
    )


@needs_person
@transaction
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign out one of one's own browsers, wherever it is."""
    if not end(current_person, session_id):
        abort(404)
    flash(_("That device is signed out."))
    return redirect(url_for("identity.profile"), 303)


@needs_person
@transaction
def change_password() -> ResponseReturnValue:
    """The first password, after a one-time link, needs no present one: there is none."""
    refuse_demo()
    form = ChangePassword()
    form.about = words_about(current_person)
    if current_person.password_hash is None:
        del form.present
    if not form.validate_on_submit() or not reauthentication.by_form(current_person, form):
        return _profile_page(ProfileForm(None, obj=current_person), form), 422
    first = current_person.password_hash is None
    set_password(current_person, form.password.data)
    begin_session(db.session.get_one(Person, current_person.id))
    if first:
        flash(_("Your password is set: from now on you sign in with it."))
        return redirect(home_of(current_person), 303)
    flash(_("Your password is changed and every other device is signed out."))
    return redirect(url_for("identity.profile"), 303)


def words_about(person: Person) -> tuple[str, ...]:
    """What a password of this person must not rest on."""
    return person.email, person.name, person.organisation.name, person.organisation.slug


def set_password(person: Person, password: str) -> None:
    """Whoever knew the old one, or sits elsewhere in the person's name, is out."""
    person.password_hash = hash_password(password)
    end_all(person)
    audit.append_entry(person.organisation_id, person.id, "password_set", person.id)
    letters.tell(person, "password_set")
