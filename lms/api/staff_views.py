"""The organisation's side of the API: tokens, addresses, what was told, and the documentation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import desc, func, select

from lms import clock
from lms.api import calls, orders, tokens, webhooks
from lms.api.models import SCOPES, ApiToken, LeverLink, LeverOpportunity, Webhook, WebhookDelivery
from lms.campaigns.forms import day_end, local_today
from lms.database import Model, db, one_or_404
from lms.database.transaction import transaction
from lms.identity.access import current_person, needs, public
from lms.identity.actions import record_action

bp = Blueprint("integration", __name__)
LOG = 50  # deliveries shown
YEAR = dt.timedelta(days=365)  # that a token works where nobody says otherwise
MOST = 20  # tokens, and addresses, that an organisation has at a time


@bp.get("/api")
@public
def documentation() -> ResponseReturnValue:
    """Every call with what it takes and gives, drawn from the same document that programs read."""
    settings = current_app.config
    document = current_app.extensions["hmut_openapi"]()
    base, most = settings["HMUT_BASE_URL"], settings["HMUT_API_CALLS"]
    return render_template("api/documentation.html", document=document, base=base, most=most)


@bp.get("/api/openapi.json")
@public
def openapi() -> ResponseReturnValue:
    return jsonify(current_app.extensions["hmut_openapi"]())


@bp.get("/integration")
@needs("administrator")
def settings() -> ResponseReturnValue:
    return page()


def page(**shown: Any) -> str:
    links = _rows(LeverLink, ended_at=None)
    return render_template(
        "api/settings.html",
        held=_rows(ApiToken, revoked_at=None),
        hooks=_rows(Webhook, ended_at=None),
        log=_newest(WebhookDelivery),
        links=links,
        came=_newest(LeverOpportunity),
        packages=orders.open_campaigns(current_person.organisation_id)[-MOST:] if links else (),
        base=current_app.config["HMUT_BASE_URL"],
        given_up=len(webhooks.PAUSES) + 1,
        scopes=SCOPES,
        most=MOST,
        first=local_today().isoformat(),
        usual=(local_today() + YEAR).isoformat(),
        typed=request.form.get("name", "") if shown.get("wrong") else "",
        ticked=request.form.getlist("scope") if shown.get("wrong") else (),
        **shown,
    )


def _rows(model: type[Model], **values: Any) -> Sequence[Any]:
    """The organisation's, oldest first."""
    query = select(model).filter_by(organisation_id=current_person.organisation_id, **values)
    return db.session.scalars(query.order_by("id")).all()


def _newest(model: type[Model]) -> Sequence[Any]:
    query = select(model).filter_by(organisation_id=current_person.organisation_id)
    return db.session.scalars(query.order_by(desc("id")).limit(LOG)).all()


@bp.post("/integration/tokens")
@needs("administrator")
@transaction
def add_token() -> ResponseReturnValue:
    """The page that answers is the only place where the token is ever shown."""
    name = request.form.get("name", "").strip()[:80]
    if live(ApiToken, revoked_at=None) >= MOST:
        return page(wrong="tokens"), 422
    try:
        ends_at = _end(request.form.get("ends_on", ""))
    except ValueError:
        return page(wrong="end"), 422
    try:
        row, token = tokens.make(
            current_person.organisation_id,
            name or "API",
            request.form.getlist("scope"),
            current_person.id,
            ends_at,
            request.form.get("answer_key", "").strip()[:200],
        )
    except ValueError:
        return page(wrong="scope"), 422
    db.session.flush()
    record_action("api_token_made", row.id)
    return page(token=token)


def _end(text: str) -> dt.datetime | None:
    """The end of the day named, None for no end. ValueError for no day, one that is over, or one of another century."""
    if not text.strip():
        return None
    day = dt.date.fromisoformat(text.strip())
    if not local_today() <= day <= local_today() + 20 * YEAR:
        raise ValueError("ends_on")
    return day_end(day)


@bp.post("/integration/tokens/<id:token_id>/revocation")
@needs("administrator")
@transaction
def revoke_token(token_id: int) -> ResponseReturnValue:
    row: ApiToken = wanted_or_404(ApiToken, token_id)
    row.revoked_at = row.revoked_at or clock.now()
    record_action("api_token_revoked", row.id)
    return back(_("The token no longer works."))


@bp.post("/integration/webhooks")
@needs("administrator")
@transaction
def add_webhook() -> ResponseReturnValue:
    url = request.form.get("url", "").strip()
    if live(Webhook, ended_at=None) >= MOST:
        return page(wrong="hooks"), 422
    try:
        row, secret = webhooks.add(current_person.organisation_id, url, current_person.id)
    except calls.AddressRefused:
        return page(wrong="url", url=url), 422
    db.session.flush()
    record_action("webhook_made", row.id)
    return page(secret=secret)


@bp.post("/integration/webhooks/<id:webhook_id>/end")
@needs("administrator")
@transaction
def end_webhook(webhook_id: int) -> ResponseReturnValue:
    row: Webhook = wanted_or_404(Webhook, webhook_id)
    row.ended_at = row.ended_at or clock.now()
    record_action("webhook_ended", row.id)
    return back(_("Nothing is sent to this address any more."))


@bp.post("/integration/deliveries/<id:delivery_id>/tries")
@needs("administrator")
@transaction
def try_again(delivery_id: int) -> ResponseReturnValue:
    row: WebhookDelivery = wanted_or_404(WebhookDelivery, delivery_id)
    if row.delivered_at:
        abort(409)
    webhooks.again(row)
    return back(_("It is tried again within a minute."))


def live(model: Any, **live: Any) -> int:
    """How many of them the organisation has that work."""
    return db.session.scalar(_ours(model).filter_by(**live).with_only_columns(func.count(model.id))) or 0


def _ours(model: Any) -> Any:
    return select(model).where(model.organisation_id == current_person.organisation_id)


def wanted_or_404(model: Any, number: int) -> Any:
    """One of the organisation's own."""
    return one_or_404(_ours(model).where(model.id == number))


def back(message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for("integration.settings"), 303)
