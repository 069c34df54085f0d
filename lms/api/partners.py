"""The words that applicant tracking systems use for the same three things: Greenhouse's and Workable's partner calls.

Both call us: they list tests, send a candidate, ask how far it is. Greenhouse's documentation for assessment partners
and Workable's for assessment providers name the paths and most fields; they stand over packages, orders and results.
"""

from __future__ import annotations

from typing import Any

import structlog
from flask_smorest import Blueprint
from marshmallow import EXCLUDE, Schema, fields, validate
from werkzeug.exceptions import HTTPException

from lms.api import callbacks, order_results, orders
from lms.api.models import ApiOrder
from lms.api.problems import problem
from lms.api.schemas import NO_CONTROL
from lms.api.tokens import caller, needs_scope, presented
from lms.database.transaction import transaction
from lms.identity.sealing import unseal

N_ = str  # see views
bp = Blueprint("partners", __name__, url_prefix="/api", description="Calls in the words of Greenhouse and Workable")
bp.register_error_handler(HTTPException, problem)
_log = structlog.get_logger("hmut.api")
TEXT = [validate.Length(1, 120), NO_CONTROL]
HALF = [validate.Length(1, 59), NO_CONTROL]  # of a name of 120, with a space between


class Open(Schema):
    """Partners send more than is used here, and more next year."""

    class Meta:
        unknown = EXCLUDE


class GreenhouseCandidate(Open):
    first_name = fields.String(required=True, validate=HALF)
    last_name = fields.String(required=True, validate=HALF)
    email = fields.Email(required=True, validate=[validate.Length(max=254), NO_CONTROL])


class GreenhouseOrder(Open):
    partner_test_id = fields.String(required=True, validate=validate.Length(1, 20))
    candidate = fields.Nested(GreenhouseCandidate, required=True)
    url = fields.String(load_default=None, allow_none=True)  # called when the candidate has finished


class GreenhouseAsked(Open):
    partner_interview_id = fields.String(required=True, validate=validate.Length(1, 40))


class WorkableCandidate(Open):
    name = fields.String(required=True, validate=TEXT)
    email = fields.Email(required=True, validate=[validate.Length(max=254), NO_CONTROL])


class WorkableOrder(Open):
    test_id = fields.String(required=True, validate=validate.Length(1, 20))
    candidate = fields.Nested(WorkableCandidate, required=True)
    callback_url = fields.String(load_default=None, allow_none=True)  # takes the result


@bp.get("/greenhouse/list_tests")
@needs_scope("packages:read")
@bp.response(200)
@bp.doc(summary=N_("In Greenhouse's words: what can be ordered."))
def greenhouse_tests() -> Any:
    campaigns = orders.open_campaigns(caller().organisation_id)
    return [{"partner_test_id": str(each.id), "partner_test_name": each.name} for each in campaigns]


@bp.post("/greenhouse/send_test")
@needs_scope("orders:write")
@bp.arguments(GreenhouseOrder)
@bp.response(200)
@transaction
@bp.doc(summary=N_("In Greenhouse's words: send a candidate to a test, once however often it is sent."))
def greenhouse_order(wanted: dict[str, Any]) -> Any:
    who = wanted["candidate"]
    name = f"{who['first_name']} {who['last_name']}"
    order = _order("greenhouse", wanted["partner_test_id"], name, who["email"])
    callbacks.remember(order, "greenhouse", wanted["url"], presented())
    return {"partner_interview_id": order.public_id}


@bp.get("/greenhouse/test_status")
@needs_scope("results:read")
@bp.arguments(GreenhouseAsked, location="query")
@bp.response(200)
@bp.doc(summary=N_("In Greenhouse's words: how far it is, and one number with its interval beside it."))
def greenhouse_status(query: dict[str, Any]) -> Any:
    """One number with its interval beside it: their list shows a score, the interval says how little it may mean."""
    order = orders.order_or_404(caller(), query["partner_interview_id"])
    description = orders.described(order)
    if description["finished_at"] is None:
        return {"partner_status": "in progress" if description["started_at"] else "not started"}
    result = order_results.result(order)
    low, high = result["levels_above_role"] or (None, None)
    return {
        "partner_status": "complete",
        "partner_score": order_results.middle(result),
        "partner_profile_url": result["result_url"],
        "metadata": {
            "Outcome": result["outcome"],
            "Levels above the role, from": low,
            "Levels above the role, to": high,
            "Answers": result["answers"],
        },
    }


@bp.post("/greenhouse/response_error")
@needs_scope("orders:read")
@bp.response(200)
@transaction
@bp.doc(summary=N_("In Greenhouse's words: which of our replies could not be read."))
def greenhouse_error() -> Any:
    """They tell what they could not read of our replies; it is written to the log, without its text."""
    _log.warning("a partner could not read a reply", partner="greenhouse", token=caller().id)
    return {"noted": True}


@bp.get("/workable/tests")
@needs_scope("packages:read")
@bp.response(200)
@bp.doc(summary=N_("In Workable's words: what can be ordered."))
def workable_tests() -> Any:
    campaigns = orders.open_campaigns(caller().organisation_id)
    return {"tests": [{"id": str(each.id), "name": each.name} for each in campaigns]}


@bp.post("/workable/assessments")
@needs_scope("orders:write")
@bp.arguments(WorkableOrder)
@bp.response(201)
@transaction
@bp.doc(summary=N_("In Workable's words: send a candidate to a test, once however often it is sent."))
def workable_order(wanted: dict[str, Any]) -> Any:
    who = wanted["candidate"]
    order = _order("workable", wanted["test_id"], who["name"], who["email"])
    callbacks.remember(order, "workable", wanted["callback_url"], unseal(caller().answer_key) or "")
    return {"assessment_id": order.public_id}


def _order(partner: str, package: str, name: str, email: str) -> ApiOrder:
    """One order for a candidate and a test, however often it is sent."""
    candidate = {"name": name, "email": email, "language": _language(package), "external_id": None}
    wanted = {"package": package, "candidate": candidate}
    return orders.place(caller(), f"{partner}:{package}:{email}"[:128], wanted).order


def _language(package: str) -> str:
    """These partners name no language: the first of the package, which the candidate may change."""
    campaigns = [each for each in orders.open_campaigns(caller().organisation_id) if str(each.id) == package]
    return campaigns[0].languages[0] if campaigns else "hy"
