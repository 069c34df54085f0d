"""Lever's candidates on their way: asked about, ordered, noted. No transaction is open while Lever is spoken to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Select, and_, or_, select, update
from werkzeug.exceptions import HTTPException

from lms import clock
from lms.api import calls, lever, order_results, orders, tokens
from lms.api.models import LEVER_STEPS, ApiOrder, ApiToken, LeverLink, LeverOpportunity
from lms.api.webhooks import AT_ONCE, PAUSES, is_due, put_off
from lms.campaigns import Candidate
from lms.database import db
from lms.database.transaction import finds, transaction
from lms.identity.sealing import seal, unseal
from lms.identity.tenant_guard import UNSCOPED

_log = structlog.get_logger("hmut.api")
SCOPES = ["orders:write", "results:read"]


@dataclass(frozen=True)
class PartnerWork:
    """One call to Lever: for a step that is to be told, or "" to ask who the opportunity is."""

    row: int
    opportunity: str
    key: str
    step: str
    note: str


def add_link(organisation_id: int, stage: str, signing: str, api_key: str, made_by: int) -> LeverLink:
    """A link with a token of its own that nobody is shown. The caller commits."""
    token, _shown_to_nobody = tokens.make(organisation_id, "Lever", SCOPES, made_by)
    db.session.flush()
    sealed = {"signing": seal(signing), "api_key": seal(api_key)}
    row = LeverLink(organisation_id=organisation_id, token_id=token.id, stage=stage, created_by=made_by, **sealed)
    db.session.add(row)
    return row


def take(link: LeverLink, event: dict[str, Any]) -> None:
    """An event of Lever's, whose signature holds. One that came before is asked about again, unless it is an order
    already. The caller commits."""
    opportunity = lever.moved(event)
    if opportunity is None:
        return
    mine = select(LeverOpportunity).filter_by(
        organisation_id=link.organisation_id, link_id=link.id, opportunity=opportunity
    )
    row = db.session.scalar(mine)
    if row is None:
        row = LeverOpportunity(organisation_id=link.organisation_id, link_id=link.id, opportunity=opportunity)
        db.session.add(row)
    elif row.order_id is None:
        row.due_at, row.tries = clock.now(), 0


def live_link(link_id: int) -> LeverLink | None:
    """The link, unless it or the token that it orders by was ended. Its signature says whose it is."""
    alive = LeverLink.ended_at.is_(None), ApiToken.revoked_at.is_(None)
    link = select(LeverLink).join(ApiToken, ApiToken.id == LeverLink.token_id).where(LeverLink.id == link_id, *alive)
    return db.session.scalar(link, execution_options=UNSCOPED)


def end_token(link: LeverLink) -> None:
    """No orders in its name any more. The caller commits."""
    mine = ApiToken.id == link.token_id, ApiToken.organisation_id == link.organisation_id
    db.session.execute(update(ApiToken).where(*mine, ApiToken.revoked_at.is_(None)).values(revoked_at=clock.now()))


def work_due(exchange: lever.Exchange = calls.exchange) -> int:
    """Ask Lever about those who came, tell it of those who went on; returns how many calls were made. A job."""
    due = transaction(_claimed)() if finds(_due(clock.now())) else []
    for work in due:
        _do(work, exchange)
    return len(due)


def _claimed() -> list[PartnerWork]:
    """What is due, each put off for longer than a call takes, so that no other process does it too."""
    now, claimed = clock.now(), []
    waiting = _due(now).order_by(LeverOpportunity.id).limit(AT_ONCE)
    locked = waiting.with_for_update(skip_locked=True, of=LeverOpportunity)
    for row, link, order, candidate in db.session.execute(locked).all():
        put_off(row, now)
        step = _step(candidate) if order else ""
        text = _summary(order) if step == LEVER_STEPS[-1] else ""
        claimed.append(PartnerWork(row.id, row.opportunity, unseal(link.api_key) or "", step, text))
    return claimed


def _due(now: datetime) -> Select[LeverOpportunity, LeverLink, ApiOrder, Candidate]:
    """Opportunities of which Lever is to be asked, or to be told something new, with link, order and candidate."""
    behind = or_(
        LeverOpportunity.order_id.is_(None),
        LeverOpportunity.told == "",
        and_(LeverOpportunity.told == LEVER_STEPS[0], Candidate.started_at.is_not(None)),
        and_(LeverOpportunity.told != LEVER_STEPS[-1], Candidate.finished_at.is_not(None)),
    )
    return (
        select(LeverOpportunity, LeverLink, ApiOrder, Candidate)
        .join(LeverLink, LeverLink.id == LeverOpportunity.link_id)
        .join(ApiToken, ApiToken.id == LeverLink.token_id)
        .outerjoin(ApiOrder, ApiOrder.id == LeverOpportunity.order_id)
        .outerjoin(Candidate, Candidate.id == ApiOrder.candidate_id)
        .where(LeverLink.ended_at.is_(None), ApiToken.revoked_at.is_(None), behind)
        .where(is_due(LeverOpportunity, now), LeverOpportunity.tries <= len(PAUSES))
    )


def _step(candidate: Candidate) -> str:
    """How far the candidate is, in the words of LEVER_STEPS."""
    return LEVER_STEPS[2] if candidate.finished_at else LEVER_STEPS[1] if candidate.started_at else LEVER_STEPS[0]


def _summary(order: ApiOrder) -> str:
    """The note that Lever keeps: what came out, with its interval, and where a person reads more."""
    result = order_results.result(order)
    return f"Hmut: {order_results.sentence(result)} {result['result_url']}"


def _do(work: PartnerWork, exchange: lever.Exchange) -> None:
    """The call, and what it came to."""
    try:
        if not work.step:
            answer, applicant = lever.read(work.opportunity, work.key, exchange)
            transaction(_note)(work, answer, "", applicant)
            return
        write, text = (lever.note, work.note) if work.note else (lever.tag, f"hmut: {work.step}")
        transaction(_note)(work, write(work.opportunity, work.key, text, exchange), "")
    except (lever.UnreadableReply, calls.AddressRefused, *calls.NO_ANSWER) as error:
        transaction(_note)(work, None, str(error) or type(error).__name__)


def _note(work: PartnerWork, answer: int | None, error: str, applicant: lever.LeverApplicant | None = None) -> None:
    row = db.session.get_one(LeverOpportunity, work.row)
    row.answer, row.error = answer, error[:200]
    if answer is None or not 200 <= answer < 300:
        return
    row.tries = 0
    if work.step:
        row.told, row.due_at = work.step, clock.now()
    elif applicant:
        _order(row, applicant)


def _order(row: LeverOpportunity, applicant: lever.LeverApplicant) -> None:
    """An order for whoever is at our stage and bears the tag of an open campaign; of others nothing is kept."""
    link = db.session.get_one(LeverLink, row.link_id)
    token = db.session.get_one(ApiToken, link.token_id)
    ours = {str(each.id): each for each in orders.open_campaigns(row.organisation_id)}
    package = next((name for name in applicant.packages if name in ours), None)
    if package is None or applicant.stage.strip().lower() != link.stage.lower():
        db.session.delete(row)
        return
    person = {"name": applicant.name, "email": applicant.email, "language": ours[package].languages[0]}
    wanted = {"package": package, "candidate": person | {"external_id": row.opportunity}}
    try:
        with db.session.begin_nested():
            row.order_id = orders.place(token, f"lever:{row.opportunity}:{package}", wanted).order.id
        row.due_at = clock.now()
    except HTTPException as refused:
        row.error, row.tries = (refused.description or refused.name)[:200], len(PAUSES) + 1
        _log.warning("Lever's candidate was not ordered", link=link.id, reason=row.error)
