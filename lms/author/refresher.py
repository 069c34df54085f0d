"""The job that counts what instructors' pages show: in small steps, with rests between them."""

from __future__ import annotations

import time

from sqlalchemy import select

from lms.author import item_counts, item_figures
from lms.database import db, read_only
from lms.identity.models import Organisation

EVERY = 15.0  # seconds between two looks
SHARE = 2  # it rests so many times as long as it worked


class StatisticsRefresher:
    """Of one process: looks now and then whose evidence has changed."""

    def __init__(self) -> None:
        self.due = 0.0
        self.__name__ = "refresh_statistics"

    def __call__(self) -> None:
        if time.monotonic() >= self.due:
            with read_only():
                organisations = list(db.session.scalars(select(Organisation.id)))
                db.session.rollback()
                for organisation in organisations:
                    _refresh(organisation)
            self.due = time.monotonic() + EVERY


def _refresh(organisation_id: int) -> None:
    more = 1
    while more:
        begun = time.thread_time()
        more = item_counts.bring_up_to_date(organisation_id, item_counts.BATCH)
        db.session.rollback()
        time.sleep(SHARE * (time.thread_time() - begun))
    if item_figures.are_due(organisation_id):
        item_figures.make(organisation_id)
    db.session.rollback()
