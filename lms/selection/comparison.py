"""Candidates of a campaign beside one another: what the answers leave open, never a false order.

Ranks are among people who sat in the same language: until the two are shown to be equivalent, a difference between
them may be the test's own. The order, the counts and the ranks come from stored standings; only what a page shows is
computed in full.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Literal

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from lms import evidence
from lms.campaigns import Campaign, Candidate
from lms.competency import role_profiles
from lms.database import db
from lms.hiring.comparison import AgainstRole, Ranks, hold, ranks_among
from lms.hiring.models import Standing
from lms.hiring.standings import AT_ONCE, bring_up_to_date
from lms.psychometrics.profile import RoleProfile

PAGE = 50
MOST = 2000  # finished candidates of a campaign in one table for spreadsheets
NAMED = 12  # of those who may be first
DECIDED = ("hired", "rejected", "withdrawn")
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
class CandidateRow(AgainstRole):
    """One candidate against the role. ranks: best and worst rank that the answers leave open among those who sat in
    the same language, None where too little is assessed; answers: how many count; name: hidden in a blind campaign
    until a decision is made ("" then)."""

    candidate: Candidate
    name: str
    ranks: Ranks | None
    language: str
    answers: int

    @property
    def band(self) -> Band:
        return BANDS[self.gap.outcome] if self.ranks else "unknown"


@dataclass(frozen=True)
class ComparisonQuery:
    """Filters: "" for any. order: "estimate" or "name"."""

    stage: str = ""
    band: str = ""
    language: str = ""
    order: str = "estimate"
    page: int = 1


@dataclass(frozen=True)
class Comparison:
    """rows: of this page; first: (candidate, name) of some of whom the answers leave open that nobody is ahead, within
    each language; counts: of bands over all finished; unfinished: candidates without a result yet; behind: order and
    ranks of some follow within a minute (the figures of the rows are of today)."""

    rows: tuple[CandidateRow, ...]
    number: int
    pages: int
    found: int
    first: tuple[tuple[Candidate, str], ...]
    counts: Mapping[str, int]
    unfinished: int
    behind: bool = False


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


def refresh(campaign: Campaign) -> bool:
    """Bring the candidates' standings up to date, for a page that only reads; whether some are left for the job."""
    people = _ours(campaign).with_only_columns(Candidate.person_id).order_by(None)
    return bring_up_to_date(campaign.organisation_id, AT_ONCE, people) > 0


