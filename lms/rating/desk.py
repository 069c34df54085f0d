"""The raters' queue: who may rate, which work is next, a rating given, and what follows when all are there.

Nothing of this room's pages for raters is loaded with the author's name, another rating or another rater.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from flask import abort
from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from lms import clock, evidence
from lms.database import db
from lms.identity.models import Person
from lms.rating import rubric, works
from lms.rating.models import RatedWork, Rater, WorkRating
from lms.rating.tasks import Task
from lms.worklog.models import GRACE

HELD = timedelta(hours=12)  # for so long a work that a rater took waits for nobody else
MAX_NOTE = 1_000  # characters
MAY_BE_RATERS = ("instructor", "hr")


def is_rater(person: Person) -> bool:
    """Named by an administrator, and still of the staff."""
    row = db.session.scalar(select(Rater.person_id).where(Rater.person_id == person.id))
    return row is not None and person.has_role(*MAY_BE_RATERS)


def close_overdue(organisation_id: int) -> None:
    """Hand in what the clock ended and nobody came back to."""
    rows = select(RatedWork).where(RatedWork.organisation_id == organisation_id, RatedWork.finished_at.is_(None))
    overdue = rows.where(RatedWork.deadline_at < clock.now() - GRACE).with_for_update(skip_locked=True)
    for work in db.session.scalars(overdue).all():
        works.finish(work)
    db.session.flush()


def _waits_for(person: Person) -> Select[RatedWork]:
    """Works that this rater may take: evidence first, then what its author shares for practice; oldest first."""
    own = select(WorkRating.work_id).where(
        WorkRating.work_id == RatedWork.id,
        WorkRating.organisation_id == person.organisation_id,
        WorkRating.rater_id == person.id,
    )
    rows = select(RatedWork).where(_open_in(person.organisation_id), RatedWork.person_id != person.id, ~own.exists())
    return rows.order_by(RatedWork.for_evidence.desc(), RatedWork.finished_at, RatedWork.id)


def _open_in(organisation_id: int) -> ColumnElement[bool]:
    return and_(
        RatedWork.organisation_id == organisation_id,
        RatedWork.finished_at.is_not(None),
        RatedWork.settled_at.is_(None),
        or_(RatedWork.for_evidence, RatedWork.shared),
    )


def take_next(person: Person) -> WorkRating | None:
    """The rating that this rater has in hand, else one of the oldest work that needs a rater; None where none does."""
    if held := in_hand(person):
        return held
    close_overdue(person.organisation_id)
    for number in db.session.scalars(_waits_for(person).with_only_columns(RatedWork.id)).all():
        work = _locked(person.organisation_id, number)
        if work.settled_at is None and _has_place(work):
            return take(work, person.id)
    return None


def _locked(organisation_id: int, work_id: int) -> RatedWork:
    statement = select(RatedWork).where(RatedWork.id == work_id, RatedWork.organisation_id == organisation_id)
    locked = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(locked).one()


def _has_place(work: RatedWork) -> bool:
    """Whether another rater is needed, those counted who hold it at the moment; a place held too long is free again."""
    since = clock.now() - HELD
    rows = ratings_of(work)
    for stale in [row for row in rows if row.given_at is None and row.taken_at < since]:
        db.session.delete(stale)
    db.session.flush()
    taken = [row for row in rows if row.given_at or row.taken_at >= since]
    return len(taken) < rubric.raters_needed([row.scores for row in taken if row.given_at])


def take(work: RatedWork, rater_id: int, counts: bool = True) -> WorkRating:
    """Give the work into the person's hand."""
    row = WorkRating(work_id=work.id, person_id=work.person_id, organisation_id=work.organisation_id, counts=counts)
    row.rater_id, row.scores, row.notes = rater_id, {}, {}
    db.session.add(row)
    db.session.flush()
    return row


