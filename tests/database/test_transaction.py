"""An act is repeated when it collided with another, and only then."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from lms.background.mail import OutboxMail
from lms.database import db, may_write
from lms.database import transaction as subject
from lms.database.transaction import TRIES, between_writes, in_steps, transaction
from tests.cast import Cast


class Reply(Exception):
    """The driver's error with PostgreSQL's code."""

    def __init__(self, sqlstate: str | None = None) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


COLLISIONS = {
    "a unique index says no": IntegrityError("INSERT", {}, Reply()),
    "serialisation": DBAPIError("UPDATE", {}, Reply("40001")),
    "deadlock": OperationalError("UPDATE", {}, Reply("40P01")),
}
OTHERS = {
    "locked or away": OperationalError("COMMIT", {}, Reply()),
    "out of space": OperationalError("INSERT", {}, Reply("53100")),
    "read only": DBAPIError("INSERT", {}, Reply("25006")),
    "no error of the database": ValueError("bad"),
    "the worker is stopped": KeyboardInterrupt(),
}


@pytest.mark.parametrize("name", COLLISIONS)
def test_a_collision_is_tried_again_up_to_five_times(
    context: Flask, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    error = COLLISIONS[name]
    assert _runs(monkeypatch, error, failures=1) == (2, "done")
    assert _runs(monkeypatch, error, failures=TRIES - 1) == (TRIES, "done")
    assert _runs(monkeypatch, error, failures=TRIES) == (TRIES, error)


@pytest.mark.parametrize("name", OTHERS)
def test_any_other_error_leaves_at_once(context: Flask, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Else a database that is away keeps each request five times as long."""
    assert _runs(monkeypatch, OTHERS[name], failures=1) == (1, OTHERS[name])


@pytest.mark.parametrize("name", OTHERS)
def test_what_was_done_before_an_error_is_taken_back(context: Flask, name: str) -> None:
    @transaction
    def act() -> None:
        db.session.execute(delete(OutboxMail))
        raise OTHERS[name]

    with pytest.raises(type(OTHERS[name])):
        act()
    assert not db.session().in_transaction()


def _runs(monkeypatch: pytest.MonkeyPatch, error: BaseException, failures: int) -> tuple[int, object]:
    """How often an act ran that fails so many times, and what came out of it."""
    monkeypatch.setattr(subject.time, "sleep", lambda _seconds: None)
    runs = 0

    @transaction
    def act() -> str:
        nonlocal runs
        runs += 1
        if runs <= failures:
            raise error
        return "done"

    outcome: object
    try:
        outcome = act()
    except BaseException as raised:
        outcome = raised
    return runs, outcome


def test_every_view_that_takes_a_post_commits(app: Flask) -> None:
    """Forgotten, the page says "Saved." and nothing is."""
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert posts
    assert not [endpoint for endpoint in posts if not getattr(app.view_functions[endpoint], "writes", False)]


def test_a_long_list_is_written_in_steps_that_let_others_write(
    context: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each step another connection gets its turn, and what was written is there for it."""
    monkeypatch.setattr(subject, "STEP", 0)
    home, seen = cast.person("hr").organisation_id, []
    for number in in_steps(range(4)):
        if number:
            with db.engine.begin() as other:
                seen.append(other.scalar(select(func.count()).select_from(OutboxMail)))
        db.session.add(OutboxMail(organisation_id=home, recipient="x@example.org", subject=str(number), body=""))
        db.session.flush()
    assert seen == [1, 2, 3]


def test_reading_at_length_between_two_writes_keeps_nobody_from_writing(context: Flask, cast: Cast) -> None:
    home = cast.person("hr").organisation_id

    def letter(subject: str) -> OutboxMail:
        return OutboxMail(organisation_id=home, recipient="x@example.org", subject=subject, body="")

    db.session.add(letter("before"))
    with between_writes():
        assert db.session.scalars(select(OutboxMail.subject)).all() == ["before"]
        with may_write(), db.engine.begin() as other:
            other.execute(delete(OutboxMail))
    db.session.add(letter("after"))
    db.session.commit()
    assert db.session.scalars(select(OutboxMail.subject)).all() == ["after"]
