"""Joining, registering, a forgotten password: the doors for who has no session yet."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from lms.database import audit, db
from lms.database.transaction import transaction
from lms.identity import letters, membership, throttle, tokens
from lms.identity.access import public
from lms.identity.forms import AskReset, Join, NewPassword, Register
from lms.identity.models import OneTimeToken, Organisation, Person
from lms.identity.passwords import hash_password
from lms.identity.profile import set_password, words_about
from lms.identity.sign_in_steps import enter
from lms.web.i18n import language, language_at_the_door, speak

CARRIED = "one_time_token"  # the token's place in the visitor's cookie once it has left the address


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/links/<token>", view_func=open_link)
    bp.add_url_rule("/join", view_func=join, methods=["GET", "POST"])
    bp.add_url_rule("/reset", view_func=ask_reset, methods=["GET", "POST"])
    bp.add_url_rule("/reset/password", view_func=new_password, methods=["GET", "POST"])
    bp.add_url_rule("/sign-in/link", view_func=use_link, methods=["GET", "POST"])
    bp.add_url_rule("/register/<slug>", view_func=register, methods=["GET", "POST"])


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
    audit.append_entry(organisation.id, person.id, "joined", row.id, roles=sorted(person.roles))
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
    form.about = words_about(person)
    if not form.validate_on_submit():
        return render_template("identity/new_password.html", form=form), 422 if form.is_submitted() else 200
    if not tokens.use(row):
        return render_template("identity/link_dead.html"), 409
    set_password(person, form.password.data)
    return enter(person)


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
