"""The raters' queue: who may rate, which work is next, a rating given, and what follows when all are there.

Nothing of this room's pages for raters is loaded with the author's name, another rating or another rater.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from lms import clock
from lms.database import db
from lms.identity.models import Person
from lms.rating import ratings, rubric, works
from lms.rating.models import RatedWork, Rater, WorkRating
from lms.worklog.models import GRACE

HELD = timedelta(hours=12)  # for so long a work that a rater took waits for nobody else
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
    rated = select(WorkRating.work_id).where(
        WorkRating.work_id == RatedWork.id,
        WorkRating.organisation_id == person.organisation_id,
        WorkRating.rater_id == person.id,
    )
    rows = select(RatedWork).where(_open_in(person.organisation_id), RatedWork.person_id != person.id, ~rated.exists())
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
    if current := in_hand(person):
        return current
    close_overdue(person.organisation_id)
    for number in db.session.scalars(_waits_for(person).with_only_columns(RatedWork.id)).all():
        work = _locked(person.organisation_id, number)
        if work.settled_at is None and _has_place(work):
            return take(work, person.id)
    return None


def number_for(person: Person) -> int:
    """How many works this rater could take now: not rated by them, and not in as many hands as are needed."""
    open_works = _waits_for(person).where(_has_free_place()).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(open_works)) or 0


def _has_free_place() -> ColumnElement[bool]:
    """`_has_place` as a condition: an open work with two ratings given waits for a third, else two are needed."""
    rows = select(func.count()).where(
        WorkRating.work_id == RatedWork.id, WorkRating.person_id == RatedWork.person_id, WorkRating.counts
    )
    given_count = rows.where(WorkRating.given_at.is_not(None)).scalar_subquery()
    since = clock.now() - HELD
    taken_count = rows.where(or_(WorkRating.given_at.is_not(None), WorkRating.taken_at >= since)).scalar_subquery()
    return or_(taken_count < rubric.RATERS, and_(taken_count == rubric.RATERS, given_count == rubric.RATERS))


def _locked(organisation_id: int, work_id: int) -> RatedWork:
    statement = select(RatedWork).where(RatedWork.id == work_id, RatedWork.organisation_id == organisation_id)
    locked = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(locked).one()


def _has_place(work: RatedWork) -> bool:
    """Whether another rater is needed, those counted who hold it at the moment; a place held too long is free again."""
    since = clock.now() - HELD
    rows = ratings.ratings_of(work)
    for stale in [row for row in rows if row.given_at is None and row.taken_at < since]:
        db.session.delete(stale)
    db.session.flush()
    holders = [row for row in rows if row.given_at or row.taken_at >= since]
    return len(holders) < rubric.raters_needed([row.scores for row in holders if row.given_at])


def take(work: RatedWork, rater_id: int, counts: bool = True) -> WorkRating:
    """Give the work into the person's hand."""
    row = WorkRating(work_id=work.id, person_id=work.person_id, organisation_id=work.organisation_id, counts=counts)
    row.rater_id, row.scores, row.notes = rater_id, {}, {}
    db.session.add(row)
    db.session.flush()
    return row


def in_hand(person: Person, counts: bool = True) -> WorkRating | None:
    """What the person took and has not given yet."""
    rows = select(WorkRating).where(WorkRating.rater_id == person.id, WorkRating.given_at.is_(None))
    rows = rows.where(WorkRating.counts.is_(counts), WorkRating.organisation_id == person.organisation_id)
    return db.session.scalar(rows.order_by(WorkRating.id).limit(1))


def waiting(person: Person) -> list[tuple[str, int, datetime]]:
    """(task, number of works, when the oldest was handed in) of the organisation's works, without the person's own."""
    rows = select(RatedWork.task, func.count(), func.min(RatedWork.finished_at))
    rows = rows.where(_open_in(person.organisation_id), RatedWork.person_id != person.id).group_by(RatedWork.task)
    works = db.session.execute(rows.order_by(func.min(RatedWork.finished_at)))
    return [(task, count, oldest) for task, count, oldest in works if oldest]


def raters(organisation_id: int) -> dict[int, Rater]:
    rows = select(Rater).where(Rater.organisation_id == organisation_id)
    return {row.person_id: row for row in db.session.scalars(rows)}


def number_given(person: Person) -> int:
    """How many works the person has rated so far."""
    rows = select(func.count()).select_from(WorkRating).where(WorkRating.rater_id == person.id)
    rows = rows.where(WorkRating.organisation_id == person.organisation_id, WorkRating.counts)
    return db.session.scalar(rows.where(WorkRating.given_at.is_not(None))) or 0


def take_shared(person: Person) -> WorkRating | None:
    """A colleague's shared text to practise on: one in hand, else one that the raters have judged, else any; oldest
    first, each once, never one's own and never one of a test that another page gave."""
    if current := in_hand(person, counts=False):
        return current
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
    work = db.session.scalar(rows.order_by(RatedWork.settled_at.is_(None), RatedWork.finished_at).limit(1))
    return take(work, person.id, counts=False) if work else None
