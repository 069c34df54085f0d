"""The candidacy that a signed-in person is, and the campaign that it belongs to."""

from __future__ import annotations

from flask import abort
from sqlalchemy import select

from lms.campaigns import Campaign, Candidate, candidate_of
from lms.database import one_or_404
from lms.identity.access import current_person


def own_candidacy() -> tuple[Candidate, Campaign]:
    """Of the person signed in; 404 for everybody who is no candidate and for one who was shut out."""
    candidate = candidate_of(current_person.id)
    if candidate is None or candidate.revoked_at or candidate.approved_at is None:
        abort(404)
    return candidate, campaign_of(candidate)


def campaign_of(candidate: Candidate) -> Campaign:
    """What the candidate was invited to; 404 once it is deleted."""
    ours = select(Campaign).filter_by(id=candidate.campaign_id, organisation_id=candidate.organisation_id)
    campaign: Campaign = one_or_404(ours.where(Campaign.deleted_at.is_(None)))
    return campaign