def ratings_of(work: RatedWork, counts: bool = True) -> Sequence[WorkRating]:
    """In the order in which they were given; those in hand last."""
    rows = select(WorkRating).where(WorkRating.work_id == work.id, WorkRating.person_id == work.person_id)
    found = db.session.scalars(rows.where(WorkRating.counts.is_(counts)).order_by(WorkRating.id)).all()
    return sorted(found, key=lambda row: (row.given_at is None, row.given_at or row.taken_at, row.id))


def in_hand(person: Person, counts: bool = True) -> WorkRating | None:
    """What the person took and has not given yet."""
    rows = select(WorkRating).where(WorkRating.rater_id == person.id, WorkRating.given_at.is_(None))
    rows = rows.where(WorkRating.counts.is_(counts), WorkRating.organisation_id == person.organisation_id)
    return db.session.scalar(rows.order_by(WorkRating.id).limit(1))


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


def unscored(task: Task, sent: Mapping[str, str]) -> list[str]:
    """Titles' names of the criteria that have no score yet."""
    return [each.name for each in task.criteria if sent.get(f"score_{each.name}") not in ("0", "1", "2", "3")]


def give(rating: WorkRating, task: Task, sent: Mapping[str, str]) -> None:
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
    given = [row.scores for row in ratings_of(work) if row.given_at]
    if work.settled_at is None and len(given) >= rubric.raters_needed(given):
        work.settled_at = clock.now()
        if work.for_evidence and work.finished_at:
            _record(work, given, work.finished_at)
        db.session.flush()
    return work.settled_at is not None


def waiting(person: Person) -> list[tuple[str, int, datetime]]:
    """(task, number of works, when the oldest was handed in) of the organisation's works, without the person's own."""
    rows = select(RatedWork.task, func.count(), func.min(RatedWork.finished_at))
    rows = rows.where(_open_in(person.organisation_id), RatedWork.person_id != person.id).group_by(RatedWork.task)
    found = db.session.execute(rows.order_by(func.min(RatedWork.finished_at)))
    return [(task, count, oldest) for task, count, oldest in found if oldest]


def raters(organisation_id: int) -> dict[int, Rater]:
    rows = select(Rater).where(Rater.organisation_id == organisation_id)
    return {row.person_id: row for row in db.session.scalars(rows)}


def _record(work: RatedWork, given: Sequence[rubric.Scores], at: datetime) -> None:
    form = works.form_of(work)
    task = works.task_of(work).placed(form)
    evidence.record_work(
        work.person_id,
        task.evidence_name(form),
        work.id,
        task.kind,
        rubric.units(task, rubric.settled(task, given)),
        task.unit,
        at,
        human_raters=len(given),
        portfolio=task.portfolio,
    )


def number_given(person: Person) -> int:
    """How many works the person has rated so far."""
    rows = select(func.count()).select_from(WorkRating).where(WorkRating.rater_id == person.id)
    rows = rows.where(WorkRating.organisation_id == person.organisation_id, WorkRating.counts)
    return db.session.scalar(rows.where(WorkRating.given_at.is_not(None))) or 0


def take_shared(person: Person) -> WorkRating | None:
    """A colleague's shared text to practise on: one in hand, else one that the raters have judged, else any; oldest
    first, each once, never one's own and never one of a test that another page gave."""
    if held := in_hand(person, counts=False):
        return held
    mine = select(WorkRating.work_id).where(
        WorkRating.rater_id == person.id, WorkRating.organisation_id == person.organisation_id
    )
    rows = select(RatedWork).where(
        RatedWork.organisation_id == person.organisation_id,
        RatedWork.person_id != person.id,
        RatedWork.shared,
        RatedWork.finished_at.is_not(None),
        RatedWork.id.not_in(mine),
    )
    found = db.session.scalar(rows.order_by(RatedWork.settled_at.is_(None), RatedWork.finished_at).limit(1))
    return take(found, person.id, counts=False) if found else None
