"""The role that a campaign holds its candidates against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from sqlalchemy import select

from lms import evidence
from lms.campaigns import Campaign, Candidate
from lms.competency import role_profiles
from lms.database import db
from lms.psychometrics.profile import RoleProfile


def role_of(campaign: Campaign) -> RoleProfile:
    """The role as it stood when the campaign opened; as it stands today where nothing was kept."""
    roles = {
        each.name: campaign.role_data[each.name] for each in fields(RoleProfile) if each.name in campaign.role_data
    }
    if {"required", "weights", "critical"} <= roles.keys():
        return RoleProfile(**roles)
    return role_profiles(evidence.framework(campaign.organisation_id))[campaign.role]


def role_name(campaign_id: int) -> str:
    """Under which the standings of a campaign's candidates are kept."""
    return f"campaign:{campaign_id}"


def roles_of_candidates(organisation_id: int, people: Sequence[int]) -> dict[int, dict[str, RoleProfile]]:
    """What `hiring.standings` asks: of these people the candidates, each with the role of the campaign."""
    theirs = select(Candidate.person_id, Campaign).join(Campaign, Campaign.id == Candidate.campaign_id)
    rows = db.session.execute(
        theirs.where(Candidate.organisation_id == organisation_id, Candidate.person_id.in_(people))
    ).all()
    roles = {campaign.id: {role_name(campaign.id): role_of(campaign)} for campaign in {row[1] for row in rows}}
    return {person: roles[campaign.id] for person, campaign in rows}
