"""Telling other programs: what happened to an order goes to every address of the organisation, signed, until it is
taken or given up. No transaction is open while a stranger's server is spoken to."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, Select, or_, select

from lms import clock
from lms.api import calls, orders
from lms.api.models import EVENTS, ApiOrder, LeverOpportunity, PartnerCallback, Webhook, WebhookDelivery
from lms.campaigns import Candidate
from lms.database import db
from lms.database.transaction import finds, transaction
from lms.identity.sealing import seal, unseal

PAUSES = (60, 300, 1800, 7200, 43_200, 86_400)  # seconds after the first, second, … try in vain
AT_ONCE = 50
AFTER = {"": (), "order.started": EVENTS[:1], "order.finished": EVENTS[:2], "order.decided": EVENTS}
REACHED = {"started": 1, "finished": 2, "decided": 3}
Send = Callable[[str, str, str, int, bool], int]


def add(organisation_id: int, url: str, made_by: int) -> tuple[Webhook, str]:
    """A new address and the secret that signs, shown once. calls.AddressRefused for one that may not be called. The
    caller commits."""
    calls.checked(url, _inside())
    secret = secrets.token_urlsafe(32)
    row = Webhook(organisation_id=organisation_id, url=url, secret=seal(secret), created_by=made_by)
    db.session.add(row)
    return row, secret


def tell_due(send: Send = calls.post) -> int:
    """Put what happened on its way and send what is due; returns how many calls were made. A job."""
    if finds(_events()):
        transaction(announce)()
    due = transaction(_claimed)() if finds(_waiting(clock.now())) else []
    for delivery_id in due:
        _send(delivery_id, send)
    return len(due)


def announce() -> int:
    """A delivery for every event of an order that has not been told, for each live address; returns how many."""
    rows = db.session.execute(_events().limit(AT_ONCE)).all()
    return sum(_announce(order, candidate) for order, candidate in rows)


def _events() -> Select[ApiOrder, Candidate]:
    homes = select(Webhook.organisation_id).where(Webhook.ended_at.is_(None))
    return (
        select(ApiOrder, Candidate)
        .join(Candidate, Candidate.id == ApiOrder.candidate_id)
        .where(ApiOrder.organisation_id.in_(homes), ApiOrder.told != EVENTS[-1], Candidate.started_at.is_not(None))
    )


def _announce(order: ApiOrder, candidate: Candidate) -> int:
    reached = EVENTS[: REACHED.get(orders.state(candidate), 0)]
    fresh = [event for event in reached if event not in AFTER[order.told]]
    hooks = select(Webhook).filter_by(organisation_id=order.organisation_id, ended_at=None)
    for hook in db.session.scalars(hooks):
        db.session.add_all(_delivery(hook, order, event) for event in fresh)
    order.told = reached[-1] if reached else order.told
    return len(fresh)


def _delivery(hook: Webhook, order: ApiOrder, event: str) -> WebhookDelivery:
    payload = {"event": event, "order": orders.described(order)}
    body = json.dumps(payload, ensure_ascii=False, default=lambda moment: moment.isoformat())
    return WebhookDelivery(
        organisation_id=order.organisation_id, webhook_id=hook.id, order_id=order.id, event=event, body=body
    )


def put_off(row: WebhookDelivery | PartnerCallback | LeverOpportunity, now: datetime) -> None:
    """Count a try of a row that is claimed, and put the next one off for longer than a call takes."""
    row.tries += 1
    row.due_at = now + timedelta(seconds=PAUSES[min(row.tries, len(PAUSES)) - 1])


def is_due(row: type[WebhookDelivery | PartnerCallback | LeverOpportunity], now: datetime) -> ColumnElement[bool]:
    """Its time has come; what was not tried yet waits for no time, whatever the clock said when it was written."""
    return or_(row.due_at <= now, row.tries == 0)


def _claimed() -> list[int]:
    """Deliveries that are due, each put off for longer than a call takes, so that no other process sends it too."""
    now = clock.now()
    waiting = _waiting(now).order_by(WebhookDelivery.id).limit(AT_ONCE)
    rows = db.session.scalars(waiting.with_for_update(skip_locked=True)).all()
    for row in rows:
        put_off(row, now)
    return [row.id for row in rows]


def _waiting(now: datetime) -> Select[WebhookDelivery]:
    due = select(WebhookDelivery).join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
    return due.where(
        WebhookDelivery.delivered_at.is_(None),
        is_due(WebhookDelivery, now),
        WebhookDelivery.tries <= len(PAUSES),
        Webhook.ended_at.is_(None),
    )


def _send(delivery_id: int, send: Send) -> None:
    row = db.session.get_one(WebhookDelivery, delivery_id)
    hook = db.session.get_one(Webhook, row.webhook_id)
    url, body, secret = hook.url, row.body, unseal(hook.secret) or ""
    db.session.rollback()
    answer, error = _try(send, url, body, secret)
    transaction(_note)(delivery_id, answer, error)


def _try(send: Send, url: str, body: str, secret: str) -> tuple[int | None, str]:
    try:
        return send(url, body, secret, int(clock.now().timestamp()), _inside()), ""
    except (calls.AddressRefused, *calls.NO_ANSWER) as error:
        return None, (str(error) or type(error).__name__)[:200]


def _note(delivery_id: int, answer: int | None, error: str) -> None:
    row = db.session.get_one(WebhookDelivery, delivery_id)
    row.answer, row.error = answer, error
    if answer is not None and 200 <= answer < 300:
        row.delivered_at = clock.now()


def again(row: WebhookDelivery) -> None:
    """Have a delivery that was given up tried anew. The caller commits."""
    row.tries, row.due_at = 0, clock.now()


def _inside() -> bool:
    return bool(current_app.config["HMUT_WEBHOOKS_INSIDE"])
