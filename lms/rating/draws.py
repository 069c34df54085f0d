"""Which variant of a task a person gets: one that is new to them for as long as there is one."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import func, select

from lms import clock, evidence
from lms.database import db
from lms.identity.models import Person
from lms.rating.models import RatedWork, WorkRating
from lms.rating.tasks import WrittenTask


def unmet(person_id: int, task: WrittenTask, but: int = 0) -> list[str]:
    """Variants that the person has not written about within the period in which one work is evidence. but: number of
    a work that is left out of account."""
    since = clock.now() - evidence.PERIOD
    met = _last_met(person_id, task, but)
    return [name for name in task.variants if name not in met or met[name] <= since]


def drawn(person: Person, task: WrittenTask) -> str:
    """A variant that the person has never written about, before all one of which they have rated no text either; when
    none is left, the one written about longest ago."""
    met, rated = _last_met(person.id, task), _rated(person, task)
    fresh = [name for name in task.variants if name not in met]
    unread = [name for name in fresh if name not in rated]
    return secrets.choice(unread or fresh) if fresh else min(task.variants, key=lambda name: met[name])


def _last_met(person_id: int, task: WrittenTask, but: int = 0) -> dict[str, datetime]:
    """When the person last began to write about each variant."""
    rows = select(RatedWork.variant, func.max(RatedWork.started_at)).where(
        RatedWork.person_id == person_id, RatedWork.task == task.name, RatedWork.id != but
    )
    return dict(db.session.execute(rows.group_by(RatedWork.variant)).all())


def _rated(person: Person, task: WrittenTask) -> set[str]:
    """Variants about which the person has read other people's texts at the desk."""
    rows = select(RatedWork.variant).join(WorkRating, WorkRating.work_id == RatedWork.id)
    mine = WorkRating.rater_id == person.id, WorkRating.organisation_id == person.organisation_id
    of_task = RatedWork.task == task.name, RatedWork.organisation_id == person.organisation_id
    return set(db.session.scalars(rows.where(*mine, *of_task)))
