"""The end of a campaign's data: on its date all that leads to a candidate goes, answers stay for statistics only."""

from __future__ import annotations

from collections import Counter
from datetime import date
from time import monotonic

from flask import current_app
from sqlalchemy import select

from lms import clock
from lms.campaigns import Campaign, Candidate
from lms.database import audit, db
from lms.database.transaction import read_transaction, transaction
from lms.identity.models import Person
from lms.privacy import erasure
from lms.privacy.holding import KEPT

PATIENCE = 3_600.0  # seconds from when a campaign is first seen to be due


def delete_due(patience: float = PATIENCE) -> int:
    """Delete what is due today and return of how many campaigns; a job, each campaign a transaction of its own. What is
    gone never comes back, so a campaign must have been due for so many seconds of this process: a clock that runs days
    ahead for a moment deletes nothing."""
    noticed: dict[int, float] = current_app.extensions.setdefault("deletions_noticed", {})
    with read_transaction():
        due, now = _due(clock.now().date()), monotonic()
    for campaign_id in [each for each in noticed if each not in due]:
        del noticed[campaign_id]
    ripe = [campaign_id for campaign_id in due if now - noticed.setdefault(campaign_id, now) >= patience]
    for campaign_id in ripe:
        transaction(_delete)(campaign_id)
    return len(ripe)


def _delete(campaign_id: int) -> dict[str, int]:
    return delete_data(db.session.get_one(Campaign, campaign_id), None)


def _due(today: date) -> list[int]:
    late = select(Campaign.id).where(Campaign.delete_on <= today, Campaign.deleted_at.is_(None))
    return list(db.session.scalars(late.order_by(Campaign.id).limit(20)))


def delete_data(campaign: Campaign, actor: int | None) -> dict[str, int]:
    """Erase every candidate of the campaign, their answers kept under numbers that nothing leads to; returns and keeps
    the rows that went, by kind. The caller commits."""
    ours = select(Candidate).filter_by(organisation_id=campaign.organisation_id, campaign_id=campaign.id)
    gone: Counter[str] = Counter()
    for person_id in [each.person_id for each in db.session.scalars(ours)]:
        person = db.session.get_one(Person, person_id)
        if not person.is_erased:
            gone.update(_anonymise(person, actor))
    campaign.deleted_at, campaign.deleted_what, campaign.open_link_hash = clock.now(), dict(gone), None
    audit.append_entry(campaign.organisation_id, actor, "campaign_deleted", campaign.id, gone=["", gone.total()])
    return dict(gone)


def _anonymise(person: Person, actor: int | None) -> dict[str, int]:
    report = erasure.carry_out(person, "anonymise", actor)
    gone = {line.name: line.count for line in report.before if report.fate(line) != KEPT}
    return gone | {"kept": sum(report.kept.values())}
