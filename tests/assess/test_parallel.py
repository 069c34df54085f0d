"""F8: however often and however parallel the end is asked for, there is one submission and every reply is the same."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from lms.assess import Attempt, attempts
from lms.assess.models import ItemMark, Response
from lms.database import db
from lms.evidence.models import Evidence
from tests.assess.small import TAB, begin
from tests.cast import Cast, sign_in

pytestmark = pytest.mark.both_engines

TIMES = 50
JSON = {"Accept": "application/json"}


@dataclass(frozen=True)
class Counted:
    replies: int
    marks: int
    evidence: int
    ends: int


def storm_the_end(app: Flask, cast: Cast, times: int = TIMES) -> Counted:
    """Finish one answered attempt so many times at once; distinct replies and what the database holds."""
    with app.app_context():
        attempt = begin(cast.person("trainee"))
        attempt.answer(1, {"answer": ["a"]}, attempt.last_seq() + 1, "key-0001", TAB)
        db.session.commit()
        number = attempt.id
    replies = together(app, cast, lambda client: client.post(f"/attempts/{number}/submission", headers=JSON), times)
    with app.app_context():
        return Counted(
            len(set(replies)), db.session.scalar(select(func.count(ItemMark.id))) or 0,
            db.session.scalar(select(func.count(Evidence.id))) or 0,
            db.session.scalar(select(func.count(Attempt.submitted_at))) or 0,
        )  # fmt: skip


def together(app: Flask, cast: Cast, act: Callable, times: int) -> list[tuple[int, bytes]]:
    barrier = threading.Barrier(min(times, 16))
    client = app.test_client()
    sign_in(client, cast.trainee)
    cookie = {"Cookie": "; ".join(f"{c.key}={c.value}" for c in client._cookies.values())}

    class Waiting:
        def post(self, path: str, headers: dict[str, str], **rest: object):
            own = app.test_client(use_cookies=False)
            barrier.wait(120)
            return own.post(path, headers=headers | cookie, **rest)

    with ThreadPoolExecutor(min(times, 16)) as pool:
        done = list(pool.map(lambda _: act(Waiting()), range(times - times % 16 or times)))
    return [(reply.status_code, reply.data) for reply in done]


def test_many_finishes_at_once_are_one(app: Flask, cast: Cast) -> None:
    assert storm_the_end(app, cast) == Counted(replies=1, marks=8, evidence=8, ends=1)


def test_one_answer_sent_many_times_at_once_is_stored_once(app: Flask, cast: Cast) -> None:
    with app.app_context():
        attempt = begin(cast.person("trainee"))
        number, seq = attempt.id, attempt.last_seq() + 1
    data = {"item": 1, "seq": seq, "key": "key-0001", "tab": TAB, "answer": "a"}
    replies = together(app, cast, lambda c: c.post(f"/attempts/{number}/responses", headers=JSON, data=data), TIMES)
    assert len(set(replies)) == 1
    assert replies[0][0] == 200
    with app.app_context():
        assert db.session.scalar(select(func.count(Response.id))) == 1


def test_placements_started_at_once_are_one(app: Flask, cast: Cast) -> None:
    replies = together(app, cast, lambda client: client.post("/placements", headers={}), 16)
    assert len(set(replies)) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count(Attempt.id))) == 1


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutant: the attempt's row is read without its lock."""
    for locked, plain in (("_OWN_LOCKED", attempts._OWN), ("_OPEN_LOCKED", attempts._OPEN)):
        monkeypatch.setattr(attempts, locked, plain.execution_options(populate_existing=True))


@pytest.mark.parametrize("engine_name", ["postgresql"])
@pytest.mark.usefixtures("unlocked")
class TestMutants:
    """SQLite has one writer, so only PostgreSQL can show what lock and index are for."""

    def test_without_the_lock_the_index_still_holds(self, app: Flask, cast: Cast) -> None:
        assert storm_the_end(app, cast) == Counted(replies=1, marks=8, evidence=8, ends=1)

    def test_without_lock_and_index_the_double_is_seen(self, app: Flask, cast: Cast) -> None:
        with app.app_context():
            db.session.execute(text("ALTER TABLE mark DROP CONSTRAINT uq_mark_attempt_item_id"))
            db.session.commit()
        assert storm_the_end(app, cast).marks > 8


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_connection_may_write_twice_and_then_lets_the_next_one_write(app: Flask, cast: Cast) -> None:
    with app.app_context():
        with db.engine.connect() as connection:
            for _ in range(2):
                connection.execute(text("UPDATE person SET language = 'hy'"))
                connection.commit()
        with db.engine.connect() as other, other.begin():
            other.execute(text("UPDATE person SET language = 'en'"))
