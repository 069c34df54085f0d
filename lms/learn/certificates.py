"""Certificates of finished courses."""

from __future__ import annotations

from sqlalchemy import select

from lms.db import db
from lms.learn.models import Certificate


def certificate_of(person_id: int, course: str) -> Certificate | None:
    return db.session.scalar(select(Certificate).filter_by(person_id=person_id, course=course))
