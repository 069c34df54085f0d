"""What a test will do, measured before use, and the mixes that HR makes by it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lms import clock, evidence
from lms.campaigns import expected
from lms.campaigns.models import Campaign, Expectation
from lms.campaigns.parts import Mix, minutes_of, parts_of, rules_of
from lms.database import db, may_write
from lms.identity.models import Organisation
from tests.campaigns.steps import made
from tests.cast import Cast
from tests.html import page


def test_what_a_test_will_do_is_measured_before_use_and_kept(hr: FlaskClient, app: Flask, cast: Cast) -> None:
    words = page(hr.get("/campaigns/new/smm_manager")).text("#offers")
    assert "being measured" in words
    with app.app_context():
        home, framework = cast.person("hr").organisation_id, evidence.framework()
        assert db.session.scalars(select(Expectation.measured_at)).all() == [None, None]
        parts = parts_of(framework, "screening", "smm_manager")
        row = expected.measure_now(home, framework, "smm_manager", parts, 60, 7)
        figures = row.figures or {}
        db.session.commit()
        assert figures["persons"] == 60 and 0 <= figures["false_pass"] <= 0.1 and figures["lines"][0]["below"] > 0.7
        assert set(figures["lengths"]["content"]) == {"4", "6", "8", "10", "12"}
        assert expected.figures_of(framework, "junior_smm", parts) == {}  # another role, other figures
    assert "Wrongly let through" in page(hr.get("/campaigns/new/smm_manager")).text("#offers")
    number = made(hr)
    with app.app_context():
        assert db.session.get_one(Campaign, number).expected["seed"] == 7


def test_whoever_saves_does_not_wait_for_a_measurement(
    hr: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    hr.get("/campaigns/new/smm_manager")

    def measured(*_given: object) -> dict[str, int]:
        with may_write(), db.engine.begin() as other:
            other.execute(update(Organisation).values(name=Organisation.name))
        return {"persons": 1}

    monkeypatch.setattr(expected, "_measured", measured)
    with app.app_context():
        assert (expected.measure_waiting(), expected.measure_waiting()) == (2, 0)


def test_the_figures_of_a_form_are_of_its_work_samples_too(context: Flask, cast: Cast) -> None:
    """What each of them alone decides is said, and another work sample is another promise."""
    home = cast.person("hr").organisation_id
    framework = evidence.framework(home)
    parts = parts_of(framework, "full", "smm_manager")
    row = expected.measure_now(home, framework, "smm_manager", parts, 50, 1)
    figures = row.figures or {}
    assert set(figures["works"]) == {"W1", "W2", "W5"} and figures["work_minutes"] == 30
    assert any(figures["works"].values()), "without its work samples the form decides less"
    alone = [part for part in parts if part["kind"] == "test"]
    assert expected.fingerprint(framework, "smm_manager", alone) != row.fingerprint
    assert expected.stored(home)[0][1][1:] == parts[1:]


def test_an_own_mix_holds_the_work_that_was_chosen(hr: FlaskClient, app: Flask) -> None:
    with app.app_context():
        framework = evidence.framework()
        mix = Mix({"communication": 6, "content": 4}, frozenset({"W1", "W3"}))
        parts = parts_of(framework, "own", "smm_manager", mix)
    assert [part.get("task") for part in parts] == [None, "W1", "W3"] and minutes_of(parts) > 18
    assert rules_of(parts).most == 10


def figures_with(**changes: object) -> dict[str, object]:
    told: dict[str, object] = dict.fromkeys(("false_pass", "false_fail", "open", "exposure"), 0.2)
    told |= dict.fromkeys(("questions", "longest", "shortest", "pool", "persons", "seed"), 6)
    told |= {"measured_at": clock.now().isoformat(), "content_version": "x", "lines": [], "works": {}, "confirmed": 0.0}
    lengths = {skill: {"4": 0.3, "6": 0.8} for skill in ("communication", "content", "analytics")}
    return told | {"undecided": [], "work_minutes": 4.0, "lengths": lengths} | changes


def test_the_page_offers_the_longer_test_that_shows_what_the_full_one_leaves_open(
    hr: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = figures_with(undecided=["communication.reviews", "analytics.goals"])
    monkeypatch.setattr(expected, "figures_of", lambda *_: told)
    opened = page(hr.get("/campaigns/new/smm_manager"))
    assert "never says “meets the role”" in opened.text("#offers")
    longer = str(opened.one(".offer a.button")["href"])
    form = page(hr.get(longer)).form("main form").fields
    assert form["form"] == "own" and form["seen"] and {"task-W3", "task-W5"} <= form.keys()
    reply = hr.post("/campaigns/new/smm_manager", data=form)
    assert reply.status_code == 303, "its figures are on the page already"
    with app.app_context():
        parts = db.session.scalars(select(Campaign)).one().parts
        assert "W3" in [part.get("task") for part in parts] and rules_of(parts).most == 18
    monkeypatch.setattr(expected, "figures_of", lambda *_: figures_with())
    assert not page(hr.get("/campaigns/new/smm_manager")).has(".offer a.button"), "nothing is left open"


def test_nobody_makes_an_own_mix_whose_figures_they_have_not_seen(
    hr: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expected, "figures_of", lambda *_: figures_with())
    form = page(hr.get("/campaigns/new/smm_manager")).form("main form").fields
    mix = {"form": "own", "questions-communication": "6", "task-W3": "y"}
    mix |= {"questions-content": "0", "questions-analytics": "0"}
    chosen = {name: value for name, value in form.items() if not name.startswith("task-")} | mix
    reply = hr.post("/campaigns/new/smm_manager", data=chosen)
    words = page(reply).text("main")
    assert reply.status_code == 422 and "Here is what your mix will do" in words and "about 4 min" in words
    assert "to be put right" not in words, "nothing is wrong with the mix"
    assert "too little is known" in words, "communication alone is less than half of the role"
    seen = page(reply).one("input[name=seen]")["value"]
    assert hr.post("/campaigns/new/smm_manager", data=chosen | {"seen": "communication:4"}).status_code == 422
    assert hr.post("/campaigns/new/smm_manager", data=chosen | {"seen": seen}).status_code == 303
    with app.app_context():
        parts = db.session.scalars(select(Campaign)).one().parts
        assert [part.get("task") for part in parts] == [None, "W3"]
