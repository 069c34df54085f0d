"""Named groups to hold a candidate against: everybody who finished chosen campaigns of one role in one language.

A place in a group is an interval, as the candidate's own figure is one, and nothing is said of groups under thirty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from lms.campaigns import Campaign
from lms.config import LANGUAGES
from lms.database import db
from lms.selection.campaign_role import role_of
from lms.selection.comparison import CandidateRow, intervals
from lms.selection.models import NormGroup

LEAST = 30  # people of a group, below which nothing is shown
MOST_CAMPAIGNS, MOST_GROUPS, LONGEST = 50, 50, 80


@dataclass(frozen=True)
class NormPlace:
    """Of 100 people of the group, so many at least and at most stand below the candidate; people: the group's n."""

    group: NormGroup
    people: int
    low: int
    high: int


def alike(campaign: Campaign) -> list[Campaign]:
    """The organisation's campaigns whose candidates were held against the same role, newest first."""
    ours = select(Campaign).filter_by(organisation_id=campaign.organisation_id, role=campaign.role, preview_of=None)
    rows = db.session.scalars(ours.where(Campaign.deleted_at.is_(None)).order_by(Campaign.id.desc()).limit(200))
    role, cuts = role_of(campaign), campaign.role_data.get("cuts")
    return [each for each in rows if role_of(each) == role and each.role_data.get("cuts") == cuts]


def groups_of(campaign: Campaign) -> list[NormGroup]:
    """Those of the organisation whose campaigns are of this one's role."""
    ours = select(NormGroup).filter_by(organisation_id=campaign.organisation_id).order_by(NormGroup.name)
    same = {each.id for each in alike(campaign)}
    return [group for group in db.session.scalars(ours) if set(group.campaigns) <= same]


def make(campaign: Campaign, name: str, language: str, campaigns: Sequence[int], by: int) -> NormGroup:
    """A new group. ValueError where name, language or campaigns are none that may be, or the name is taken. The caller
    commits."""
    name, same = " ".join(name.split())[:LONGEST], {each.id for each in alike(campaign)}
    ours = select(NormGroup).filter_by(organisation_id=campaign.organisation_id)
    there = db.session.scalars(ours).all()
    wrong = not name or language not in LANGUAGES or not campaigns or not set(campaigns) <= same
    if wrong or len(campaigns) > MOST_CAMPAIGNS or len(there) >= MOST_GROUPS or name in {each.name for each in there}:
        raise ValueError("name, language or campaigns")
    group = NormGroup(organisation_id=campaign.organisation_id, name=name, language=language, created_by=by)
    group.campaigns = sorted(set(campaigns))
    db.session.add(group)
    return group


def people_of(group: NormGroup, campaigns: Sequence[Campaign]) -> list[float]:
    """The middle of each member's interval, on the scale of the role."""
    mine = [each for each in campaigns if each.id in group.campaigns]
    return [(low + high) / 2 for each in mine for low, high in intervals(each, group.language)]


def places(campaign: Campaign, row: CandidateRow) -> list[NormPlace]:
    """Where the candidate stands in each group of the language that they sat in, of those that are large enough."""
    if not row.ranks:
        return []
    campaigns = alike(campaign)
    compared = [(group, people_of(group, campaigns)) for group in groups_of(campaign) if group.language == row.language]
    return [
        NormPlace(group, len(people), *place(people, row.gap.low, row.gap.high))
        for group, people in compared
        if len(people) >= LEAST
    ]


def place(people: Sequence[float], low: float, high: float) -> tuple[int, int]:
    """Of 100: how many surely stand below the interval, and how many at most."""
    least, most = (sum(value < low for value in people), sum(value <= high for value in people))
    return round(100 * least / len(people)), round(100 * most / len(people))
