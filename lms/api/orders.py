"""Orders: a candidate whom a program sends to a campaign, and how far they are."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import Select, select
from werkzeug.exceptions import Conflict, NotFound, UnprocessableEntity

from lms import campaigns, clock
from lms.api.models import ApiOrder, ApiToken
from lms.campaigns import Campaign, Candidate, letters
from lms.database import db

PAGE = 50
ENDED = ("hired", "rejected", "withdrawn")


@dataclass(frozen=True)
class Placed:
    """created: the order is new; link: of the candidate, told once, "" when the same request came again."""

    order: ApiOrder
    candidate: Candidate
    created: bool
    link: str


def open_campaigns(organisation_id: int) -> list[Campaign]:
    """What can be ordered today."""
    now = clock.now()
    ours = select(Campaign).filter_by(organisation_id=organisation_id, deleted_at=None)
    return list(
        db.session.scalars(ours.where(Campaign.opens_at <= now, Campaign.closes_at > now).order_by(Campaign.id))
    )


def place(token: ApiToken, key: str, wanted: Mapping[str, Any]) -> Placed:
    """The order of this request; the one there is where it came before under the same key.

    wanted: "package" (id of a campaign), "candidate" with name, email, language, external_id. Conflict where the key
    was used for another request or the address is in the campaign already; NotFound for a package that is not open.
    The caller commits; two equal requests at once meet in a unique index.
    """
    request_hash = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()
    existing = _by_key(token, key)
    if existing:
        if existing.request_sha256 != request_hash:
            raise Conflict("this Idempotency-Key was used for another request")
        return Placed(existing, candidate_of(existing), False, "")
    return _new(token, key, wanted, request_hash)


def _by_key(token: ApiToken, key: str) -> ApiOrder | None:
    ours = select(ApiOrder).filter_by(organisation_id=token.organisation_id, token_id=token.id, idempotency_key=key)
    return db.session.scalar(ours)


def _new(token: ApiToken, key: str, wanted: Mapping[str, Any], request_hash: str) -> Placed:
    campaign, who = _package(token, str(wanted["package"])), wanted["candidate"]
    if who["language"] not in campaign.languages:
        raise UnprocessableEntity(f"this package is given in {', '.join(campaign.languages)}")
    existing = select(Candidate.id).filter_by(
        organisation_id=token.organisation_id, campaign_id=campaign.id, email=who["email"]
    )
    if db.session.scalar(existing):
        raise Conflict("this address is in the package already")
    candidate, _token = campaigns.add_candidate(campaign, who["name"], who["email"], who["language"])
    candidate.external_id = who.get("external_id")
    link = letters.invite(campaign, candidate)
    order = ApiOrder(
        organisation_id=token.organisation_id,
        token_id=token.id,
        candidate_id=candidate.id,
        public_id=f"ord_{secrets.token_urlsafe(12)}",
        idempotency_key=key,
        request_sha256=request_hash,
    )
    db.session.add(order)
    db.session.flush()
    return Placed(order, candidate, True, link)


def _package(token: ApiToken, name: str) -> Campaign:
    campaigns = [each for each in open_campaigns(token.organisation_id) if str(each.id) == name]
    if not campaigns:
        raise NotFound("there is no such package, or it is not open")
    return campaigns[0]


def order_or_404(token: ApiToken, public_id: str) -> ApiOrder:
    ours = select(ApiOrder).filter_by(organisation_id=token.organisation_id, public_id=public_id)
    order = db.session.scalar(ours)
    if order is None:
        raise NotFound("there is no such order")
    return order


def listed(token: ApiToken, cursor: int, size: int = PAGE) -> list[ApiOrder]:
    """The orders after this one, oldest first."""
    return list(db.session.scalars(_ours(token).where(ApiOrder.id > cursor).limit(size)))


def _ours(token: ApiToken) -> Select[ApiOrder]:
    return select(ApiOrder).filter_by(organisation_id=token.organisation_id).order_by(ApiOrder.id)


def candidate_of(order: ApiOrder) -> Candidate:
    """Whom the order is about, of the same organisation."""
    ours = select(Candidate).filter_by(id=order.candidate_id, organisation_id=order.organisation_id)
    return db.session.scalars(ours).one()


def revoke(order: ApiOrder) -> None:
    """Shut the candidate's link; what was answered stays. The caller commits."""
    candidate = candidate_of(order)
    if candidate.finished_at:
        raise Conflict("the candidate has finished already")
    campaigns.revoke(candidate)


def state(candidate: Candidate) -> str:
    """ "ordered" | "started" | "finished" | "decided" | "revoked"."""
    if candidate.stage in ENDED:
        return "decided"
    if candidate.finished_at:
        return "finished"
    if candidate.revoked_at:
        return "revoked"
    return "started" if candidate.started_at else "ordered"


def described(order: ApiOrder) -> dict[str, Any]:
    candidate = candidate_of(order)
    return {
        "id": order.public_id,
        "package": str(candidate.campaign_id),
        "external_id": candidate.external_id,
        "status": state(candidate),
        "stage": candidate.stage,
        "created_at": order.created_at,
        "started_at": candidate.started_at,
        "finished_at": candidate.finished_at,
        "result_url": _address("selection.candidate", campaign_id=candidate.campaign_id, candidate_id=candidate.id),
    }


def _address(endpoint: str, **values: object) -> str:
    """An address of ours on the configured host; also outside a request, where a job tells of orders."""
    path = current_app.url_map.bind("hmut").build(endpoint, values)
    return f"{current_app.config['HMUT_BASE_URL']}{path}"
