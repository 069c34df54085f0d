"""Front page, signing in and out, choice of language."""

from __future__ import annotations

from dataclasses import asdict

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, TimeoutError

from lms.background import mail
from lms.config import LANGUAGES, LOOPBACK
from lms.database import db, heartbeat
from lms.database.transaction import between_writes, transaction
from lms.identity import (
    accounts,
    administration,
    audit_commands,
    audit_views,
    commands,
    factor_views,
    invitations,
    membership,
    outbox_views,
    profile,
    reauthentication,
    reopening,
    sign_in_steps,
    throttle,
)
from lms.identity.access import current_person, needs_person, public
from lms.identity.forms import SignIn
from lms.identity.landing import home_of, safe_target
from lms.identity.models import ROLES, Membership, Person
from lms.identity.passwords import hash_password, is_outdated, verify
from lms.identity.sessions import may_sign_in
from lms.identity.sessions import sign_out as end_session
from lms.identity.sign_in_steps import enter
from lms.identity.tenant_guard import UNSCOPED
from lms.web import log
from lms.web.forms import confirm
from lms.web.i18n import COOKIE
from lms.web.kept_pages import may_be_kept

bp = Blueprint("identity", __name__)
accounts.add_to(bp)
profile.add_to(bp)
sign_in_steps.add_to(bp)
factor_views.add_to(bp)
administration.add_to(bp)
reopening.add_to(bp)
invitations.add_to(bp)
outbox_views.add_to(bp)
audit_views.add_to(bp)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.cli.add_command(commands.people)
    app.cli.add_command(audit_commands.commands)
    app.context_processor(
        lambda: {
            "confirm": confirm,
            "demo": app.config["HMUT_DEMO"],
            "demo_is_made": app.extensions.get("hmut_demo_made", lambda: True),
            "mail_leaves": bool(app.config["SMTP_URL"]),
            "registrations": membership.open_registrations,
        }
    )


@bp.get("/")
@public
def front() -> ResponseReturnValue:
    """A visitor's page; who has signed in goes on where their work is. The demo's people choose another role here."""
    if current_user.is_authenticated and not current_user.is_demo:
        return redirect(home_of(current_person))
    may_be_kept()
    return render_template("identity/front.html", doors=ROLES)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@transaction
def sign_in() -> ResponseReturnValue:
    form = SignIn()
    if not form.validate_on_submit():
        return render_template("identity/sign_in.html", form=form), 422 if form.is_submitted() else 200
    email, address = form.email.data.strip().lower(), request.remote_addr or ""
    if not throttle.take(email, address):
        return _refused(form, "throttled", reauthentication.too_many(), status=429)
    password_hash = _known(email)
    with between_writes():  # hashing takes a while, and nobody's answer shall wait for our lock meanwhile
        proven = verify(password_hash, form.password.data)
    if not proven:
        return _no_pair(form)
    renewed = hash_password(form.password.data) if password_hash and is_outdated(password_hash) else password_hash
    throttle.give_back(email, address)
    person = membership.by_email(email)
    if person is None or person.password_hash != password_hash or not may_sign_in(person):
        return _no_pair(form)  # changed while we were hashing
    person.password_hash = renewed
    return enter(person, request.args.get("next"))


def _no_pair(form: SignIn) -> ResponseReturnValue:
    return _refused(
        form, "refused", _("This e-mail and password do not go together. Check both and try again."), status=422
    )


def _refused(form: SignIn, outcome: str, words: str, status: int) -> ResponseReturnValue:
    """The form once more; outcome: for the log."""
    log.sign_in(outcome)
    form.form_errors.append(words)
    return render_template("identity/sign_in.html", form=form), status


def _known(email: str) -> str | None:
    """The password hash of the open account with this address, None when there is none."""
    person = membership.by_email(email)
    return person.password_hash if person and may_sign_in(person) else None


@bp.post("/demo/<role>")
@public
@transaction
def enter_demo(role: str) -> ResponseReturnValue:
    """One click into the demo as one of its people; there is no such door outside of the demo."""
    if not current_app.config["HMUT_DEMO"] or request.remote_addr not in LOOPBACK or role not in ROLES:
        abort(404)
    statement = select(Person).join(Membership).where(Person.is_demo, Membership.role == role).order_by(Person.id)
    person = db.session.scalars(statement.limit(1), execution_options=UNSCOPED).first()
    if person is None:
        abort(404)
    person.language_chosen = False  # whoever tries the demo has just chosen at the door
    return enter(person, request.args.get("next"))


@bp.post("/sign-out")
@needs_person
@transaction
def sign_out() -> ResponseReturnValue:
    end_session()
    flash(_("You have signed out."))
    reply = redirect(url_for("identity.front"), 303)
    reply.headers["Clear-Site-Data"] = '"cache", "storage"'
    return reply


@bp.post("/language")
@public
@transaction
def choose_language() -> ResponseReturnValue:
    wanted = request.form.get("language", "")
    if wanted not in LANGUAGES:
        abort(400)
    if current_user.is_authenticated:
        current_person.language, current_person.language_chosen = wanted, True
    reply = redirect(safe_target(request.form.get("next")) or url_for("identity.front"), 303)
    reply.set_cookie(
        COOKIE,
        wanted,
        max_age=31_536_000,
        samesite="Lax",
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return reply


@bp.get("/healthz")
@public
def health() -> ResponseReturnValue:
    """200 while answers can be saved, else 503; never a page, since machines read it."""
    state: dict[str, object]
    try:
        state = {"database": "ok", "writes": "ok" if heartbeat.beats() else "failing", "mail": asdict(mail.counts())}
    except (DBAPIError, TimeoutError):
        state = {"database": "down", "writes": "failing", "mail": None}
    well = state["writes"] == "ok"
    reply = jsonify(status="ok" if well else "failing", **state)
    return reply, 200 if well else 503, {} if well else {"Retry-After": "2"}
