"""Who has progress on a module or a course; see `publishing.count_people_with`."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from lms.assess import Attempt
from lms.database import db
from lms.learn.models import Certificate, PracticeWork, Reading


def people_with_progress(kind: str, keys: Collection[str]) -> list[tuple[str, int]]:
    """(module or course, person) for each of these that somebody has read, practised, been tested on or finished."""
    columns = {
        "module": ((Reading.module, Reading.person_id), (PracticeWork.module, PracticeWork.person_id)),
        "course": ((Certificate.course, Certificate.person_id),),
    }.get(kind, ())
    pairs = [*columns, (Attempt.subject, Attempt.person_id)] if columns else []
    rows = [row for key, person in pairs for row in db.session.execute(select(key, person).where(key.in_(keys)))]
    return [(row[0], row[1]) for row in rows]
