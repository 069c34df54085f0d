"""Letters that go out by themselves some days before a campaign's end, to whoever has not finished: once each."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from sqlalchemy import Select, or_, select

from lms import clock
from lms.campaigns import letters
from lms.campaigns.candidacies import status_column
from lms.campaigns.models import Campaign, Candidate
from lms.database import db
from lms.database.transaction import read_transaction, transaction

BATCH = 20  # letters of one transaction
FRESH = timedelta(days=1)  # so long after an invitation, or a reminder by hand, nobody is reminded
UNDER_WAY = ("invited", "opened", "ready", "sitting")


def remind_due() -> int:
    """The job: how many letters were written."""
    with read_transaction():
        near = [campaign.id for campaign in db.session.scalars(_near_their_end()) if _is_due(campaign)]
    return sum(_remind(number) for number in near)


def _near_their_end() -> Select[Campaign]:
    now = clock.now()
    soon = Campaign.closes_at.between(now, now + timedelta(days=14))
    return select(Campaign).where(
        soon, Campaign.remind_days > 0, Campaign.opens_at <= now, Campaign.deleted_at.is_(None)
    )


def _is_due(campaign: Campaign) -> bool:
    return campaign.closes_at - clock.now() <= timedelta(days=campaign.remind_days)


def _remind(campaign_id: int) -> int:
    written = count = _remind_some(campaign_id)
    while count == BATCH:
        count = _remind_some(campaign_id)
        written += count
    return written


@transaction
def _remind_some(campaign_id: int) -> int:
    campaign = db.session.get_one(Campaign, campaign_id)
    since = campaign.closes_at - timedelta(days=campaign.remind_days)
    waiting = (
        select(Candidate)
        .where(Candidate.campaign_id == campaign_id, status_column().in_(UNDER_WAY))
        .where(Candidate.invited_at < clock.now() - FRESH)
        .where(or_(Candidate.reminded_at.is_(None), Candidate.reminded_at < since - FRESH))
        .order_by(Candidate.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    few = db.session.scalars(waiting).all()
    with current_app.test_request_context():  # for the language of each letter
        for candidate in few:
            letters.remind(campaign, candidate)
    return len(few)
