"""Lever's address at us, and the administrator's form that sets it up."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, Unauthorized

from lms import clock
from lms.api import lever, lever_orders
from lms.api.models import LeverLink
from lms.api.problems import problem
from lms.api.staff_views import MOST, back, live, page, wanted_or_404
from lms.api.staff_views import bp as integration
from lms.database import db
from lms.database.transaction import transaction
from lms.identity.access import by_token, current_person, needs
from lms.identity.actions import record_action
from lms.identity.sealing import unseal

LONGEST = 200  # characters of a key
bp = Blueprint("lever", __name__)
bp.register_error_handler(HTTPException, problem)


@bp.post("/api/lever/<id:link_id>")
@by_token
@transaction
def take(link_id: int) -> ResponseReturnValue:
    """A candidate came to another stage. Lever sends no header of ours, but signs; who does not is told nothing."""
    event = request.get_json(silent=True)
    link = lever_orders.live_link(link_id)
    signing = (unseal(link.signing) if link else None) or ""
    if not isinstance(event, dict) or not lever.is_signed(event, signing) or link is None:
        raise Unauthorized("the signature is not that of a live link")
    lever_orders.take(link, event)
    return {"noted": True}


@integration.post("/integration/lever")
@needs("administrator")
@transaction
def add_lever() -> ResponseReturnValue:
    typed = {name: request.form.get(name, "").strip() for name in ("stage", "signing", "api_key")}
    if live(LeverLink, ended_at=None) >= MOST:
        return page(wrong="lever-most"), 422
    if not _is_whole(typed):
        return page(wrong="lever", stage=typed["stage"][:80]), 422
    home = current_person.organisation_id
    row = lever_orders.add_link(home, typed["stage"], typed["signing"], typed["api_key"], current_person.id)
    db.session.flush()
    record_action("lever_link_made", row.id)
    return back(_("Lever is connected. Give it the address below."))


def _is_whole(typed: dict[str, str]) -> bool:
    keys: Any = (typed["signing"], typed["api_key"])
    return 0 < len(typed["stage"]) <= 80 and all(8 <= len(key) <= LONGEST and key.isascii() for key in keys)


@integration.post("/integration/lever/<id:link_id>/end")
@needs("administrator")
@transaction
def end_lever(link_id: int) -> ResponseReturnValue:
    row: LeverLink = wanted_or_404(LeverLink, link_id)
    row.ended_at = row.ended_at or clock.now()
    lever_orders.end_token(row)
    record_action("lever_link_ended", row.id)
    return back(_("Nothing from Lever is taken any more."))
