"""The API for applicant tracking systems: packages, orders, results. Every refusal is a problem document (RFC 9457)."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from werkzeug.exceptions import HTTPException

from lms.api import orders
from lms.api.problems import problem
from lms.api.schemas import (
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
from lms.database.transaction import transaction

bp = Blueprint("api", __name__, url_prefix="/api/v1", description="Assessments for applicant tracking systems")
bp.register_error_handler(HTTPException, problem)


@bp.get("/packages")
@needs_scope("packages:read")
@bp.response(200, PackagesSchema)
def packages() -> Any:
    """What can be ordered: the campaigns that are open today."""
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
def place(headers: dict[str, Any], wanted: dict[str, Any]) -> Any:
    """Send a candidate to a package. The same Idempotency-Key with the same request is one order."""
    placed = orders.place(caller(), headers["key"], wanted)
    told = {"candidate_url": placed.link} if placed.created else {}
    return orders.described(placed.order) | told, 201 if placed.created else 200


@bp.get("/orders")
@needs_scope("orders:read")
@bp.arguments(CursorSchema, location="query")
@bp.response(200, OrdersSchema)
def listed(asked: dict[str, Any]) -> Any:
    """Orders, oldest first, fifty at a time; `next_cursor` leads on, null at the end."""
    found = orders.listed(caller(), int(asked["cursor"]))
    following = str(found[-1].id) if len(found) == orders.PAGE else None
    return {"orders": [orders.described(order) for order in found], "next_cursor": following}


@bp.get("/orders/<string:order_id>")
@needs_scope("orders:read")
@bp.response(200, OrderSchema)
def order(order_id: str) -> Any:
    return orders.described(orders.order_or_404(caller(), order_id))


@bp.delete("/orders/<string:order_id>")
@needs_scope("orders:write")
@bp.response(204)
@transaction
def revoke(order_id: str) -> Any:
    """Shut the candidate's link before they finish; what was answered stays with the organisation."""
    orders.revoke(orders.order_or_404(caller(), order_id))


@bp.get("/orders/<string:order_id>/result")
@needs_scope("results:read")
@bp.response(200, ResultSchema)
def result(order_id: str) -> Any:
    """What came out: an outcome with intervals, never one number alone."""
    return orders.result(orders.order_or_404(caller(), order_id))
