"""Runs: nothing is lost, the score is the log's, one run of a period is evidence, and nobody reads another's."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock, evidence
from lms.database import db
from lms.evidence.models import WorkEvidence
from lms.lab import runs
from lms.lab.model import marks
from lms.lab.model.log import Action
from lms.lab.models import LabAction, LabRun
from lms.lab.tasks import TASKS
from tests.cast import Cast
from tests.lab import player

People = Callable[[str], FlaskClient]


def number_of(run: str) -> int:
    return int(run.rsplit("/", 1)[1])


@pytest.mark.both_engines
def test_a_run_from_the_first_card_to_the_matrix(app: Flask, cast: Cast, signed_in: People) -> None:
    client = signed_in("trainee")
    run = player.begin(client)
    assert player.begin(client) == run, "an open run is gone on with"
    player.play(client, run)
    page = client.get(f"{run}/result")
    assert page.status_code == 200
    assert "What you changed" in page.text
    assert "What to learn next" in page.text
    picture = client.get(f"{run}/picture.svg")
    assert picture.mimetype == "image/svg+xml"
    assert "Trainee" not in picture.text
    assert re.search(r'width="[1-9]\d{3}" height="[1-9]\d{3}"', picture.text), "a canvas asks for its size"
    with app.app_context():
        found = runs.run_of(cast.trainee, number_of(run))
        assert found.finished_by == "person"
        assert found.outcome == marks.canonical(runs.outcome_of(found)), "recomputed byte for byte from the log"
        rows = evidence.work_rows([cast.trainee])
        assert {row.sub: row.category for row in rows} == runs.outcome_of(found)["units"]
        assert all(row.provisional and row.kind == "lab" for row in rows)
        matrix = evidence.matrix_of(cast.trainee)
        assert matrix.cells["creativity.concept"].n == 1
        assert matrix.cells == evidence.matrices_of([cast.trainee])[cast.trainee].cells
        assert evidence.history(cast.trainee)[-1][1].cells["creativity.concept"].n == 1
    page = client.get("/matrix/creativity.concept").text
    assert f'href="{run}/result"' in page, "the cell leads to the run"


def test_a_second_run_in_the_period_is_practice(app: Flask, cast: Cast, signed_in: People) -> None:
    for moved in (0, 30, 91):
        clock.shift(timedelta(days=moved))
        client = signed_in("trainee")
        player.play(client, player.begin(client, "kodanur"), 7)
    with app.app_context():
        counted = {row.work_id for row in db.session.scalars(select(WorkEvidence))}
        every = db.session.scalars(select(LabRun).order_by(LabRun.id)).all()
        assert counted == {every[0].id, every[2].id}
        assert len({run.seed for run in every}) == 3, "every run meets other people"


def test_what_was_sent_twice_counts_once_and_an_older_page_changes_nothing(app: Flask, signed_in: People) -> None:
    client = signed_in("trainee")
    run = player.begin(client)
    save = Action("save", 1, {"windows": ["noon"]})
    first = player.send(client, run, save, 0, "one-and-the-same", script=True)
    again = player.send(client, run, save, 0, "one-and-the-same", script=True)
    assert first.json == again.json == {"saved": True, "number": 1, "finished": False}
    other = player.send(client, run, Action("save", 1, {"windows": ["evening"]}), 0, "one-and-the-same", script=True)
    assert (other.status_code, other.json["error"]) == (409, "key_reused")
    older = player.send(client, run, Action("save", 1, {"windows": ["evening"]}), 0, script=True)
    assert older.status_code == 409
    assert older.json == {"saved": False, "error": "newer", "number": 1, "last": "one-and-the-same"}
    assert player.send(client, run, Action("save", 1, {"windows": ["evening"]}), 0).status_code == 409
    device = signed_in("trainee").get(run).text
    assert re.search(r'value="noon"\s+checked', device), "another device goes on where this one stopped"
    assert 'name="base" value="1"' in device


def test_undo_takes_back_one_choice_and_the_log_keeps_both(app: Flask, signed_in: People) -> None:
    client = signed_in("trainee")
    run = player.begin(client)
    player.send(client, run, Action("save", 1, {"windows": ["noon"]}), 0)
    player.send(client, run, Action("save", 1, {"windows": ["evening"]}), 1)
    player.send(client, run, Action("undo", 1, {}), 2)
    page = client.get(run).text
    assert re.search(r'value="noon"\s+checked', page)
    assert not re.search(r'value="evening"\s+checked', page)
    with app.app_context():
        assert len(db.session.scalars(select(LabAction)).all()) == 3


def test_a_step_that_lacks_something_is_kept_and_says_what(signed_in: People) -> None:
    client = signed_in("trainee")
    run = player.begin(client)
    reply = player.send(client, run, Action("next", 1, {"segments": ["0"], "windows": ["noon", "evening"]}), 0)
    assert reply.status_code == 422
    assert 'role="alert"' in reply.text
    assert re.search(r'value="noon"\s+checked', client.get(run).text)


def test_a_week_does_not_go_out_with_a_post_that_was_emptied_again(app: Flask, cast: Cast, signed_in: People) -> None:
    client = signed_in("trainee")
    run = player.begin(client)
    done = player.play(client, run, 3)
    emptied = {**player.STEPS[3], "p1_topic": [""]}
    player.send(client, run, Action("save", 3, emptied), done)
    reply = player.send(client, run, Action("next", 4, player.STEPS[4]), done + 1)
    assert (reply.status_code, "Step 3: Post 2 is not whole yet" in reply.text) == (422, True)
    player.send(client, run, Action("save", 3, player.STEPS[3]), done + 2)
    assert player.send(client, run, Action("next", 4, player.STEPS[4]), done + 3).status_code == 303
    with app.app_context():
        assert runs.play_of(runs.run_of(cast.trainee, number_of(run)))[0].step == 5


def test_what_comes_after_the_end_is_kept_as_late_and_changes_nothing(
    app: Flask, cast: Cast, signed_in: People
) -> None:
    client = signed_in("trainee")
    run = player.begin(client)
    done = player.play(client, run, 4)
    clock.shift(timedelta(minutes=TASKS["campaign"].limit + 1))
    assert f"{run}/end" in client.get(run).text
    player.send(client, run, Action("next", 5, player.STEPS[5]), done)
    with app.app_context():
        found = runs.run_of(cast.trainee, number_of(run))
        log = runs.log_of(found)
        assert (found.finished_by, log[-1].late, len(log)) == ("deadline", True, done + 1)
        outcome = runs.outcome_of(found)
        assert set(outcome["steps"]) == {"1", "2", "3", "4"}
        assert evidence.counts_as_evidence(cast.trainee, "lab tonir", found.id), "its results were seen"
    assert client.get(f"{run}/result").status_code == 200
    clock.shift(timedelta(days=9))
    assert player.send(client, run, Action("save", 5, {}), done + 1, script=True).json["error"] == "too_late"


def test_a_run_that_ran_out_before_its_week_went_out_is_no_evidence(app: Flask, cast: Cast, signed_in: People) -> None:
    client = signed_in("trainee")
    run = player.begin(client)
    player.play(client, run, 2)
    assert client.post(f"{run}/end").location == run, "there is still time"
    clock.shift(timedelta(minutes=TASKS["campaign"].limit + 1))
    assert client.post(f"{run}/end").location == f"{run}/result"
    assert client.get(f"{run}/result").status_code == 200
    with app.app_context():
        assert not evidence.work_rows([cast.trainee])


@pytest.mark.parametrize(
    "form",
    [
        {"key": "short", "base": "0"},
        {"key": "long-enough", "base": "-1"},
        {"key": "long-enough", "base": "0", "act": "win"},
        {"key": "long-enough", "base": "0", "kpi": "x" * 41},
    ],
)
def test_what_no_page_of_ours_sends_is_refused(signed_in: People, form: dict[str, str]) -> None:
    client = signed_in("trainee")
    assert client.post(f"{player.begin(client)}/steps/1", data=form).status_code == 400


def test_nobody_else_opens_a_run_and_the_instructor_sees_means_only(signed_in: People) -> None:
    client = signed_in("trainee")
    run = player.begin(client)
    player.play(client, run)
    for path in ("", "/result", "/picture.svg"):
        assert signed_in("outsider").get(run + path).status_code in (403, 404)
    assert client.get("/lab/losses").status_code == 403
    page = signed_in("instructor").get("/lab/losses").text
    assert page.count("<tr>") == 8
