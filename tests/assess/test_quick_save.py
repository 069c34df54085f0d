"""The short way of saving tells and stores what the long way does, and takes nothing that the long way would refuse."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from lms import clock
from lms.assess import quick_save
from lms.assess.attempt import Attempt
from lms.assess.models import Response
from lms.database import db
from lms.identity.models import Person, Session
from tests.assess.forms import Sat, SignIn, script
from tests.cast import Cast

pytestmark = pytest.mark.both_engines


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the short way took each answer, in turn."""
    taken: list[bool] = []
    real = quick_save._receipt_of

    def noted(attempt_id: int) -> object:
        receipt = real(attempt_id)
        taken.append(receipt is not None)
        return receipt

    monkeypatch.setattr(quick_save, "_receipt_of", noted)
    return taken


@pytest.fixture
def limited(app: Flask, attempt: Sat) -> Sat:
    """With an hour's limit and five minutes more."""
    with app.app_context():
        sat = db.session.get_one(Attempt, attempt.id)
        sat.deadline_at = sat.started_at + timedelta(hours=1)
        sat.extend(300)
        db.session.commit()
    return attempt


def test_both_ways_store_and_say_the_same(
    app: Flask, signed_in: SignIn, limited: Sat, short: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("trainee")
    quick = script(client, limited.id, 1, limited.right, limited.seq + 1)
    monkeypatch.setattr(quick_save, "live_values", lambda: None)
    slow = script(client, limited.id, 2, limited.right, limited.seq + 2)
    assert short == [True, False]
    said, expected = quick.get_json(), slow.get_json()
    assert set(said) == set(expected) and (said["saved"], said["late"]) == (expected["saved"], expected["late"])
    assert 3_600 < expected["left"] <= said["left"] <= 3_900 and said["client_seq"] == expected["client_seq"] - 1
    one, two = limited.look(select(Response).order_by(Response.id))
    assert one.language == two.language == "en", "the language of the person's pages"
    for name in ("attempt_id", "value", "late"):
        assert getattr(one, name) == getattr(two, name)
    assert one.received_at <= two.received_at


def test_what_is_not_usual_goes_the_long_way(
    app: Flask, signed_in: SignIn, cast: Cast, limited: Sat, short: list[bool]
) -> None:
    """A repeated key, another page's token, a strange question, a stranger, a closed account, the end of the time."""
    client, seq = signed_in("trainee"), limited.seq
    first = script(client, limited.id, 1, limited.right, seq + 1, change={"key": "the-same-key"})
    again = script(client, limited.id, 1, limited.right, seq + 1, change={"key": "the-same-key"})
    assert first.status_code == again.status_code == 200 and short == [True, False]
    assert len(limited.look(select(Response))) == 1
    assert script(client, limited.id, 1, limited.right, seq + 2, change={"tab": "another"}).status_code == 409
    assert script(client, limited.id, 999, limited.right, seq + 2).status_code == 404
    assert script(signed_in("candidate"), limited.id, 1, limited.right, seq + 2).status_code == 404
    assert script(app.test_client(), limited.id, 1, limited.right, seq + 2).status_code == 401
    clock.shift(timedelta(days=1))
    assert script(client, limited.id, 1, limited.right, seq + 3).get_json()["late"] is True
    assert short[1:] == [False] * 6


@pytest.mark.parametrize("change", ["ended", "expired", "closed", "demo"])
def test_a_session_that_is_none_saves_nothing(
    app: Flask, signed_in: SignIn, cast: Cast, attempt: Sat, short: list[bool], change: str
) -> None:
    client = signed_in("trainee")
    now = clock.now()
    with app.app_context():
        changes = {
            "ended": update(Session).values(ended_at=now),
            "expired": update(Session).values(expires_at=now),
            "closed": update(Person).where(Person.id == cast.trainee).values(active=False),
            "demo": update(Person).where(Person.id == cast.trainee).values(is_demo=True),
        }
        db.session.execute(changes[change])
        db.session.commit()
    assert script(client, attempt.id, 1, attempt.right, attempt.seq + 1).status_code == 401
    assert short == [False] and attempt.look(select(Response)) == []


def test_a_pause_is_kept(app: Flask, signed_in: SignIn, attempt: Sat, short: list[bool]) -> None:
    client = signed_in("trainee")
    with app.app_context():
        db.session.get_one(Attempt, attempt.id).pause()
        db.session.commit()
    assert script(client, attempt.id, 1, attempt.right, attempt.seq + 1).get_json()["error"] == "paused"
    assert short == [False]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_usual_save_takes_two_statements(app: Flask, signed_in: SignIn, attempt: Sat) -> None:
    client, counted = signed_in("trainee"), []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *call: counted.append(call[2]))
    script(client, attempt.id, 1, attempt.right, attempt.seq + 1)
    counted.clear()
    assert script(client, attempt.id, 1, attempt.right, attempt.seq + 2).status_code == 200
    assert len([line for line in counted if line.startswith(("SELECT", "INSERT"))]) == 2
    assert len(counted) == 3, "BEGIN IMMEDIATE beside them"
