"""What an attempt stores has bounds and costs the same however much it is; a wrong clock's end is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, insert, select

from lms import clock, evidence
from lms.assess import Attempt, attempts, close_overdue, closing, reopening
from lms.assess import receipt as bounds
from lms.assess.models import ItemMark, Response
from lms.assess.receipt import EPOCH, LATE_DAYS
from lms.database import audit, db, read_only
from lms.evidence.models import Evidence
from tests.assess.forms import JSON, Sat, SignIn, script
from tests.assess.small import TAB, begin, right
from tests.cast import Cast

pytestmark = pytest.mark.both_engines
DAY = timedelta(days=1)


def store(attempt: Attempt, number: int, late: bool = False) -> None:
    """So many answers to the first question, written past the verbs, with values that are no fun to load."""
    item, value = attempt.items[0].id, {"answer": ["x" * 1_000]}
    rows = [
        {
            "attempt_id": attempt.id,
            "attempt_item_id": item,
            "client_seq": 2 * EPOCH + place,
            "idempotency_key": f"stored-{late}-{place:06}",
            "value": value,
            "received_at": clock.now(),
            "late": late,
        }
        for place in range(1, number + 1)
    ]
    db.session.execute(insert(Response), rows)
    db.session.commit()


@pytest.fixture
def loaded() -> list[int]:
    """Grows by one with every row of a response that is loaded with its value."""
    rows: list[int] = []
    event.listen(Response, "load", lambda _response, _context: rows.append(1))
    return rows


def test_state_and_answers_load_no_more_after_ten_thousand(app: Flask, cast: Cast, signed_in: SignIn, loaded) -> None:
    with app.app_context():
        attempt = begin(cast.person("trainee"), "one", "seven")
        store(attempt, 10_000)
        store(attempt, 300, late=True)
        number = attempt.id
        plan = db.session.execute(
            db.text(
                ("EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN ")
                + "SELECT id FROM response WHERE attempt_item_id = 1 AND late IS "
                + ("0" if db.engine.dialect.name == "sqlite" else "false")
                + " ORDER BY client_seq DESC, id DESC LIMIT 1"
            )
        )
        assert "ix_response_current" in str(plan.all())
        loaded.clear()
        assert attempt.current_answers()[1].client_seq == 2 * EPOCH + 10_000
        assert len(loaded) == 1
    loaded.clear()
    reply = signed_in("trainee").get(f"/attempts/{number}/state", headers=JSON).get_json()
    assert reply["acknowledged"] == {"1": 2 * EPOCH + 10_000}
    assert reply["seq"] == 2 * EPOCH + 10_000
    assert not loaded


@pytest.mark.parametrize(("of_item", "of_attempt"), [(3, 99), (99, 3)])
def test_answers_are_counted(
    app: Flask, signed_in: SignIn, attempt: Sat, monkeypatch: pytest.MonkeyPatch, of_item: int, of_attempt: int
) -> None:
    monkeypatch.setattr(bounds, "MOST_OF_ITEM", of_item)
    monkeypatch.setattr(bounds, "MOST_OF_ATTEMPT", of_attempt)
    client = signed_in("trainee")
    replies = [script(client, attempt.id, 1, attempt.right, attempt.seq + place) for place in range(1, 5)]
    assert [reply.status_code for reply in replies] == [200, 200, 200, 409]
    assert replies[3].get_json() == {"saved": False, "error": "too_many"}
    again = script(client, attempt.id, 1, attempt.right, attempt.seq + 3)
    assert again.status_code == 200, "a repeated answer is none more"
    assert attempt.value(1) == attempt.right


def test_an_answer_has_a_bound_in_bytes(signed_in: SignIn, attempt: Sat) -> None:
    long = {f"answer.f{place}": ["ա" * 1_000] for place in range(5)}
    reply = script(signed_in("trainee"), attempt.id, 1, long, attempt.seq + 1)
    assert (reply.status_code, reply.get_json()["error"]) == (413, "too_large")
    assert attempt.look(select(Response)) == []


def test_late_answers_end(app: Flask, signed_in: SignIn, attempt: Sat) -> None:
    client = signed_in("trainee")
    page = client.get(client.post(f"/attempts/{attempt.id}/submission").location).text
    assert str(LATE_DAYS) in page
    clock.shift(LATE_DAYS * DAY - timedelta(minutes=1))
    assert script(client, attempt.id, 1, attempt.right, attempt.seq + 1).get_json()["late"] is True
    clock.shift(LATE_DAYS * DAY + timedelta(minutes=1))
    client = signed_in("trainee")
    reply = script(client, attempt.id, 2, attempt.right, attempt.seq + 2)
    assert (reply.status_code, reply.get_json()["error"]) == (409, "too_late")
    assert script(client, attempt.id, 1, attempt.right, attempt.seq + 1).status_code == 200, "what was kept stays kept"


@pytest.mark.parametrize("wanted", ["9" * 5_000, "٣", "-1", "end"])
def test_any_question_can_be_asked_for(signed_in: SignIn, attempt: Sat, wanted: str) -> None:
    client = signed_in("trainee")
    assert client.get(f"/attempts/{attempt.id}", query_string={"item": wanted}).status_code == 200


def test_a_clock_put_back_does_no_harm(context: Flask, cast: Cast) -> None:
    attempt = begin(cast.person("trainee"), "one", "seven", seconds=600)
    attempt.answer(1, right(attempt, 1), 2 * EPOCH + 1, "key-0001", TAB)
    attempt.pause()
    db.session.flush()
    clock.shift(timedelta(hours=-2))
    assert attempt.time_left() == pytest.approx(600, abs=5)
    attempt.resume()
    db.session.flush()
    attempt.answer(2, right(attempt, 2), 2 * EPOCH + 2, "key-0002", TAB)
    attempt.finish()
    db.session.commit()
    assert attempt.submitted_at and attempt.submitted_at >= attempt.started_at
    assert all(row.answered_at <= attempt.submitted_at for row in db.session.scalars(select(Evidence)))


def closed_by_a_wrong_clock(cast: Cast) -> Attempt:
    attempt = begin(cast.person("trainee"), "one", "seven", seconds=600)
    attempt.answer(1, right(attempt, 1), 2 * EPOCH + 1, "key-0001", TAB)
    db.session.commit()
    clock.shift(15 * DAY)
    assert close_overdue() == 1
    clock.shift(timedelta(0))
    return attempt


def reopen(app: Flask, attempt_id: int, reason: str):
    return app.test_cli_runner().invoke(args=["attempts", "reopen", str(attempt_id), "--reason", reason])


def test_staff_reopen_what_a_wrong_clock_ended(app: Flask, context: Flask, cast: Cast) -> None:
    attempt = closed_by_a_wrong_clock(cast)
    attempt.answer(2, right(attempt, 2), 2 * EPOCH + 2, "key-0002", TAB)
    db.session.commit()
    number = attempt.id
    told = reopen(app, number, "the clock was 15 days ahead")
    assert told.exit_code == 0, told.output
    db.session.expire_all()
    attempt = db.session.get_one(Attempt, number)
    assert attempt.submitted_at is None
    assert attempt.time_left() == pytest.approx(600, abs=30)
    assert sorted(attempt.current_answers()) == [1, 2], "what came after the wrong end counts again"
    assert [db.session.scalars(select(table)).all() for table in (ItemMark, Evidence)] == [[], []]
    assert evidence.seen_keys(cast.trainee) == frozenset()
    entry = audit.newest(attempt.organisation_id)[0]
    assert (entry.action, entry.detail["reason"]) == ("attempt_reopened", ["", "the clock was 15 days ahead"])
    attempt.finish()
    db.session.commit()
    assert len(db.session.scalars(select(Evidence)).all()) == 2


def test_a_result_that_was_met_leaves_only_practice(app: Flask, context: Flask, cast: Cast) -> None:
    attempt = closed_by_a_wrong_clock(cast)
    db.session.commit()
    with read_only():  # as on a page
        attempts.note_result_shown(attempt)
        db.session.rollback()
    assert "practice" in reopen(app, attempt.id, "a wrong clock").output
    db.session.expire_all()
    attempt.finish()
    db.session.commit()
    assert db.session.scalars(select(Evidence)).all() == []


def test_reopening_says_why_it_cannot(app: Flask, context: Flask, cast: Cast) -> None:
    attempt = begin(cast.person("trainee"), "one")
    for reason, words in (("", "reason"), ("a wrong clock", "open already")):
        told = reopen(app, attempt.id, reason)
        assert told.exit_code == 1
        assert words in told.output
    attempt.finish()
    begin(cast.person("trainee"), "one")
    with pytest.raises(ValueError, match="another attempt"):
        reopening.reopen(attempt, "a wrong clock")


def test_overdue_attempts_end_a_few_at_a_time(app: Flask, context: Flask, cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(closing, "BATCH", 2)
    people = ("trainee", "candidate", "hr", "instructor", "administrator")
    paused, *_ = [begin(cast.person(name), "one", seconds=60) for name in people]
    paused.pause()
    db.session.commit()
    commits: list[int] = []
    event.listen(db.session, "after_commit", lambda _session: commits.append(1))
    clock.shift(DAY)
    assert close_overdue() == 4, "a paused one in the first batch stops nobody behind it"
    assert len(commits) >= 3
