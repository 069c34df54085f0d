"""Loading through the viewer's organisation: anything of another house is not there."""

from __future__ import annotations

from sqlalchemy import select

from lms.campaigns import Campaign, Candidate
from lms.database import one_or_404
from lms.identity.access import current_person


def campaign_or_404(campaign_id: int, deleted: bool = False) -> Campaign:
    """deleted: also one whose data are gone."""
    ours = select(Campaign).filter_by(id=campaign_id, organisation_id=current_person.organisation_id)
    campaign: Campaign = one_or_404(ours if deleted else ours.where(Campaign.deleted_at.is_(None)))
    return campaign


def candidate_or_404(campaign: Campaign, candidate_id: int, lock: bool = False) -> Candidate:
    ours = select(Candidate).filter_by(
        id=candidate_id, campaign_id=campaign.id, organisation_id=campaign.organisation_id
    )
    candidate: Candidate = one_or_404(ours.with_for_update() if lock else ours)
    return candidate
