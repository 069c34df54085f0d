"""Telling the program that sent a candidate that they have finished, at the address that came with the order.

Greenhouse's documentation has the address in the order and the call without a body, upon which it asks for the status;
Workable's has an address for results and a key of its own for it. No transaction is open while they are spoken to.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Select, select

from lms import clock
from lms.api import calls, order_results
from lms.api.lever import Exchange
from lms.api.models import ApiOrder, ApiToken, PartnerCallback
from lms.api.webhooks import AT_ONCE, PAUSES, is_due, put_off
from lms.campaigns import Candidate
from lms.database import db
from lms.database.transaction import finds, transaction
from lms.identity.sealing import seal, unseal


@dataclass(frozen=True)
class Call:
    row: int
    method: str
    url: str
    body: str
    headers: Mapping[str, str]


def remember(order: ApiOrder, partner: str, url: str | None, key: str) -> None:
    """Where this order is to be told of, once; an address that may not be called is left out. The caller commits."""
    callbacks = select(PartnerCallback.id).filter_by(organisation_id=order.organisation_id, order_id=order.id)
    if not url or not key or db.session.scalar(callbacks):
        return
    try:
        calls.checked(url, bool(current_app.config["HMUT_WEBHOOKS_INSIDE"]))
    except calls.AddressRefused:
        return
    whose = {"organisation_id": order.organisation_id, "order_id": order.id}
    db.session.add(PartnerCallback(**whose, partner=partner, url=url, key=seal(key)))


def tell_finished(exchange: Exchange = calls.exchange) -> int:
    """Tell of those who have finished; returns how many calls were made. A job."""
    due = transaction(_claimed)() if finds(_waiting(clock.now())) else []
    for call in due:
        _send(call, exchange)
    return len(due)


def _claimed() -> list[Call]:
    """What is due, each put off for longer than a call takes, so that no other process sends it too."""
    now, claimed = clock.now(), []
    waiting = _waiting(now).order_by(PartnerCallback.id).limit(AT_ONCE)
    for row, order in db.session.execute(waiting.with_for_update(skip_locked=True, of=PartnerCallback)).all():
        put_off(row, now)
        claimed.append(_call(row, order))
    return claimed


def _waiting(now: datetime) -> Select[PartnerCallback, ApiOrder]:
    return (
        select(PartnerCallback, ApiOrder)
        .join(ApiOrder, ApiOrder.id == PartnerCallback.order_id)
        .join(ApiToken, ApiToken.id == ApiOrder.token_id)
        .join(Candidate, Candidate.id == ApiOrder.candidate_id)
        .where(PartnerCallback.told_at.is_(None), Candidate.finished_at.is_not(None), ApiToken.revoked_at.is_(None))
        .where(is_due(PartnerCallback, now), PartnerCallback.tries <= len(PAUSES))
    )


def _call(row: PartnerCallback, order: ApiOrder) -> Call:
    key = unseal(row.key) or ""
    if row.partner == "greenhouse":
        return Call(row.id, "PATCH", row.url, "", calls.basic(key))
    body = json.dumps(for_workable(order), ensure_ascii=False)
    return Call(row.id, "PUT", row.url, body, {"Authorization": f"Bearer {key}"})


def for_workable(order: ApiOrder) -> dict[str, Any]:
    """The result in Workable's words: one number, and in the summary its interval."""
    result = order_results.result(order)
    return {
        "status": "completed",
        "score": order_results.middle(result),
        "summary": order_results.sentence(result),
        "results_url": result["result_url"],
    }


def _send(call: Call, exchange: Exchange) -> None:
    try:
        answer, _reply = exchange(call.method, call.url, call.body, call.headers)
        transaction(_note)(call.row, answer, "")
    except (calls.AddressRefused, *calls.NO_ANSWER) as error:
        transaction(_note)(call.row, None, str(error) or type(error).__name__)


def _note(number: int, answer: int | None, error: str) -> None:
    row = db.session.get_one(PartnerCallback, number)
    row.answer, row.error = answer, error[:200]
    if answer is not None and 200 <= answer < 300:
        row.told_at = clock.now()
