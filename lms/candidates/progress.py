"""How far a candidate is, part by part. It follows from the attempts; only the two ends are written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import select, update

from lms import assess, clock
from lms.assess import Attempt
from lms.campaigns import Campaign, Candidate, candidate_of, offered_works
from lms.candidates import work_samples
from lms.candidates.own_candidacy import campaign_of
from lms.database import db, write_aside
from lms.web.i18n import language

State = Literal["done", "running", "next", "later"]


@dataclass(frozen=True)
class CandidateStep:
    """One part as the candidate meets it. attempt: the running one, or the one that is done; minutes: the candidate's
    own time, extra time in it."""

    place: int
    kind: str
    part: Mapping[str, Any]
    state: State
    minutes: int
    attempt: Attempt | None

    @property
    def title(self) -> str:
        """Of a work sample, in the reader's language."""
        work = offered_works().get(self.part.get("task", ""))
        return work.title.get(language()) if work else ""

    @property
    def is_written(self) -> bool:
        """Written work is saved as it is typed; of other work each act."""
        work = offered_works().get(self.part.get("task", ""))
        return bool(work and work.by_people)

    @property
    def rules(self) -> assess.Specification | None:
        return assess.Specification.read(self.part["rules"]) if self.kind == "test" else None


def subject_of(campaign: Campaign, candidate: Candidate) -> str:
    """What the attempts of the present try are about."""
    return f"campaign:{campaign.id}:{candidate.retake}"


def attempts_of(campaign: Campaign, candidate: Candidate) -> list[Attempt]:
    """Those of the present try, in order."""
    mine = select(Attempt).filter_by(person_id=candidate.person_id, subject=subject_of(campaign, candidate))
    return list(db.session.scalars(mine.order_by(Attempt.id)))


def steps(campaign: Campaign, candidate: Candidate, extra_time: float) -> list[CandidateStep]:
    """All parts in order, the first that is not done being next or running."""
    attempts, way = attempts_of(campaign, candidate), list[CandidateStep]()
    for place, part in enumerate([*campaign.parts, *candidate.more_parts], 1):
        is_test = part["kind"] == "test"
        attempt = attempts.pop(0) if is_test and attempts else None
        done = bool(attempt and attempt.submitted_at) if is_test else _work_done(candidate, part)
        waits = any(step.state != "done" for step in way)
        state: State = "done" if done else "later" if waits else "next"
        if state == "next" and (attempt or (not is_test and _work_begun(candidate, part))):
            state = "running"
        minutes = round(part["minutes"] * extra_time)
        way.append(CandidateStep(place, part["kind"], part, state, minutes, attempt))
    return way


def _work_done(candidate: Candidate, part: Mapping[str, Any]) -> bool:
    return work_samples.is_done(candidate.person_id, part, back_address(candidate))


def _work_begun(candidate: Candidate, part: Mapping[str, Any]) -> bool:
    return work_samples.is_begun(candidate.person_id, part, back_address(candidate))


def back_address(candidate: Candidate) -> str:
    """Where a work sample of the present try gives the candidate back; each try has its own."""
    return f"/candidate/back/{candidate.retake}"


def present(steps: list[CandidateStep]) -> CandidateStep | None:
    """What the candidate does now; None when all is done."""
    return next((step for step in steps if step.state != "done"), None)


def note_end(attempt: Attempt) -> None:
    """An attempt has ended, whoever ended it: if it was the last part, the candidate is through."""
    candidate = candidate_of(attempt.person_id) if attempt.subject.startswith("campaign:") else None
    if candidate and candidate.finished_at is None:
        db.session.flush()
        settle(campaign_of(candidate), candidate)


def settle(campaign: Campaign, candidate: Candidate) -> None:
    """Write down that all is done, once it is. The caller commits."""
    if is_through(campaign, candidate):
        candidate.finished_at = candidate.finished_at or clock.now()


def note_through(campaign: Campaign, candidate: Candidate) -> None:
    """The same beside a page that only reads: where a work sample was the last part, nobody need press a button."""
    if candidate.finished_at is None and is_through(campaign, candidate):
        ours = Candidate.id == candidate.id, Candidate.organisation_id == candidate.organisation_id
        unfinished = update(Candidate).where(*ours, Candidate.finished_at.is_(None))
        write_aside(unfinished.values(finished_at=clock.now()))


def is_through(campaign: Campaign, candidate: Candidate) -> bool:
    return candidate.started_at is not None and present(steps(campaign, candidate, 1.0)) is None


def is_shown(campaign: Campaign, candidate: Candidate) -> bool:
    """Whether the candidate may see the own result."""
    released = campaign.shown == "released" and candidate.released_at is not None
    return candidate.finished_at is not None and (campaign.shown == "at_end" or released)
