"""Which candidates of a campaign have a result, as the database lists and counts them by their standings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from lms.campaigns import Campaign, Candidate
from lms.database import db
from lms.hiring.models import Standing
from lms.selection.campaign_role import role_name

NAMED = 12  # of those who may be first


Band = Literal["meets", "borderline", "below", "unknown"]


BANDS: Mapping[str, Band] = {"met": "meets", "inconclusive": "borderline", "not_met": "below"}


BAND: ColumnElement[str] = case(
    (Standing.ranked.is_not(True), "unknown"),
    *((Standing.outcome == outcome, band) for outcome, band in BANDS.items()),
    else_="unknown",
)


# Whoever takes the test again keeps the answers of before, and so the place in the table.
HAS_RESULT: ColumnElement[bool] = or_(Candidate.finished_at.is_not(None), Candidate.retake > 0)


@dataclass(frozen=True)
class ComparisonQuery:
    """Filters: "" for any. order: "estimate" or "name"."""

    stage: str = ""
    band: str = ""
    language: str = ""
    order: str = "estimate"
    page: int = 1


def spoken() -> ColumnElement[str]:
    """`language_of` as the database says it."""
    return func.coalesce(func.nullif(Candidate.consent_language, ""), Candidate.language)


def listed(campaign: Campaign, query: ComparisonQuery) -> Select[Candidate]:
    """Everybody who finished and fits the filters, in order."""
    wanted = ((query.stage, Candidate.stage), (query.band, BAND), (query.language, spoken()))
    candidates = _with_standings(campaign).where(*(column == word for word, column in wanted if word))
    if query.order == "name":
        hidden = case((Candidate.stage == "assessment", ""), else_=Candidate.name)
        return candidates.order_by(hidden if campaign.blind else Candidate.name, Candidate.id)
    unranked = case((Standing.ranked.is_(True), 0), else_=1)
    return candidates.order_by(unranked, Standing.composite.desc(), Candidate.id)


def _with_standings(campaign: Campaign) -> Select[Candidate]:
    mine = and_(Standing.person_id == Candidate.person_id, Standing.role == role_name(campaign.id))
    ours = and_(mine, Standing.organisation_id == campaign.organisation_id)
    return own_candidates(campaign).order_by(None).where(HAS_RESULT).outerjoin(Standing, ours)


def ranked_candidates(campaign: Campaign) -> Select[Candidate]:
    return _with_standings(campaign).where(Standing.ranked.is_(True))


def first_of(campaign: Campaign) -> tuple[Sequence[Candidate], int]:
    """Those not below the role before whom, within their language, none of them surely stands: NAMED at most, and how
    many more."""
    able = ranked_candidates(campaign).where(Standing.outcome != "not_met")
    group = spoken()  # one and the same: PostgreSQL takes two, each with a parameter of its own, for two things
    highest = able.order_by(None).with_only_columns(group, func.max(Standing.low)).group_by(group)
    tops = [and_(spoken() == language, Standing.high >= low) for language, low in db.session.execute(highest)]
    if not tops:
        return (), 0
    first = able.where(or_(*tops))
    named = db.session.scalars(first.order_by(Standing.composite.desc(), Candidate.id).limit(NAMED)).all()
    return named, _count(first) - len(named)


def _count(candidates: Select[Candidate]) -> int:
    return db.session.scalar(candidates.with_only_columns(func.count(Candidate.id)).order_by(None)) or 0


def counts_of(campaign: Campaign) -> dict[str, int]:
    counted = _with_standings(campaign).with_only_columns(BAND.label("band"), func.count(Candidate.id)).group_by("band")
    counts = dict.fromkeys(("meets", "borderline", "below", "unknown"), 0)
    return counts | {row[0]: row[1] for row in db.session.execute(counted)}


def own_candidates(campaign: Campaign) -> Select[Candidate]:
    ours = select(Candidate).filter_by(organisation_id=campaign.organisation_id, campaign_id=campaign.id)
    return ours.where(Candidate.revoked_at.is_(None) | HAS_RESULT).order_by(Candidate.id)


def unfinished_count(campaign: Campaign) -> int:
    going = own_candidates(campaign).where(~HAS_RESULT, Candidate.stage == "assessment")
    return _count(going)
