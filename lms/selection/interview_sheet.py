"""The scoring sheet of an interview: what each interviewer wrote down, and what of it becomes evidence.

Everybody scores for themselves before anything is shown to the others. When the sheets are closed, the mean of each
question becomes one answer of the candidate's evidence: it moves the estimate a little and opens no gate that asks for
work done, since an interview is told, not shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from sqlalchemy import select

from lms import clock, evidence
from lms.campaigns import Candidate
from lms.database import db
from lms.psychometrics.items import ItemParameters
from lms.selection.models import InterviewScore

SCORES = range(1, 6)
KIND = "interview"
# One answer rated 1 to 5 tells about as much as a question of middling slope. The steps lie at the levels that the
# anchors describe: one below what is asked, what is asked, one above. Expert expectation, not calibrated.
SLOPE, ERROR = 0.8, 0.5


@dataclass(frozen=True)
class InterviewSheet:
    """own_scores: the viewer's scores and notes by sub-competency; others: of everybody else, empty until the viewer
    has scored; closed: the sheets are evidence already."""

    own_scores: Mapping[str, InterviewScore]
    others: Mapping[str, Sequence[InterviewScore]]
    closed: bool


def sheet_of(candidate: Candidate, viewer: int) -> InterviewSheet:
    rows = _rows(candidate)
    scores = {row.sub: row for row in rows if row.scored_by == viewer}
    others = {row.sub: [each for each in rows if each.sub == row.sub and each.scored_by != viewer] for row in rows}
    return InterviewSheet(scores, others if scores else {}, is_closed(candidate))


def is_closed(candidate: Candidate) -> bool:
    rows = evidence.work_rows([candidate.person_id])
    return any(row.kind == KIND and row.work_id == candidate.id for row in rows)


def save(candidate: Candidate, viewer: int, scores: Mapping[str, tuple[int, str]]) -> int:
    """Keep the viewer's scores and notes by sub-competency; returns how many. ValueError for a score outside 1 to 5
    and once the sheets are closed. The caller commits."""
    if is_closed(candidate):
        raise ValueError("the sheets are closed")
    if bad := [sub for sub, (score, _note) in scores.items() if score not in SCORES]:
        raise ValueError(f"scores go from 1 to 5: {', '.join(bad)}")
    existing = {row.sub: row for row in _rows(candidate) if row.scored_by == viewer}
    for sub, (score, note) in scores.items():
        row = existing.get(sub) or _new(candidate, viewer, sub)
        row.score, row.note, row.at = score, note[:2000], clock.now()
    return len(scores)


def close(candidate: Candidate, required: Mapping[str, int], cuts: Sequence[float]) -> int:
    """Make the means evidence, once; returns of how many questions. required: the level that each question asks."""
    count, rows = 0, _rows(candidate)
    raters = len({row.scored_by for row in rows})
    for sub in {row.sub for row in rows} & required.keys():
        category = round(fmean(row.score for row in rows if row.sub == sub)) - 1
        unit = unit_for(required[sub], cuts)
        interview = evidence.WorkShown(f"{KIND} {sub}", candidate.id, KIND, unit, clock.now(), False, raters)
        count += evidence.record_work(candidate.person_id, interview, {sub: category})
    return count


def unit_for(required: int, cuts: Sequence[float]) -> ItemParameters:
    """Four steps between five scores: the levels below, at and above what is asked, the fourth half way between the
    last two. cuts: theta where levels 1, 2, … begin."""
    at = [_cut(level, cuts) for level in (required - 1, required, required + 1)]
    return ItemParameters(SLOPE, (at[0], at[1], (at[1] + at[2]) / 2, at[2]), 0.0, ERROR)


def _cut(level: int, cuts: Sequence[float]) -> float:
    """Theta where the level begins, with one more level of the same width beyond either end."""
    if level < 1:
        return cuts[0] - (cuts[1] - cuts[0])
    if level > len(cuts):
        return cuts[-1] + (cuts[-1] - cuts[-2])
    return cuts[level - 1]


def _new(candidate: Candidate, viewer: int, sub: str) -> InterviewScore:
    row = InterviewScore(
        organisation_id=candidate.organisation_id,
        candidate_id=candidate.id,
        person_id=candidate.person_id,
        question=sub,
        sub=sub,
        scored_by=viewer,
    )
    db.session.add(row)
    return row


def _rows(candidate: Candidate) -> Sequence[InterviewScore]:
    ours = select(InterviewScore).filter_by(organisation_id=candidate.organisation_id, candidate_id=candidate.id)
    return db.session.scalars(ours.order_by(InterviewScore.id)).all()
