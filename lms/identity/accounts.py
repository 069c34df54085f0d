"""Joining, registering, a forgotten password, and one's own profile."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lms.database import audit, db
from lms.database.transaction import transaction
from lms.identity import letters, membership, proof, throttle, tokens
from lms.identity.access import current_person, needs_person, public
from lms.identity.entering import enter
from lms.identity.forms import AskReset, ChangePassword, Join, NewPassword, Profile, Register
from lms.identity.landing import home_of
from lms.identity.models import OneTimeToken, Organisation, Person
from lms.identity.passwords import hash_password
from lms.identity.sessions import end, end_all, is_present, live_sessions
from lms.identity.sessions import sign_in as begin_session
from lms.web.i18n import language, language_at_the_door, speak

CARRIED = "one_time_token"  # the token's place in the visitor's cookie once it has left the address


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/links/<token>", view_func=open_link)
    bp.add_url_rule("/join", view_func=join, methods=["GET", "POST"])
    bp.add_url_rule("/reset", view_func=ask_reset, methods=["GET", "POST"])
    bp.add_url_rule("/reset/password", view_func=new_password, methods=["GET", "POST"])
    bp.add_url_rule("/sign-in/link", view_func=use_link, methods=["GET", "POST"])
    bp.add_url_rule("/register/<slug>", view_func=register, methods=["GET", "POST"])
    bp.add_url_rule("/profile", view_func=profile, methods=["GET", "POST"])
    bp.add_url_rule("/profile/password", view_func=change_password, methods=["POST"])
    bp.add_url_rule("/sessions/<id:session_id>/end", view_func=end_session, methods=["POST"])


PAGES = {
    "invitation": "identity.join",
    "registration": "identity.join",
    "reset": "identity.new_password",
    "sign_in": "identity.use_link",
}


@public
def open_link(token: str) -> ResponseReturnValue:
    """Take the token out of the address before any page is drawn; nothing is used up by opening a link."""
    row = tokens.find(token, *PAGES)
    if row is None:
        return render_template("identity/link_dead.html"), 404
    session[CARRIED] = token
    return redirect(url_for(PAGES[row.purpose]), 303)


def _carried(*purposes: str) -> OneTimeToken | None:
    return tokens.find(session.get(CARRIED, ""), *purposes)


@public
@transaction
def join() -> ResponseReturnValue:
    row = _carried("invitation", "registration")
    if row is None:
        return render_template("identity/link_dead.html"), 404
    organisation = db.session.get_one(Organisation, row.organisation_id)
    if not language_at_the_door() and row.data.get("language"):
        speak(row.data["language"])
    form = Join((row.email, organisation.name, organisation.slug), data={"name": row.data.get("name", "")})
    if not form.validate_on_submit():
        page = render_template("identity/join.html", form=form, organisation=organisation, email=row.email)
        return page, 422 if form.is_submitted() else 200
    if membership.by_email(row.email) or not tokens.use(row):
        return render_template("identity/link_dead.html"), 409
    roles = membership.roles_offered(row)
    person = membership.add(organisation, row.email, form.name.data, roles, hash_password(form.password.data))
    person.language = language()
    audit.note(organisation.id, person.id, "joined", row.id, roles=sorted(person.roles))
    return enter(person)


@public
@transaction
def use_link() -> ResponseReturnValue:
    """The operator's first link: a click signs in, and the person then sets a password."""
    row = _carried("sign_in")
    if row is None:
        return render_template("identity/link_dead.html"), 404
    if request.method == "GET":
        return render_template("identity/use_link.html")
    if not tokens.use(row):
        return render_template("identity/link_dead.html"), 409
    return enter(_holder(row), url_for("identity.profile"))


def _holder(row: OneTimeToken) -> Person:
    """Whom the link was sent to."""
    return db.session.scalars(select(Person).filter_by(id=row.person_id, organisation_id=row.organisation_id)).one()


@public
@transaction
def ask_reset() -> ResponseReturnValue:
    """The answer is the same whether the address is known or not, and the mail leaves later."""
    form = AskReset()
    if not form.validate_on_submit():
        return render_template("identity/ask_reset.html", form=form), 422 if form.is_submitted() else 200
    email, address = form.email.data, request.remote_addr or ""
    if throttle.take(f"reset {email}", f"reset {address}"):
        letters.send_reset(email)
    return render_template("identity/reset_sent.html", email=email, again=form)


@public
@transaction
def new_password() -> ResponseReturnValue:
    row, form = _carried("reset"), NewPassword()
    if row is None:
        return render_template("identity/link_dead.html"), 404
    person = _holder(row)
    form.about = _words_about(person)
    if not form.validate_on_submit():
        return render_template("identity/new_password.html", form=form), 422 if form.is_submitted() else 200
    if not tokens.use(row):
        return render_template("identity/link_dead.html"), 409
    _set_password(person, form.password.data)
    return enter(person)


def _words_about(person: Person) -> tuple[str, ...]:
    """What a password of this person must not rest on."""
    return person.email, person.name, person.organisation.name, person.organisation.slug


def _set_password(person: Person, password: str) -> None:
    """Whoever knew the old one, or sits elsewhere in the person's name, is out."""
    person.password_hash = hash_password(password)
    end_all(person)
    audit.note(person.organisation_id, person.id, "password_set", person.id)
    letters.tell(person, "password_set")


@public
@transaction
def register(slug: str) -> ResponseReturnValue:
    """Open registration, where the organisation's setting allows it. The letter proves the address, and the page says
    the same whether the address is known or not."""
    organisation = db.session.scalar(select(Organisation).filter_by(slug=slug, registration_open=True))
    if organisation is None:
        return render_template("identity/register_closed.html"), 404
    form = Register()
    if not form.validate_on_submit():
        return render_template(
            "identity/register.html", form=form, organisation=organisation
        ), 422 if form.is_submitted() else 200
    email, address = form.email.data, request.remote_addr or ""
    if throttle.take(f"register {email}", f"register {address}"):
        letters.send_registration(organisation, email, language())
    return render_template("identity/letter_sent.html", email=email, again=form)


@needs_person
@transaction
def profile() -> ResponseReturnValue:
    form = Profile(obj=current_person)
    if form.validate_on_submit():
        current_person.name, current_person.language = form.name.data, form.language.data
        current_person.language_chosen = True
        flash(_("Saved."))
        return redirect(url_for("identity.profile"), 303)
    return _profile_page(form, ChangePassword()), 422 if form.is_submitted() else 200


def _profile_page(form: Profile, password: ChangePassword) -> str:
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
    if current_person.is_demo:
        abort(403)
    form = ChangePassword()
    form.about = _words_about(current_person)
    if current_person.password_hash is None:
        del form.present
    if not form.validate_on_submit() or not _is_proven(form):
        return _profile_page(Profile(None, obj=current_person), form), 422
    first = current_person.password_hash is None
    _set_password(current_person, form.password.data)
    begin_session(db.session.get_one(Person, current_person.id))
    if first:
        flash(_("Your password is set: from now on you sign in with it."))
        return redirect(home_of(current_person), 303)
    flash(_("Your password is changed and every other device is signed out."))
    return redirect(url_for("identity.profile"), 303)


def _is_proven(form: ChangePassword) -> bool:
    return "present" not in form or proof.by_password(current_person, form.present)
