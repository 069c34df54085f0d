"""The job that counts what instructors' pages show."""

from __future__ import annotations

from lms.author import item_counts, item_figures
from lms.database import db
from lms.evidence.refresh_job import RefreshJob, in_steps

EVERY = 15.0  # seconds between two looks
SHARE = 2  # it rests so many times as long as it worked


def refresher() -> RefreshJob:
    return RefreshJob("refresh_statistics", EVERY, _refresh)


def _refresh(organisation_id: int) -> None:
    in_steps(lambda: item_counts.bring_up_to_date(organisation_id, item_counts.BATCH), SHARE)
    if item_figures.are_due(organisation_id):
        item_figures.make(organisation_id)
    db.session.rollback()
