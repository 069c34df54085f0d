"""Jobs that go round all organisations now and then, in small steps with rests between them, so that nobody's answer
waits for what is only counted or summed up."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import select

from lms.database import db, read_only
from lms.identity.models import Organisation


class Rounds:
    """The job of one process. every: seconds between two looks; visit: what is done for an organisation, by its id."""

    def __init__(self, name: str, every: float, visit: Callable[[int], None]) -> None:
        self.__name__ = name
        self.due = 0.0
        self._every, self._visit = every, visit

    def __call__(self) -> None:
        if time.monotonic() >= self.due:
            with read_only():
                organisations = list(db.session.scalars(select(Organisation.id)))
                db.session.rollback()
                for organisation in organisations:
                    self._visit(organisation)
            self.due = time.monotonic() + self._every


def in_steps(step: Callable[[], int], share: float) -> None:
    """`step` until it has nothing more to do; it rests `share` times as long as it worked."""
    more = 1
    while more:
        begun = time.thread_time()
        more = step()
        db.session.rollback()
        time.sleep(share * (time.thread_time() - begun))
