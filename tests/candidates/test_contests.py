"""An objection reaches those who can answer it, says no more than they may know, and comes back with a status."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock
from lms.campaigns import Candidate
from lms.candidates import result, timeline
from lms.candidates.models import CandidateEvent, GroupAnswer
from lms.candidates.timeline import innocent_reasons
from lms.competency import LevelStatement, MatrixStatement
from lms.database import db, read_only
from tests.candidates.stage import begin, enter, invited, save, short, the_candidate

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def contested(app: Flask, client: FlaskClient) -> FlaskClient:
    """A candidate who has contested question 1 and then the result."""
    enter(client, invited(app, **short(1)))
    save(client, begin(client))
    for about in ("1-1", "result"):
        client.post("/candidate/contest", data={"about": about, "text": f"Wrong: {about}"})
    return client


def test_hr_answers_and_both_see_the_status(contested: FlaskClient, signed_in: SignIn) -> None:
    hr = signed_in("hr")
    page = hr.get("/contests").text
    assert "Anna Candidate" in page and "Wrong: 1-1" in page and "Wrong: result" in page and "x-" in page
    assert hr.post("/contests/1", data={"status": "upheld", "answer": " "}).status_code == 422
    assert hr.post("/contests/1", data={"status": "upheld", "answer": "Two are right indeed."}).status_code == 303
    assert "you were right" in hr.get("/contests").text
    own = contested.get("/candidate/contest").text
    assert "Two are right indeed." in own and "you were right" in own and "not looked at yet" in own


def test_authors_see_the_question_without_a_name_and_outsiders_nothing(
    contested: FlaskClient, signed_in: SignIn
) -> None:
    author, outsider = signed_in("instructor"), signed_in("outsider")
    page = author.get("/contests").text
    assert "Wrong: 1-1" in page and "Anna" not in page and "Wrong: result" not in page and "/void" in page
    assert author.post("/contests/2", data={"status": "looked_at"}).status_code == 404  # the result is HR's to answer
    assert author.post("/contests/1", data={"status": "looked_at"}).status_code == 303
    assert "Wrong" not in outsider.get("/contests").text
    assert outsider.post("/contests/1", data={"status": "looked_at"}).status_code == 404
    assert signed_in("trainee").get("/contests").status_code == 403


def test_other_candidates_and_outsiders_open_nothing_of_it(app: Flask, client: FlaskClient, signed_in: SignIn) -> None:
    address = begin(enter(client, invited(app)))
    number, other = address.rpartition("/")[2], app.test_client()
    enter(other, invited(app, "Ben Candidate"))
    for stranger in (other, signed_in("outsider"), signed_in("hr"), signed_in("trainee")):
        for path in (address, f"{address}/state", f"{address}/submission"):
            assert stranger.get(path).status_code == 404
        for path in (f"{address}/responses", f"/candidate/notes/{number}", f"/candidate/pause/{number}"):
            assert stranger.post(path).status_code == 404
        assert "Anna" not in stranger.get("/candidate").text
    assert signed_in("outsider").get("/candidate").status_code == 404


def test_each_moment_has_an_innocent_explanation(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock stands: a busy machine takes longer to save an answer than what counts as fast."""
    enter(client, invited(app, **short(2)))
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    address = begin(client)
    save(client, address)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=1))
    save(client, address)
    with app.test_request_context("/"):
        candidate: Candidate = the_candidate()
        mine = {"candidate_id": candidate.id, "person_id": candidate.person_id}
        db.session.add(CandidateEvent(**mine, kind="left_page", position=2, amount=42.4))
        db.session.flush()
        moments = timeline(candidate)
        assert [moment.kind for moment in moments] == ["opened", "fast_answer", "left_page"]
        assert all(moment.text and moment.innocent for moment in moments)
        assert CandidateEvent.__table__.constraints and innocent_reasons().keys() >= {"device", "pasted", "offline"}


def test_what_is_said_of_oneself_is_kept_apart_and_can_be_taken_back(contested: FlaskClient, app: Flask) -> None:
    for given in ({"gender": "woman", "age": "999"}, {"gender": "woman", "region": "yerevan"}, {"region": "yerevan"}):
        assert contested.post("/candidate/groups", data=given).status_code == 303
    assert re.search('value="yerevan" *\n* *selected', contested.get("/candidate/groups").text)
    with app.app_context(), read_only():
        assert [(row.name, row.value) for row in db.session.scalars(select(GroupAnswer))] == [("region", "yerevan")]


CELL = LevelStatement("", 2, 2.0, 1.5, 2.5, None, 3, {}, ())


def test_strengths_and_what_to_learn_rest_on_what_is_known() -> None:
    subs = {"content": ("content.copy", "content.design"), "platforms": ("platforms.profile",), "creativity": ()}
    known = {"content": 3.0, "content.copy": 2.5, "content.design": 1.0, "platforms": 1.5}
    keys = [*subs, *(sub for each in subs.values() for sub in each)]
    cells = {
        key: replace(CELL, key=key, estimate=known.get(key, 0.0), level=2 if key in known else None) for key in keys
    }
    matrix = MatrixStatement(cells, subs)
    assert [cell.key for cell in result.strong(matrix)] == ["content", "platforms"]
    assert [cell.key for cell in result.weak(matrix)] == ["content.design", "content.copy"]
