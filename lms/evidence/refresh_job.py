"""What is kept for lists, organisation by organisation: the job that brings it up to date, in small steps with rests
between them, so that nobody's answer waits; and the command that holds it against what is computed in full."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import click
from sqlalchemy import select

from lms.database import db, read_only
from lms.database.transaction import read_transaction
from lms.identity.models import Organisation


def organisations() -> list[int]:
    return list(db.session.scalars(select(Organisation.id)))


class RefreshJob:
    """The job of one process. every: seconds between two looks; visit: what is done for an organisation, by its id."""

    def __init__(self, name: str, every: float, visit: Callable[[int], None]) -> None:
        self.__name__ = name
        self.due = 0.0
        self._every, self._visit = every, visit

    def __call__(self) -> None:
        if time.monotonic() >= self.due:
            with read_only():
                homes = organisations()
                db.session.rollback()
                for organisation in homes:
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


def hold(check: Callable[[int], Iterable[str]], well: str) -> None:
    """For a command: say what differs, a line each, and exit with 1; or, where nothing does, say `well`."""
    with read_transaction():
        differences = [line for home in organisations() for line in check(home)]
    for line in differences:
        click.echo(line, err=True)
    if differences:
        raise SystemExit(1)
    click.echo(well)
