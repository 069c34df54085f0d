"""Decisions about candidates: each made by a person with a reason, each sealed with the one before it.

Nothing decides by itself. A decision against what the figures say is allowed and marked as such; nobody is moved on
without words that can be read a year later. The seal covers numbers of people and the reason's digest, so that a
person's data can go while the chain stays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from lms import clock
from lms.campaigns.models import STAGES, Campaign, Candidate
from lms.database import db
from lms.selection.models import Decision

BEGINNING = "0" * 64
LEAST_REASON = 10  # letters
ONWARD = {
    "assessment": ("interview", "offer", "rejected", "withdrawn"),
    "interview": ("offer", "rejected", "withdrawn"),
    "offer": ("hired", "rejected", "withdrawn"),
    "hired": (),
    "rejected": ("assessment", "interview"),  # taken back, with a reason like every step
    "withdrawn": ("assessment", "interview"),
}
AGAINST = {"met": ("rejected",), "not_met": ("interview", "offer", "hired"), "inconclusive": ()}


class DecisionRefused(ValueError):
    """`field`: which input of the form it is about, "stage" or "reason"."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class DecisionStep:
    """What somebody wants to decide. suggested: outcome of the figures, "met" | "not_met" | "inconclusive"."""

    to: str
    reason: str
    suggested: str
    by: int

    @property
    def overrides(self) -> bool:
        return self.to in AGAINST[self.suggested]


def decide(candidate: Candidate, step: DecisionStep) -> Decision:
    """Add the decision and move the candidate. DecisionRefused for a stage that does not follow and for a reason that
    is too short. The caller commits; two deciders of one campaign take turns."""
    if step.to not in ONWARD[candidate.stage]:
        raise DecisionRefused("stage")
    if len(step.reason.strip()) < LEAST_REASON:
        raise DecisionRefused("reason")
    last, reason = _last(candidate), step.reason.strip()
    row = Decision(
        organisation_id=candidate.organisation_id,
        campaign_id=candidate.campaign_id,
        candidate_id=candidate.id,
        number=last.number + 1 if last else 1,
        stage_from=candidate.stage,
        stage_to=step.to,
        reason=reason,
        reason_sha256=_digest(reason),
        suggested=step.suggested,
        overrides=step.overrides,
        decided_by=step.by,
        decided_by_id=step.by,
        at=clock.now(),
    )
    row.seal = seal(row, last.seal if last else BEGINNING)
    db.session.add(row)
    candidate.stage = step.to
    return row


def _last(candidate: Candidate) -> Decision | None:
    """The campaign's newest decision, the campaign locked until the transaction ends."""
    owner = candidate.organisation_id
    db.session.scalar(select(Campaign).filter_by(id=candidate.campaign_id, organisation_id=owner).with_for_update())
    ours = select(Decision).filter_by(organisation_id=owner, campaign_id=candidate.campaign_id)
    return db.session.scalar(ours.order_by(Decision.number.desc()).limit(1))


def seal(row: Decision, previous: str) -> str:
    """SHA-256 over the previous seal and everything the decision says."""
    numbers = [row.campaign_id, row.candidate_id, row.number, row.decided_by_id, row.at.isoformat()]
    words = [row.stage_from, row.stage_to, row.reason_sha256, row.suggested, row.overrides]
    return _digest(json.dumps([previous, *numbers, *words]))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def first_broken(rows: Sequence[Decision], erased: Collection[int] = ()) -> int | None:
    """Number of the first decision of a campaign that is missing or not as it was sealed; None for a sound chain.
    erased: candidates whose data are gone, so that their reasons may be empty."""
    previous = BEGINNING
    for number, row in enumerate(sorted(rows, key=lambda row: row.number), 1):
        matches = not row.reason if row.candidate_id in erased else _digest(row.reason) == row.reason_sha256
        if row.number != number or not matches or row.seal != seal(row, previous):
            return number
        previous = row.seal
    return None


def stages_from(candidate: Candidate) -> tuple[str, ...]:
    """Where a decision may lead from here, in the order of the pipeline."""
    return tuple(stage for stage in STAGES if stage in ONWARD[candidate.stage])