def compare(campaign: Campaign, asked: ComparisonQuery) -> Comparison:
    """One page; its cost does not grow with the candidates."""
    behind, listed = refresh(campaign), _listed(campaign, asked)
    count = db.session.scalar(select(func.count()).select_from(listed.order_by(None).subquery())) or 0
    pages = max(1, -(-count // PAGE))
    number = min(max(asked.page, 1), pages)
    shown = db.session.scalars(listed.offset((number - 1) * PAGE).limit(PAGE)).all()
    return Comparison(
        rows=tuple(_rows(campaign, shown)),
        number=number,
        pages=pages,
        found=count,
        first=tuple((each, shown_name(campaign, each)) for each in _first(campaign)),
        counts=_counts(campaign),
        unfinished=_unfinished(campaign),
        behind=behind,
    )


def finished(campaign: Campaign) -> Sequence[Candidate]:
    """Candidates whose test has ended once, oldest first, at most MOST."""
    return db.session.scalars(_ours(campaign).where(HAS_RESULT).limit(MOST)).all()


def ranked(campaign: Campaign, candidates: Sequence[Candidate]) -> list[CandidateRow]:
    """Rows by falling estimate, those of whom too little is known last."""
    rows = _rows(campaign, candidates)
    return sorted(rows, key=lambda row: (row.ranks is None, -(row.gap.composite or 0.0), row.candidate.id))


def _rows(campaign: Campaign, candidates: Sequence[Candidate]) -> list[CandidateRow]:
    """In the order given: figures in full, ranks among all who finished."""
    role = role_of(campaign)
    held = hold([each.person_id for each in candidates], role)
    ranks = _ranks(campaign, candidates, held)
    return [
        CandidateRow(
            matrix=held[each.person_id].matrix,
            gap=held[each.person_id].gap,
            candidate=each,
            name=shown_name(campaign, each),
            ranks=ranks.get(each.id),
            language=language_of(each),
            answers=sum(held[each.person_id].matrix.cells[skill].n for skill in role.required),
        )
        for each in candidates
    ]


def _ranks(campaign: Campaign, candidates: Sequence[Candidate], held: Mapping[int, AgainstRole]) -> dict[int, Ranks]:
    ranks: dict[int, Ranks] = {}
    for language in {language_of(each) for each in candidates}:
        same = {each.id: held[each.person_id].gap for each in candidates if language_of(each) == language}
        ranks |= ranks_among(intervals(campaign, language), same)
    return ranks


def intervals(campaign: Campaign, language: str) -> list[tuple[float, float]]:
    """Of all who finished in the language and of whom enough is known."""
    rows = db.session.execute(
        _ranked(campaign).with_only_columns(Standing.low, Standing.high).where(spoken() == language)
    )
    return [(row.low, row.high) for row in rows]


def language_of(candidate: Candidate) -> str:
    """The language in which the candidate agreed and began."""
    return candidate.consent_language or candidate.language


def spoken() -> ColumnElement[str]:
    """`language_of` as the database says it."""
    return func.coalesce(func.nullif(Candidate.consent_language, ""), Candidate.language)


def shown_name(campaign: Campaign, candidate: Candidate) -> str:
    """ "" while a blind campaign hides it: until something is decided about the candidate."""
    return "" if campaign.blind and candidate.stage == "assessment" else candidate.name


def _listed(campaign: Campaign, asked: ComparisonQuery) -> Select[Candidate]:
    """Everybody who finished and fits the filters, in order."""
    wanted = ((asked.stage, Candidate.stage), (asked.band, BAND), (asked.language, spoken()))
    candidates = _with_standings(campaign).where(*(column == word for word, column in wanted if word))
    if asked.order == "name":
        hidden = case((Candidate.stage == "assessment", ""), else_=Candidate.name)
        return candidates.order_by(hidden if campaign.blind else Candidate.name, Candidate.id)
    unranked = case((Standing.ranked.is_(True), 0), else_=1)
    return candidates.order_by(unranked, Standing.composite.desc(), Candidate.id)


def _with_standings(campaign: Campaign) -> Select[Candidate]:
    mine = and_(Standing.person_id == Candidate.person_id, Standing.role == role_name(campaign.id))
    ours = and_(mine, Standing.organisation_id == campaign.organisation_id)
    return _ours(campaign).order_by(None).where(HAS_RESULT).outerjoin(Standing, ours)


def _ranked(campaign: Campaign) -> Select[Candidate]:
    return _with_standings(campaign).where(Standing.ranked.is_(True))


def _first(campaign: Campaign) -> Sequence[Candidate]:
    """Those not below the role before whom, within their language, nobody surely stands."""
    group = spoken()  # one and the same: PostgreSQL takes two, each with a parameter of its own, for two things
    highest = _ranked(campaign).with_only_columns(group, func.max(Standing.low)).group_by(group)
    tops = [and_(spoken() == language, Standing.high >= low) for language, low in db.session.execute(highest)]
    first = _ranked(campaign).where(Standing.outcome != "not_met", or_(*tops)) if tops else None
    if first is None:
        return ()
    return db.session.scalars(first.order_by(Standing.composite.desc(), Candidate.id).limit(NAMED)).all()


def _counts(campaign: Campaign) -> dict[str, int]:
    counted = _with_standings(campaign).with_only_columns(BAND.label("band"), func.count(Candidate.id)).group_by("band")
    counts = dict.fromkeys(("meets", "borderline", "below", "unknown"), 0)
    return counts | {row[0]: row[1] for row in db.session.execute(counted)}


def _ours(campaign: Campaign) -> Select[Candidate]:
    ours = select(Candidate).filter_by(organisation_id=campaign.organisation_id, campaign_id=campaign.id)
    return ours.where(Candidate.revoked_at.is_(None) | HAS_RESULT).order_by(Candidate.id)


def _unfinished(campaign: Campaign) -> int:
    going = _ours(campaign).where(~HAS_RESULT, Candidate.stage == "assessment")
    return db.session.scalar(going.with_only_columns(func.count(Candidate.id)).order_by(None)) or 0
