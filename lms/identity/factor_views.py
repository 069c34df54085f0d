"""A person's own second factor: setting up an app or a passkey, new recovery codes, and taking one away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lms.database import one_or_404
from lms.database.transaction import transaction
from lms.identity import app_codes, factors, passkeys, reauthentication, recovery, tokens
from lms.identity.access import current_person, needs_person, refuse_demo, while_owing
from lms.identity.actions import record_action
from lms.identity.factor_forms import AddApp, NewPasskey, PasskeyAnswer, ProofForm
from lms.identity.factor_models import AuthenticatorApp, Passkey
from lms.identity.sealing import seal, unseal
from lms.identity.sessions import OWES_FACTOR

MAKING = "passkey"  # the token's place in the cookie of somebody whose browser is making a passkey


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/profile/factors", view_func=factors_page)
    bp.add_url_rule("/profile/factors/app", view_func=add_app, methods=["GET", "POST"])
    bp.add_url_rule("/profile/factors/app/removal", view_func=remove_app, methods=["GET", "POST"])
    bp.add_url_rule("/profile/factors/codes", view_func=renew_codes, methods=["GET", "POST"])
    bp.add_url_rule("/profile/factors/passkeys/options", view_func=passkey_options, methods=["POST"])
    bp.add_url_rule("/profile/factors/passkeys", view_func=add_passkey, methods=["POST"])
    bp.add_url_rule(
        "/profile/factors/passkeys/<id:passkey_id>/removal", view_func=remove_passkey, methods=["GET", "POST"]
    )


def _proof(form: Any) -> Any:
    """The form, asking for the password where there is one; whoever has just signed in to owe a factor gave it."""
    if current_person.password_hash is None or session.get(OWES_FACTOR):
        del form.present
    return form


@needs_person
@while_owing
def factors_page() -> ResponseReturnValue:
    refuse_demo()
    return _page(_proof(NewPasskey(formdata=None)))


def _page(form: NewPasskey, code: int = 200) -> ResponseReturnValue:
    page = render_template(
        "identity/factors.html",
        form=form,
        answer=PasskeyAnswer(formdata=None),
        app=factors.app_of(current_person),
        passkeys=passkeys.of(current_person),
        possible=passkeys.are_possible(),
        codes_left=recovery.left(current_person.id),
        due=factors.is_due(current_person),
        demanded=factors.is_demanded(current_person),
    )
    return page, code


@needs_person
@while_owing
@transaction
def add_app() -> ResponseReturnValue:
    """The secret travels in the form, sealed for this person, until a code proves that the app has it."""
    refuse_demo()
    if factors.app_of(current_person):
        return redirect(url_for("identity.factors_page"), 303)
    form = _proof(AddApp())
    secret = _secret_in(form.sealed.data) or app_codes.new_secret()
    form.sealed.data = seal(f"{current_person.id} {secret}")
    if form.validate_on_submit() and reauthentication.by_form(current_person, form):
        app = AuthenticatorApp(person_id=current_person.id, secret=seal(secret))
        if reauthentication.may_try(current_person) and (step := app_codes.step_of(secret, form.code.data)) is not None:
            reauthentication.give_back(current_person)
            app.last_step = step
            return _added(factors.add(current_person, app))
        form.code.errors = [_("This code is not right. Look at the app again: it shows a new one every half minute.")]
    address = app_codes.address(secret, current_person.email)
    page = render_template("identity/factor_app.html", form=form, secret=secret, qr_html=app_codes.picture(address))
    return page, 422 if form.is_submitted() else 200


def _secret_in(sealed: str | None) -> str | None:
    owner, _space, secret = (unseal(sealed or "") or "").partition(" ")
    return secret if owner == str(current_person.id) else None


def _added(codes: list[str]) -> ResponseReturnValue:
    session.pop(OWES_FACTOR, None)
    if codes:
        return render_template("identity/recovery_codes.html", codes=codes)
    flash(_("Added."))
    return redirect(url_for("identity.factors_page"), 303)


@needs_person
@while_owing
@transaction
def passkey_options() -> ResponseReturnValue:
    """What the browser needs to make a passkey; the answer counts for ten minutes and once."""
    refuse_demo()
    form = _proof(NewPasskey())
    if not passkeys.are_possible() or len(passkeys.of(current_person)) >= passkeys.MOST:
        return jsonify(error=_("No further passkey can be added here.")), 409
    if not form.validate_on_submit() or not reauthentication.by_form(current_person, form):
        return jsonify(error=" ".join(text for field in form for text in field.errors)), 422
    data = {"challenge": passkeys.new_challenge(), "name": form.name.data}
    session[MAKING] = tokens.issue("passkey", current_person, data)
    return Response(passkeys.creation_options(current_person, data["challenge"]), mimetype="application/json")


@needs_person
@while_owing
@transaction
def add_passkey() -> ResponseReturnValue:
    refuse_demo()
    form, row = PasskeyAnswer(), tokens.find(session.pop(MAKING, ""), "passkey")
    if form.validate_on_submit() and row and row.person_id == current_person.id and tokens.use(row):
        answer, request_data = form.credential.data, row.data
        if key := passkeys.read_new(current_person, answer, request_data["challenge"], request_data["name"]):
            return _added(factors.add(current_person, key))
    flash(_("No passkey was added: the browser's answer did not fit or came too late. Try again."), "error")
    return redirect(url_for("identity.factors_page"), 303)


@needs_person
@transaction
def remove_app() -> ResponseReturnValue:
    app = factors.app_of(current_person)
    return _removal(app) if app else redirect(url_for("identity.factors_page"), 303)


@needs_person
@transaction
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    return _removal(one_or_404(select(Passkey).filter_by(person_id=current_person.id, id=passkey_id)))


def _removal(factor: AuthenticatorApp | Passkey) -> ResponseReturnValue:
    """Asks for the password, or for a code of somebody who has none."""
    form = _proof(ProofForm())
    if factors.is_demanded(current_person) and factors.is_last(current_person):
        flash(_("Your organisation asks for a second factor. Add another one before you remove this one."), "error")
        return redirect(url_for("identity.factors_page"), 303)
    if form.validate_on_submit() and _is_proven_somehow(form):
        factors.remove(current_person, factor)
        flash(_("Removed."))
        return redirect(url_for("identity.factors_page"), 303)
    name = factor.name if isinstance(factor, Passkey) else ""
    page = render_template("identity/factor_removal.html", form=form, name=name)
    return page, 422 if form.is_submitted() else 200


def _is_proven_somehow(form: Any) -> bool:
    if "present" in form:
        return reauthentication.by_password(current_person, form.present)
    return reauthentication.by_code(current_person, form.code)


@needs_person
@transaction
def renew_codes() -> ResponseReturnValue:
    """Ten new ones, shown once; those before no longer work."""
    if not factors.has(current_person):
        return redirect(url_for("identity.factors_page"), 303)
    form = _proof(ProofForm())
    if form.validate_on_submit() and _is_proven_somehow(form):
        codes = recovery.renew(current_person.id)
        record_action("codes_renewed", current_person.id)
        return render_template("identity/recovery_codes.html", codes=codes)
    page = render_template("identity/factor_codes.html", form=form)
    return page, 422 if form.is_submitted() else 200
