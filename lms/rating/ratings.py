"""One rating from the rater's hand, and what follows when all of a work's are there.

Nothing that these verbs hand to a rater bears the author's name, another rating or another rater.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import abort
from sqlalchemy import select

from lms import clock, evidence
from lms.database import db
from lms.identity.models import Person
from lms.rating import rubric, works
from lms.rating.models import RatedWork, WorkRating
from lms.rating.tasks import WrittenTask

MAX_NOTE = 1_000  # characters


def ratings_of(work: RatedWork, counts: bool = True) -> Sequence[WorkRating]:
    """In the order in which they were given; those in hand last."""
    rows = select(WorkRating).where(WorkRating.work_id == work.id, WorkRating.person_id == work.person_id)
    ratings = db.session.scalars(rows.where(WorkRating.counts.is_(counts)).order_by(WorkRating.id)).all()
    return sorted(ratings, key=lambda row: (row.given_at is None, row.given_at or row.taken_at, row.id))


def rating_of(person: Person, rating_id: int, lock: bool = False) -> WorkRating:
    """The person's own rating, or 404."""
    statement = select(WorkRating).where(
        WorkRating.id == rating_id,
        WorkRating.rater_id == person.id,
        WorkRating.organisation_id == person.organisation_id,
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(statement) or abort(404)


def rated_work(rating: WorkRating, lock: bool = False) -> RatedWork:
    return works.work_of(rating.person_id, rating.work_id, lock)


def unscored(task: WrittenTask, sent: Mapping[str, str]) -> list[str]:
    """Titles' names of the criteria that have no score yet."""
    return [each.name for each in task.criteria if sent.get(f"score_{each.name}") not in ("0", "1", "2", "3")]


def give(rating: WorkRating, task: WrittenTask, sent: Mapping[str, str]) -> None:
    """Keep a whole rating; it stands from then on. ValueError for a note that is too long."""
    notes = {each.name: sent.get(f"note_{each.name}", "").strip() for each in task.criteria}
    if any(len(note) > MAX_NOTE for note in notes.values()):
        raise ValueError("note")
    rating.scores = {each.name: int(sent[f"score_{each.name}"]) for each in task.criteria}
    rating.notes = {name: note for name, note in notes.items() if note}
    rating.given_at = clock.now()
    db.session.flush()


def settle(work: RatedWork) -> bool:
    """Where all ratings are there, the scores stand and become evidence. True where the work is settled by now."""
    scores = [row.scores for row in ratings_of(work) if row.given_at]
    if work.settled_at is None and len(scores) >= rubric.raters_needed(scores):
        work.settled_at = clock.now()
        if work.for_evidence and work.finished_at:
            _record(work, scores, work.finished_at)
        db.session.flush()
    return work.settled_at is not None


def _record(work: RatedWork, scores: Sequence[rubric.Scores], at: datetime) -> None:
    form = works.form_of(work)
    task = works.task_of(work).placed(form)
    unit = task.unit(evidence.framework().cuts.theta)
    shown = evidence.WorkShown(
        task.evidence_name(form), work.id, task.kind, unit, at, human_raters=len(scores), portfolio=task.portfolio
    )
    evidence.record_work(work.person_id, shown, rubric.units(task, rubric.settled(task, scores)))
