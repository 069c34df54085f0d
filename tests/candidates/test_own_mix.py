"""An own mix from HR's form to the desk of raters and HR's page of the candidate: questions, a work sample, a text."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import evidence
from lms.campaigns import Candidate, expected
from lms.database import db, read_only
from lms.lab.model import scheduler
from lms.lab.model.log import Action
from lms.lab.models import LabRun
from lms.rating.models import RatedWork
from tests.campaigns.steps import SignIn, invited
from tests.campaigns.test_expected import figures_with
from tests.candidates.stage import begin, enter, save
from tests.cast import Cast
from tests.html import page
from tests.lab import player
from tests.rating import writer

WHOLE = {"questions-communication": "4", "questions-content": "4", "questions-analytics": "0"}


def made_of(hr: FlaskClient, patch: pytest.MonkeyPatch) -> int:
    """The campaign of a mix whose figures were seen."""
    lengths = {skill: {"4": 0.8} for skill in ("communication", "content", "analytics")}
    patch.setattr(expected, "figures_of", lambda *_: figures_with(lengths=lengths))
    form = page(hr.get("/campaigns/new/smm_manager")).form("main form").fields
    mix = {name: value for name, value in form.items() if not name.startswith("task-")} | WHOLE
    mix |= {"form": "own", "task-W3": "y", "task-W4": "y"}
    seen = page(hr.post("/campaigns/new/smm_manager", data=mix)).one("input[name=seen]")["value"]
    return int(hr.post("/campaigns/new/smm_manager", data=mix | {"seen": seen}).location.split("/")[2])


def answer_all(client: FlaskClient, address: str) -> int:
    reply, count = save(client, address), 1
    while reply.location == address:
        reply, count = save(client, address), count + 1
    return count


def play(app: Flask, client: FlaskClient) -> str:
    """The week of posts, as well as can be; where it leads afterwards."""
    run = str(client.post("/candidate/start").location)
    with app.app_context(), read_only():
        best = scheduler.best(db.session.scalars(select(LabRun)).one().seed)
    whole = {f"slot_{at}": [str(slot)] for at, slot in enumerate(best)}
    return str(player.send(client, run, Action("next", 1, whole), 0).location)


def write(app: Flask, client: FlaskClient) -> str:
    address = str(client.post("/candidate/start").location)
    with app.app_context(), read_only():
        work = db.session.scalars(select(RatedWork)).one()
        fields = {name: value[0] for name, value in writer.whole(work, writer.REPLY).items()}
    return str(client.post(address, data={**writer.form(**fields), "hand_in": "1"}).location)


def test_an_own_mix_goes_from_the_form_to_ratings_and_results(
    app: Flask, client: FlaskClient, cast: Cast, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    hr = signed_in("hr")
    number = made_of(hr, monkeypatch)
    (link,) = invited(hr, number, "Ani Petrosyan, ani@example.am")
    enter(client, link.rpartition("/")[2])
    assert "A reply under criticism" in client.get("/candidate").text, "its parts are said before anything begins"
    assert 5 <= answer_all(client, begin(client)) <= 8
    assert "part 2 of 3" in client.get("/candidate").text
    assert client.get(write(app, client)).location == "/candidate"
    assert "part 3 of 3" in client.get("/candidate").text
    assert client.get(play(app, client)).location == "/candidate"
    assert "Everything is handed in" in client.get("/candidate").text
    with app.app_context():
        writer.name_raters(cast.person("instructor"), cast.person("hr"))
        writer.rate(cast.person("instructor"), 3)
        writer.rate(cast.person("hr"), 3)
        db.session.commit()
        candidate = db.session.scalars(select(Candidate)).one()
        assert candidate.finished_at
        assert {row.kind for row in evidence.work_rows([candidate.person_id])} == {"scheduler", "reply"}
        known = {name for name, cell in evidence.matrix_of(candidate.person_id).cells.items() if cell.n}
        assert {"communication", "content", "time_management"} <= known
        path = f"/campaigns/{number}/candidates/{candidate.id}"
    assert "Ani Petrosyan" in page(hr.get(f"/campaigns/{number}/results")).text("table.team")
    assert "Critical minima" in page(hr.get(path)).text("main")
