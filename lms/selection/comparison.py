"""Candidates of a campaign beside one another: what the answers leave open, never a false order.

Ranks are among people who sat in the same language: until the two are shown to be equivalent, a difference between
them may be the test's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Literal

from sqlalchemy import Select, func, select

from lms import evidence
from lms.campaigns import Campaign, Candidate
from lms.competency import MatrixStatement, role_profiles, state_matrix
from lms.database import db
from lms.hiring.comparison import is_ranked
from lms.psychometrics.matrix import Matrix
from lms.psychometrics.profile import RoleGap, RoleProfile, role_gap
from lms.psychometrics.ranking import rank_ranges

PAGE = 50
MOST = 2000  # finished candidates of a campaign that are put in order
DECIDED = ("hired", "rejected", "withdrawn")
Band = Literal["meets", "borderline", "below", "unknown"]
BANDS: Mapping[str, Band] = {"met": "meets", "inconclusive": "borderline", "not_met": "below"}


@dataclass(frozen=True)
class Row:
    """One candidate against the role. ranks: best and worst rank that the answers leave open among those who sat in
    the same language, None where too little is assessed; answers: how many count; name: hidden in a blind campaign
    until a decision is made ("" then)."""

    candidate: Candidate
    name: str
    matrix: Matrix
    gap: RoleGap
    ranks: tuple[int, int] | None
    language: str
    answers: int

    @property
    def band(self) -> Band:
        return BANDS[self.gap.outcome] if self.ranks else "unknown"

    @property
    def statement(self) -> MatrixStatement:
        return state_matrix(self.matrix)


@dataclass(frozen=True)
class Asked:
    """Filters: "" for any. order: "estimate" or "name"."""

    stage: str = ""
    band: str = ""
    language: str = ""
    order: str = "estimate"
    page: int = 1


@dataclass(frozen=True)
class Comparison:
    """rows: of this page; first: everybody of whom the answers leave open that nobody is ahead, by language; counts: of
    bands over all finished; unfinished: candidates without a result yet."""

    rows: tuple[Row, ...]
    number: int
    pages: int
    found: int
    first: tuple[Row, ...]
    counts: Mapping[str, int]
    unfinished: int


def role_of(campaign: Campaign) -> RoleProfile:
    """The role as it stood when the campaign opened; as it stands today where nothing was kept."""
    known = {
        each.name: campaign.role_data[each.name] for each in fields(RoleProfile) if each.name in campaign.role_data
    }
    if {"required", "weights", "critical"} <= known.keys():
        return RoleProfile(**known)
    return role_profiles(evidence.framework(campaign.organisation_id))[campaign.role]


def compare(campaign: Campaign, asked: Asked) -> Comparison:
    rows = ranked(campaign, finished(campaign))
    wanted = [row for row in rows if _fits(row, asked)]
    if asked.order == "name":
        wanted.sort(key=lambda row: (row.name, row.candidate.id))
    pages = max(1, -(-len(wanted) // PAGE))
    number = min(max(asked.page, 1), pages)
    counted = {band: sum(row.band == band for row in rows) for band in ("meets", "borderline", "below", "unknown")}
    first = tuple(row for row in rows if row.ranks and row.ranks[0] == 1 and row.band != "below")
    shown = tuple(wanted[(number - 1) * PAGE : number * PAGE])
    return Comparison(shown, number, pages, len(wanted), first, counted, _unfinished(campaign))


def finished(campaign: Campaign) -> Sequence[Candidate]:
    """Candidates whose test has ended, oldest first, at most MOST."""
    return db.session.scalars(_ours(campaign).where(Candidate.finished_at.is_not(None)).limit(MOST)).all()


def ranked(campaign: Campaign, candidates: Sequence[Candidate]) -> list[Row]:
    """Rows by falling estimate, those of whom too little is known last."""
    role, matrices = role_of(campaign), evidence.matrices_of([each.person_id for each in candidates])
    gaps = {each.id: role_gap(matrices[each.person_id], role) for each in candidates}
    ranks = _ranks(candidates, gaps)
    rows = [
        Row(
            candidate=each,
            name=shown_name(campaign, each),
            matrix=matrices[each.person_id],
            gap=gaps[each.id],
            ranks=ranks.get(each.id),
            language=language_of(each),
            answers=sum(matrices[each.person_id].cells[skill].n for skill in role.required),
        )
        for each in candidates
    ]
    return sorted(rows, key=lambda row: (row.ranks is None, -(row.gap.composite or 0.0), row.candidate.id))


def _ranks(candidates: Sequence[Candidate], gaps: Mapping[int, RoleGap]) -> dict[int, tuple[int, int]]:
    found: dict[int, tuple[int, int]] = {}
    for language in {language_of(each) for each in candidates}:
        same = [each.id for each in candidates if language_of(each) == language and is_ranked(gaps[each.id])]
        found |= rank_ranges({key: (gaps[key].low, gaps[key].high) for key in same})
    return found


def language_of(candidate: Candidate) -> str:
    """The language in which the candidate agreed and began."""
    return candidate.consent_language or candidate.language


def shown_name(campaign: Campaign, candidate: Candidate) -> str:
    """ "" while a blind campaign hides it: until something is decided about the candidate."""
    return "" if campaign.blind and candidate.stage == "assessment" else candidate.name


def _fits(row: Row, asked: Asked) -> bool:
    wanted = ((asked.stage, row.candidate.stage), (asked.band, row.band), (asked.language, row.language))
    return all(not word or word == value for word, value in wanted)


def _ours(campaign: Campaign) -> Select[Candidate]:
    ours = select(Candidate).filter_by(organisation_id=campaign.organisation_id, campaign_id=campaign.id)
    return ours.where(Candidate.revoked_at.is_(None) | Candidate.finished_at.is_not(None)).order_by(Candidate.id)


def _unfinished(campaign: Campaign) -> int:
    going = _ours(campaign).where(Candidate.finished_at.is_(None), Candidate.stage == "assessment")
    return db.session.scalar(going.with_only_columns(func.count(Candidate.id)).order_by(None)) or 0
