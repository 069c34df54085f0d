"""Calibrations that staff start: one at a time, with progress, an outcome, and an end on request."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms import clock
from lms.author import calibration_runs
from lms.author.calibration_runs import Calibrator
from lms.author.models import CalibrationRun
from lms.database import db
from lms.evidence import commands
from lms.evidence.models import EvidenceSummary
from lms.evidence.parameter_models import ItemParameter, ParameterSet
from lms.identity.models import Person
from lms.publishing.models import Revision
from tests.cast import Cast

SignIn = Callable[[str], FlaskClient]
STEPS = [{"step": {"number": n, "of": 2, "skill": skill, "answers": 5}} for n, skill in ((1, "content"), (2, "ads"))]


def says(monkeypatch: pytest.MonkeyPatch, lines: list[object], then: str = "") -> None:
    """The process of a calibration prints these lines, each as JSON."""
    program = f"import sys, time\nfor line in {[json.dumps(line) for line in lines]!r}: print(line, flush=True)\n{then}"
    monkeypatch.setattr(calibration_runs, "COMMAND", (sys.executable, "-c", program))


def until(calibrator: Calibrator, holds: Callable[[CalibrationRun], bool]) -> CalibrationRun:
    for _ in range(3_000):
        calibrator()
        run = db.session.scalars(select(CalibrationRun).order_by(CalibrationRun.id.desc())).first()
        if run is not None and holds(run):
            return run
        db.session.rollback()
        time.sleep(0.02)
    raise AssertionError("it never happened")


def test_staff_start_one_at_a_time_see_how_far_it_is_and_what_came_of_it(
    app: Flask, cast: Cast, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    instructor, calibrator = signed_in("instructor"), Calibrator()
    assert signed_in("trainee").post("/content/calibration").status_code == 403
    for _ in range(2):
        assert instructor.post("/content/calibration").status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count(CalibrationRun.id))) == 1, "one at a time"
        revision = db.session.scalars(select(Revision.id).where(Revision.kind == "item")).first()
        made = {"revision_id": revision, "n": 7, "a": 1.1, "b": [0.25], "c": 0.0, "sd_b": 0.3}
        moved = {"item": "x", "before": 0.0, "after": 0.25, "answers": 7}
        draft = {"draft": {"parameters": [made], "moved": [moved], "drifted": []}}
        says(monkeypatch, STEPS, f"sys.stdin.readline()\nprint({json.dumps(draft)!r})")
        run = until(calibrator, lambda run: run.step == 2)
        assert (run.steps, run.skill, run.answers, run.is_open) == (2, "ads", 10, True)
    page = instructor.get("/content/calibration").text
    assert "<progress" in page and "10" in page
    assert calibrator.process and calibrator.process.stdin
    calibrator.process.stdin.write(b"\n")
    calibrator.process.stdin.flush()
    with app.app_context():
        run = until(calibrator, lambda run: not run.is_open)
        kept = db.session.get_one(ItemParameter, (run.set_id, revision))
        assert (run.outcome, kept.a, kept.b, kept.n, kept.origin) == ("done", 1.1, [0.25], 7, "calibrated")
    assert instructor.post("/content/calibration").status_code == 303, "the next one may begin"


@pytest.mark.parametrize(
    ("lines", "then", "outcome"),
    [
        ([], "sys.exit(1)", "failed"),
        ([{"draft": {"parameters": [], "moved": [], "drifted": []}}], "", "empty"),
        (STEPS[:1], "time.sleep(60)", "stopped"),
    ],
)
def test_whatever_becomes_of_it_nothing_is_changed_and_the_next_may_begin(
    app: Flask, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch, lines: list[object], then: str, outcome: str
) -> None:
    instructor, calibrator = signed_in("instructor"), Calibrator()
    says(monkeypatch, lines, then)
    instructor.post("/content/calibration")
    with app.app_context():
        until(calibrator, lambda run: run.started_at is not None)
        process = calibrator.process
    if outcome == "stopped":
        instructor.post("/content/calibration/end")
    with app.app_context():
        run = until(calibrator, lambda run: not run.is_open)
        assert run.outcome == outcome and run.ended_at
        assert process is not None and process.poll() is not None
        assert not db.session.scalar(select(func.count(ParameterSet.id)))


def test_what_nobody_works_on_any_more_has_failed(app: Flask, cast: Cast) -> None:
    """The server died over it; while somebody else works on it, it is theirs."""
    with app.app_context():
        run = calibration_runs.ask(cast.person("instructor").organisation_id, cast.instructor)
        run.started_at = run.seen_at = clock.now()
        db.session.commit()
        Calibrator()()
        assert run.is_open
        db.session.rollback()
        clock.shift(calibration_runs.GONE + timedelta(seconds=1))
        Calibrator()()
        assert not run.is_open and run.outcome == "failed"


def test_where_several_organisations_have_answers_the_operator_starts_it(
    app: Flask, cast: Cast, signed_in: SignIn
) -> None:
    with app.app_context():
        other = db.session.get_one(Person, cast.ids["outsider"])
        db.session.add(EvidenceSummary(person_id=other.id, organisation_id=other.organisation_id))
        db.session.commit()
    signed_in("instructor").post("/content/calibration")
    with app.app_context():
        assert not db.session.scalars(select(CalibrationRun)).all()


def test_the_process_writes_nothing_and_says_all(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "_end_with_asker", lambda: None)
    done = app.test_cli_runner().invoke(args=["calibrate", "--beside"])
    assert json.loads(done.output.splitlines()[-1]) == {"draft": {"parameters": [], "moved": [], "drifted": []}}
