"""A disk that is full: pages still open, what was acknowledged is there, what was not is told, and health says so."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.database import db, heartbeat, read_only
from lms.identity.models import Person
from tests.cast import Cast

ROOM = 60_000  # bytes that the log of the database may still grow by


@contextmanager
def no_file_grows_beyond(size: int) -> Iterator[None]:
    """The system refuses longer writes of this process, as it does where nothing is left."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_loses_nothing_that_was_saved(app: Flask, signed_in: Callable[[str], FlaskClient], cast: Cast):
    trainee, saved, replies = signed_in("trainee"), "", []

    def rename(name: str) -> int:
        return trainee.post("/profile", data={"name": name, "language": "en"}).status_code

    assert rename("Before") == 303 and trainee.get("/healthz").status_code == 200
    with app.app_context():
        log = Path(f"{db.engine.url.database}-wal")
    with no_file_grows_beyond(log.stat().st_size + ROOM):
        while 503 not in replies and len(replies) < 60:
            replies.append(rename(f"Name {len(replies)}"))
            saved = f"Name {len(replies) - 1}" if replies[-1] == 303 else saved
        assert replies[-1] == 503 and set(replies) == {303, 503}
        app.extensions.pop("heartbeat")
        assert trainee.get("/profile").status_code == 200, "reading goes on"
        with no_file_grows_beyond(0):  # a beat is smaller than a new name, whose room it could use
            assert trainee.get("/healthz").status_code == 503
    with app.app_context(), read_only():
        assert db.session.scalars(select(Person.name).filter_by(id=cast.trainee)).one() == saved
    assert rename("Afterwards") == 303
    app.extensions.pop("heartbeat")
    with app.app_context():
        assert heartbeat.beats()
