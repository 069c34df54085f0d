"""The API for applicant tracking systems: packages, orders, results. Every refusal is a problem document (RFC 9457)."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from werkzeug.exceptions import HTTPException

from lms.api import order_results, orders
from lms.api.problems import problem
from lms.api.schemas import (
    BouncedSchema,
    BounceSchema,
    CursorSchema,
    KeySchema,
    OrderRequestSchema,
    OrderSchema,
    OrdersSchema,
    PackagesSchema,
    ResultSchema,
)
from lms.api.tokens import caller, needs_scope
from lms.campaigns import Campaign
from lms.campaigns.bounces import note_bounce
from lms.database.transaction import transaction

N_ = str  # marks a text that the page about the calls says in the reader's language
bp = Blueprint("api", __name__, url_prefix="/api/v1", description="Assessments for applicant tracking systems")
bp.register_error_handler(HTTPException, problem)


@bp.get("/packages")
@needs_scope("packages:read")
@bp.response(200, PackagesSchema)
@bp.doc(summary=N_("What can be ordered: the campaigns that are open today."))
def packages() -> Any:
    return {"packages": [package(each) for each in orders.open_campaigns(caller().organisation_id)]}


def package(campaign: Campaign) -> dict[str, Any]:
    return {
        "id": str(campaign.id),
        "name": campaign.name,
        "role": campaign.role,
        "minutes": round(sum(part["minutes"] for part in campaign.parts)),
        "languages": campaign.languages,
        "closes_at": campaign.closes_at,
    }


@bp.post("/orders")
@needs_scope("orders:write")
@bp.arguments(KeySchema, location="headers")
@bp.arguments(OrderRequestSchema)
@bp.response(201, OrderSchema)
@bp.alt_response(200, schema=OrderSchema, description="The same request came before; this is its order.")
@transaction
@bp.doc(summary=N_("Send a candidate to a package. The same Idempotency-Key with the same request is one order."))
def place(headers: dict[str, Any], wanted: dict[str, Any]) -> Any:
    placed = orders.place(caller(), headers["key"], wanted)
    link = {"candidate_url": placed.link} if placed.created else {}
    return orders.described(placed.order) | link, 201 if placed.created else 200


@bp.get("/orders")
@needs_scope("orders:read")
@bp.arguments(CursorSchema, location="query")
@bp.response(200, OrdersSchema)
@bp.doc(summary=N_("Orders, oldest first, fifty at a time; next_cursor leads on, null at the end."))
def listed(query: dict[str, Any]) -> Any:
    listed_orders = orders.listed(caller(), int(query["cursor"]))
    following = str(listed_orders[-1].id) if len(listed_orders) == orders.PAGE else None
    return {"orders": [orders.described(order) for order in listed_orders], "next_cursor": following}


@bp.get("/orders/<string:order_id>")
@needs_scope("orders:read")
@bp.response(200, OrderSchema)
@bp.doc(summary=N_("How far one order is."))
def order(order_id: str) -> Any:
    return orders.described(orders.order_or_404(caller(), order_id))


@bp.delete("/orders/<string:order_id>")
@needs_scope("orders:write")
@bp.response(204)
@transaction
@bp.doc(summary=N_("Shut the candidate's link before they finish; what was answered stays with the organisation."))
def revoke(order_id: str) -> Any:
    orders.revoke(orders.order_or_404(caller(), order_id))


@bp.post("/bounces")
@needs_scope("letters:write")
@bp.arguments(BounceSchema)
@bp.response(200, BouncedSchema)
@bp.doc(summary=N_("Letters to this address came back: HR sees it beside the candidate."))
@transaction
def bounced(notice: dict[str, Any]) -> Any:
    return {"letters": note_bounce(notice["email"], caller().organisation_id)}


@bp.get("/orders/<string:order_id>/result")
@needs_scope("results:read")
@bp.response(200, ResultSchema)
@bp.doc(summary=N_("What came out: an outcome with intervals, never one number alone."))
def result(order_id: str) -> Any:
    return order_results.result(orders.order_or_404(caller(), order_id))
