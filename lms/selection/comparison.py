"""Candidates of a campaign beside one another: what the answers leave open, never a false order.

Ranks are among people who sat in the same language: until the two are shown to be equivalent, a difference between
them may be the test's own. The order, the counts and the ranks come from stored standings; only what a page shows is
computed in full.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from lms.campaigns import Campaign, Candidate
from lms.database import db
from lms.hiring.comparison import AgainstRole, Ranks, hold, ranks_among
from lms.hiring.models import Standing
from lms.hiring.standings import AT_ONCE, bring_up_to_date
from lms.selection.campaign_role import role_of
from lms.selection.candidate_list import (
    BANDS,
    HAS_RESULT,
    Band,
    ComparisonQuery,
    counts_of,
    first_of,
    listed,
    own_candidates,
    ranked_candidates,
    spoken,
    unfinished_count,
)

PAGE = 50
MOST = 2000  # finished candidates of a campaign in one table for spreadsheets
DECIDED = ("hired", "rejected", "withdrawn")


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
class Comparison:
    """rows: of this page; first: (candidate, name) of those of whom the answers leave open that nobody is ahead, within
    each language; unnamed: so many more; counts: of bands over all finished; unfinished: candidates without a result
    yet; behind: order and ranks of some follow within a minute (the figures of the rows are of today)."""

    rows: tuple[CandidateRow, ...]
    number: int
    pages: int
    matches: int
    first: tuple[tuple[Candidate, str], ...]
    unnamed: int
    counts: Mapping[str, int]
    unfinished: int
    behind: bool = False


def refresh(campaign: Campaign) -> bool:
    """Bring the candidates' standings up to date, for a page that only reads; whether some are left for the job."""
    people = own_candidates(campaign).with_only_columns(Candidate.person_id).order_by(None)
    return bring_up_to_date(campaign.organisation_id, AT_ONCE, people) > 0


def compare(campaign: Campaign, query: ComparisonQuery) -> Comparison:
    """One page; its cost does not grow with the candidates."""
    behind, candidates = refresh(campaign), listed(campaign, query)
    count = db.session.scalar(select(func.count()).select_from(candidates.order_by(None).subquery())) or 0
    pages = max(1, -(-count // PAGE))
    number = min(max(query.page, 1), pages)
    shown = db.session.scalars(candidates.offset((number - 1) * PAGE).limit(PAGE)).all()
    first, unnamed = first_of(campaign)
    return Comparison(
        rows=tuple(_rows(campaign, shown)),
        number=number,
        pages=pages,
        matches=count,
        first=tuple((each, shown_name(campaign, each)) for each in first),
        unnamed=unnamed,
        counts=counts_of(campaign),
        unfinished=unfinished_count(campaign),
        behind=behind,
    )


def finished(campaign: Campaign) -> Sequence[Candidate]:
    """Candidates whose test has ended once, oldest first, at most MOST."""
    return db.session.scalars(own_candidates(campaign).where(HAS_RESULT).limit(MOST)).all()


def ranked(campaign: Campaign, candidates: Sequence[Candidate]) -> list[CandidateRow]:
    """Rows by falling estimate, those of whom too little is known last."""
    rows = _rows(campaign, candidates)
    return sorted(rows, key=lambda row: (row.ranks is None, -(row.gap.composite or 0.0), row.candidate.id))


def _rows(campaign: Campaign, candidates: Sequence[Candidate]) -> list[CandidateRow]:
    """In the order given: figures in full, ranks among all who finished."""
    role = role_of(campaign)
    figures = hold([each.person_id for each in candidates], role)
    ranks = _ranks(campaign, candidates, figures)
    return [
        CandidateRow(
            matrix=figures[each.person_id].matrix,
            gap=figures[each.person_id].gap,
            candidate=each,
            name=shown_name(campaign, each),
            ranks=ranks.get(each.id),
            language=language_of(each),
            answers=sum(figures[each.person_id].matrix.cells[skill].n for skill in role.required),
        )
        for each in candidates
    ]


def _ranks(campaign: Campaign, candidates: Sequence[Candidate], figures: Mapping[int, AgainstRole]) -> dict[int, Ranks]:
    ranks: dict[int, Ranks] = {}
    for language in {language_of(each) for each in candidates}:
        same = {each.id: figures[each.person_id].gap for each in candidates if language_of(each) == language}
        ranks |= ranks_among(intervals(campaign, language), same)
    return ranks


def intervals(campaign: Campaign, language: str) -> list[tuple[float, float]]:
    """Of all who finished in the language and of whom enough is known."""
    rows = db.session.execute(
        ranked_candidates(campaign).with_only_columns(Standing.low, Standing.high).where(spoken() == language)
    )
    return [(row.low, row.high) for row in rows]


def language_of(candidate: Candidate) -> str:
    """The language in which the candidate agreed and began."""
    return candidate.consent_language or candidate.language


def shown_name(campaign: Campaign, candidate: Candidate) -> str:
    """ "" while a blind campaign hides it: until something is decided about the candidate."""
    return "" if campaign.blind and candidate.stage == "assessment" else candidate.name
