"""The room's blueprint, and loading through the viewer's organisation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint
from sqlalchemy import Select, select

from lms import evidence
from lms.campaigns.models import Campaign, Candidate
from lms.competency import Framework
from lms.database import one_or_404
from lms.identity.access import current_person, needs
from lms.web.i18n import date

bp = Blueprint("campaigns", __name__)
bp.add_app_template_filter(lambda text: date(datetime.fromisoformat(text)), "day_of_iso")
hr = needs("hr")


def own_campaign(campaign_id: int) -> Campaign:
    """A campaign of the viewer's organisation, or 404; none that only tries another out, none whose data are gone."""
    statement = own_campaigns().where(Campaign.id == campaign_id, Campaign.deleted_at.is_(None))
    campaign: Campaign = one_or_404(statement)
    return campaign


def own_campaigns() -> Select[Any]:
    ours = Campaign.organisation_id == current_person.organisation_id
    return select(Campaign).where(ours, Campaign.preview_of.is_(None))


def own_candidate(campaign: Campaign, candidate_id: int) -> Candidate:
    candidate: Candidate = one_or_404(candidates_of(campaign).where(Candidate.id == candidate_id))
    return candidate


def candidates_of(campaign: Campaign) -> Select[Any]:
    return select(Candidate).where(
        Candidate.organisation_id == campaign.organisation_id, Candidate.campaign_id == campaign.id
    )


def own_framework() -> Framework:
    return evidence.framework(current_person.organisation_id)
