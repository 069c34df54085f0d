"""Groups of a campaign's candidates, only ever as counts: who of them went on from the assessment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from lms.campaigns import Campaign, Candidate
from lms.candidates.groups import VALUES
from lms.candidates.models import GroupAnswer
from lms.database import db
from lms.selection.candidate_list import HAS_RESULT
from lms.selection.fairness import Group, compare_groups
from lms.selection.models import Decision

WENT_ON = ("interview", "offer", "hired")


@dataclass(frozen=True)
class Fairness:
    """groups: by question, [] where too few said anything to compare; hidden: groups too small to be shown; answered of
    finished candidates said something."""

    groups: Mapping[str, list[Group]]
    hidden: Mapping[str, int]
    answered: int
    finished: int


def fairness(campaign: Campaign) -> Fairness:
    counted = {question: counts_of(campaign, question) for question in VALUES}
    groups = {question: compare_groups(counts) for question, counts in counted.items()}
    hidden = {question: len(counts) - len(groups[question]) for question, counts in counted.items()}
    finished = select(func.count(Candidate.id)).where(*_finished(campaign))
    people = select(func.count(GroupAnswer.candidate_id.distinct())).where(GroupAnswer.campaign_id == campaign.id)
    answered = people.where(GroupAnswer.organisation_id == campaign.organisation_id)
    return Fairness(groups, hidden, db.session.scalar(answered) or 0, db.session.scalar(finished) or 0)


def counts_of(campaign: Campaign, question: str) -> dict[str, tuple[int, int]]:
    """Group -> (went on, finished)."""
    went_on = select(Decision.candidate_id).where(
        Decision.organisation_id == campaign.organisation_id,
        Decision.campaign_id == campaign.id,
        Decision.stage_to.in_(WENT_ON),
    )
    selected = func.count(Candidate.id).filter(Candidate.id.in_(went_on))
    counts = (
        select(GroupAnswer.value, selected, func.count(Candidate.id))
        .join(Candidate, Candidate.id == GroupAnswer.candidate_id)
        .where(*_finished(campaign), GroupAnswer.name == question)
        .group_by(GroupAnswer.value)
    )
    return {value: (chosen, people) for value, chosen, people in db.session.execute(counts)}


def _finished(campaign: Campaign) -> tuple[ColumnElement[bool], ...]:
    ours = Candidate.organisation_id == campaign.organisation_id, Candidate.campaign_id == campaign.id
    return (*ours, HAS_RESULT)
