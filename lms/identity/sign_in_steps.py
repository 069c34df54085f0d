"""From a proven password or link to a session: straight on, by a second step, or first to setting one up."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lms.database import audit, db
from lms.database.transaction import transaction
from lms.identity import factors, passkeys, reauthentication, recovery, tokens
from lms.identity.access import public
from lms.identity.factor_forms import PasskeyAnswer, SecondStep
from lms.identity.landing import greet, home_of, safe_target
from lms.identity.models import OneTimeToken, Person
from lms.identity.sessions import OWES_FACTOR, end_held, may_sign_in
from lms.identity.sessions import sign_in as begin_session
from lms.web import log

HALFWAY = "second_step"  # the token's place in the cookie of somebody who has given the password


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/sign-in/second", view_func=second_step, methods=["GET", "POST"])
    bp.add_url_rule("/sign-in/second/passkey", view_func=second_step_by_passkey, methods=["POST"])


def enter(person: Person, target: str | None = None) -> ResponseReturnValue:
    """Let in whoever has proven to be the person by password or link; whoever has a second factor is asked for it."""
    if factors.has(person):
        data = {"target": safe_target(target) or "", "challenge": passkeys.new_challenge()}
        end_held()
        session.clear()
        session[HALFWAY] = tokens.issue("second_step", person, data)
        log.sign_in("second step asked")
        return redirect(url_for("identity.second_step"), 303)
    return _open(person, target)


def _open(person: Person, target: str | None) -> ResponseReturnValue:
    greet(person)
    begin_session(person)
    log.sign_in("opened")
    if factors.is_due(person):
        session[OWES_FACTOR] = True
        return redirect(url_for("identity.factors_page"), 303)
    return redirect(safe_target(target) or home_of(person), 303)


def _halfway() -> tuple[OneTimeToken, Person] | None:
    row = tokens.find(session.get(HALFWAY, ""), "second_step")
    if row is None:
        return None
    mine = select(Person).filter_by(id=row.person_id, organisation_id=row.organisation_id)
    person = db.session.scalars(mine).one()
    return (row, person) if may_sign_in(person) else None


@public
@transaction
def second_step() -> ResponseReturnValue:
    """A code of the app, or a recovery code."""
    if (halfway := _halfway()) is None:
        return redirect(url_for("identity.sign_in"), 303)
    row, person = halfway
    form = SecondStep()
    if not form.validate_on_submit():
        return _page(row, person, form, 422 if form.is_submitted() else 200)
    before = recovery.left(person.id)
    if not reauthentication.by_code(person, form.code):
        log.sign_in("second step refused")
        return _page(row, person, form, 429 if form.code.errors == [reauthentication.wait()] else 422)
    if recovery.left(person.id) < before:
        audit.append_entry(person.organisation_id, person.id, "recovery_code_used", person.id)
        flash(_("A recovery code is used up. Left: %(count)s.", count=before - 1))
    return _through(row, person)


@public
@transaction
def second_step_by_passkey() -> ResponseReturnValue:
    if (halfway := _halfway()) is None:
        return redirect(url_for("identity.sign_in"), 303)
    row, person = halfway
    form, answer = SecondStep(formdata=None), PasskeyAnswer()
    if not reauthentication.may_try(person):
        form.form_errors.append(reauthentication.wait())
        return _page(row, person, form, 429)
    if answer.validate_on_submit() and passkeys.use(person, answer.credential.data, row.data["challenge"]):
        reauthentication.give_back(person)
        return _through(row, person)
    log.sign_in("second step refused")
    form.form_errors.append(_("The passkey did not open. Try again, or use a code."))
    return _page(row, person, form, 422)


def _through(row: OneTimeToken, person: Person) -> ResponseReturnValue:
    if not tokens.use(row):
        return redirect(url_for("identity.sign_in"), 303)
    return _open(person, row.data["target"])


def _page(row: OneTimeToken, person: Person, form: SecondStep, code: int) -> ResponseReturnValue:
    usable = passkeys.are_possible() and passkeys.of(person)
    page = render_template(
        "identity/second_step.html",
        form=form,
        answer=PasskeyAnswer(formdata=None),
        has_app=factors.app_of(person) is not None,
        options=passkeys.request_options(person, row.data["challenge"]) if usable else "",
    )
    return page, code
