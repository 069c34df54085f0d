"""Work samples whose clock ran out while nobody came back: they are handed in as they stand, and whoever is through by
that is through."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from lms import clock
from lms.campaigns import Candidate
from lms.candidates import progress, work_samples
from lms.candidates.own_candidacy import campaign_of
from lms.database import db
from lms.database.transaction import read_transaction, transaction

AFTER = timedelta(minutes=2)  # an entry may still be under way when the time ends
AT_ONCE = 20


def close_overdue() -> int:
    """The job: how many candidates it was done for, each in a transaction of its own."""
    with read_transaction():
        late = sorted(_late())[:AT_ONCE]
    return sum(transaction(_close)(candidate_id) for candidate_id in late)


def _late() -> set[int]:
    late: set[int] = set()
    for log in work_samples.LOGS:
        open_still = log.works.finished_at.is_(None), log.works.deadline_at < clock.now() - AFTER
        theirs = select(Candidate.id).join(log.works, log.works.person_id == Candidate.person_id)
        late |= set(db.session.scalars(theirs.where(*open_still).limit(AT_ONCE)))
    return late


def _close(candidate_id: int) -> int:
    candidate = db.session.get_one(Candidate, candidate_id)
    for log in work_samples.LOGS:
        for work in log.all_of(candidate.person_id):
            if work.finished_at is None and work.is_over():
                log.finish(work)
    db.session.flush()
    progress.settle(campaign_of(candidate), candidate)
    return 1
