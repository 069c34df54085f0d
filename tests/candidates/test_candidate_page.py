"""From the link to the end, as a browser without scripts goes it; and that nothing leaks on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms import clock, evidence
from lms.assess import Attempt, close_overdue
from lms.candidates import agreement
from lms.candidates.models import CandidateEvent, Contest
from lms.database import db, read_only
from lms.identity.models import Person
from tests.assess.forms import controls, hidden
from tests.candidates.stage import CANARY, begin, enter, invited, mark_keys, save, short, the_candidate

SECRETS = re.compile(rf"{CANARY}|x-copy-|x-profile-|theta|parameter|starting|response_key", re.IGNORECASE)


class Watched(FlaskClient):
    """A client that reads every reply for what must never be in it."""

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        reply = super().open(*args, **kwargs)
        assert not SECRETS.search(reply.text), f"{args}: {SECRETS.search(reply.text)}"
        assert not SECRETS.search(str(reply.headers)), args
        return reply


@pytest.fixture
def watched(app: Flask) -> Iterator[FlaskClient]:
    with app.app_context():
        mark_keys()
    app.test_client_class = Watched
    yield app.test_client()


def test_a_whole_way_and_nothing_leaks(app: Flask, watched: FlaskClient) -> None:
    enter(watched, invited(app, shown="at_end"))
    about = watched.get("/candidate").text
    assert "What is measured" in about and "never a program" in about and "candidate/start" not in about
    assert watched.post("/candidate/start").location == "/candidate"  # not before the word is given
    assert watched.post("/candidate/consent").status_code == 422
    watched.post("/candidate/consent", data={"agree": "1"})
    ready = watched.get("/candidate").text
    assert "at most 4 questions, usually 3 to 4" in ready and "battery empty" in ready
    for item in (1, 2):
        assert watched.get(f"/candidate/trial?item={item}").status_code == 200
        assert watched.post(f"/candidate/trial?item={item}").status_code == 422
    address = watched.post("/candidate/start").location
    page = watched.get(address).text
    assert "at most 4, usually 3 to 4" in page
    watched.post("/language", data={"language": "hy", "next": address})
    assert "Հարց 1" in watched.get(address).text
    watched.post("/language", data={"language": "en", "next": address})
    reply = save(watched, address, skip=True)
    while reply.location == address:
        reply = save(watched, address)
    assert reply.location.startswith("/candidate")
    assert "Everything is handed in" in watched.get(reply.location).text
    result = watched.get("/candidate/result").text
    assert "My result" in result and "What came out highest" in result
    form = {"about": "1-2", "text": "Two answers are right."}
    assert watched.post("/candidate/contest", data=form).status_code == 303
    assert "question 2" in watched.get("/candidate/contest").text
    assert watched.post("/candidate/contest", data=form | {"about": "1-77"}).status_code == 422
    with app.app_context(), read_only():
        candidate = the_candidate()
        assert (candidate.consent_version, candidate.consent_language) == (agreement.VERSION, "en")
        assert candidate.started_at and candidate.finished_at
        attempt = db.session.scalars(select(Attempt)).one()
        assert attempt.subject == f"campaign:{candidate.campaign_id}:0" and len(attempt.items) == 4
        assert sum(cell.n for cell in evidence.matrix_of(candidate.person_id).cells.values()) > 0
        assert db.session.scalars(select(Contest.revision_id)).all() == [attempt.items[1].revision_id]


def test_a_script_saves_and_nobody_is_looked_up_before_it(app: Flask, client: FlaskClient) -> None:
    """The save has a transaction of its own: one that stood open before would wait for itself."""
    address = begin(enter(client, invited(app)))
    text = client.get(address).text
    data = hidden(text, 1) | controls(text, 1)
    assert client.post(f"{address}/responses", data=data, headers={"Accept": "application/json"}).status_code == 200


def test_the_clock_stands_still_in_a_pause_and_the_question_is_hidden(app: Flask, client: FlaskClient) -> None:
    enter(client, invited(app, extra_time=1.5))
    address = begin(client)
    assert "37" in client.get("/candidate").text  # 25 minutes by one and a half, and no word why
    pause = re.search(r'action="(/candidate/pause/\d+)"', client.get(address).text)
    assert pause
    client.post(pause[1])
    assert client.get(address).location.startswith("/candidate?")
    clock.shift(timedelta(days=2))
    page = client.get("/candidate").text
    assert "Paused" in page and "Time left: 37 min" in page
    assert client.post("/candidate/start").location == address
    assert client.get(address).status_code == 200


def test_whose_time_is_over_is_through_though_nobody_came_back(app: Flask, client: FlaskClient) -> None:
    enter(client, invited(app, pauses=False))
    address = begin(client)
    assert "/candidate/pause" not in client.get(address).text
    save(client, address)
    clock.shift(timedelta(hours=2))
    with app.app_context():
        assert close_overdue() == 1
    with app.app_context(), read_only():
        assert the_candidate().finished_at
    assert "Everything is handed in" in client.get("/candidate").text
    assert client.post("/candidate/start").location == "/candidate"
    with app.app_context(), read_only():
        assert len(db.session.scalars(select(Attempt)).all()) == 1


def test_notes_are_few_and_only_what_was_told(app: Flask, client: FlaskClient) -> None:
    enter(client, invited(app))
    number = begin(client).rpartition("/")[2]
    notes = ["left_page:1:12.5", "pasted:1:300", "offline:2:9", "fast_answer:1:1", "pasted:x:1", "pasted:1:nan", "junk"]
    assert client.post(f"/candidate/notes/{number}", data={"note": notes}).status_code == 204
    with app.app_context(), read_only():
        found = db.session.scalars(select(CandidateEvent).order_by(CandidateEvent.id)).all()
        assert [(one.kind, one.position, one.amount) for one in found[1:]] == [
            ("left_page", 1, 12.5),
            ("pasted", 1, 300.0),
            ("offline", 2, 9.0),
        ]
    for _ in range(15):
        client.post(f"/candidate/notes/{number}", data={"note": ["pasted:1:3"] * 40})
    with app.app_context(), read_only():
        assert len(db.session.scalars(select(CandidateEvent)).all()) == 200


def test_the_test_may_be_taken_again_as_often_as_the_campaign_says(app: Flask, client: FlaskClient) -> None:
    enter(client, invited(app, retakes=1, **short(1)))
    address = begin(client)
    save(client, address)
    assert "Take it again" in client.get("/candidate").text
    client.post("/candidate/retake")
    second = client.post("/candidate/start").location
    assert second != address
    save(client, second)
    client.post("/candidate/retake")
    assert "Take it again" not in client.get("/candidate").text
    with app.app_context(), read_only():
        assert [one.subject[-2:] for one in db.session.scalars(select(Attempt).order_by(Attempt.id))] == [":0", ":1"]


def test_a_candidate_withdraws_and_is_erased(app: Flask, client: FlaskClient) -> None:
    token = invited(app)
    address = begin(enter(client, token))
    assert client.post("/candidate/withdrawal", data={"act": "erase"}).status_code == 422
    client.post("/candidate/withdrawal", data={"act": "withdraw", "sure": "1"})
    assert "You have withdrawn" in client.get("/candidate").text
    assert client.post("/candidate/start").location == "/candidate" and address
    done = client.post("/candidate/withdrawal", data={"act": "erase", "sure": "1"})
    assert "erased" in done.text and done.headers["Clear-Site-Data"]
    assert client.get("/candidate").status_code == 303
    assert app.test_client().get(f"/c/{token}", follow_redirects=True).status_code == 404
    with app.app_context(), read_only():
        assert not db.session.scalars(select(Attempt)).all()
        people = db.session.scalars(select(Person).where(Person.email.endswith("erased.invalid"))).all()
        assert len(people) == 1
