"""Work that a wrong clock ended goes on: both logs alike, by the person's page, with a reason that the trail keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms import clock, evidence
from lms.assess import Attempt, close_overdue
from lms.database import audit, db
from lms.lab import runs
from lms.lab.model import desk_bots, desk_questions
from lms.lab.models import LabRun
from lms.lab.tasks import TASKS
from lms.rating import desk, works
from lms.rating.tasks import TASKS as WRITTEN
from lms.worklog.reopening import reopen
from tests.assess.small import begin
from tests.cast import Cast
from tests.rating import writer

People = Callable[[str], FlaskClient]
AHEAD = timedelta(days=5)  # late entries are still kept


def ended_by_a_wrong_clock(cast: Cast) -> LabRun:
    """All steps but the last two in time, the rest after the wrong end."""
    run = runs.start(cast.person("trainee"), TASKS["metrics_desk"], language="en")
    log = desk_bots.log_of(desk_bots.key(desk_questions.ask(run.seed)))
    for base, action in enumerate(log):
        if base == len(log) - 2:
            clock.shift(AHEAD)
        runs.take(run, runs.Sent(action, f"key-{base:05}", base))
    clock.shift(timedelta(0))
    assert run.finished_by == "deadline"
    return run


def test_a_run_goes_on_and_what_came_after_the_wrong_end_counts(context: Flask, cast: Cast) -> None:
    run = ended_by_a_wrong_clock(cast)
    before = {row.sub for row in evidence.work_rows([cast.trainee])}
    reopen(runs.LOG, run, "the clock was 5 days ahead", cast.administrator)
    assert run.finished_by == "person", "its last decision was there already"
    assert runs.play_of(run)[0].is_done
    assert {row.sub for row in evidence.work_rows([cast.trainee])} > before
    entry = audit.newest(run.organisation_id)[0]
    assert (entry.action, entry.detail["reason"]) == ("work_reopened", ["", "the clock was 5 days ahead"])
    assert (entry.actor, entry.subject) == (cast.administrator, cast.trainee)


def test_a_run_whose_result_was_met_goes_on_as_practice(context: Flask, cast: Cast) -> None:
    run = ended_by_a_wrong_clock(cast)
    assert evidence.work_rows([cast.trainee])
    runs.note_result_shown(run)
    db.session.expire_all()
    reopen(runs.LOG, run, "a wrong clock", None)
    assert evidence.work_rows([cast.trainee]) == []


def test_a_text_goes_on_with_the_time_that_was_left(context: Flask, cast: Cast) -> None:
    work = works.start(cast.person("trainee"), WRITTEN["reply"], "hy")
    whole = writer.whole(work, writer.REPLY)
    left = work.deadline_at - clock.now()
    clock.shift(AHEAD)
    works.take(work, works.WorkDraft(whole, 0, writer.PAGE, 1))
    assert (work.finished_by, work.for_evidence, works.form_of(work)) == ("deadline", False, {})
    clock.shift(timedelta(minutes=30))
    reopen(works.LOG, work, "a wrong clock", None)
    assert work.finished_at is None
    assert abs(work.deadline_at - clock.now() - left) < timedelta(seconds=30)
    assert works.form_of(work) == whole
    works.finish(work)
    assert work.for_evidence, "what the wrong end found empty counts after all"


def test_what_cannot_go_on_says_why(context: Flask, cast: Cast) -> None:
    writer.name_raters(cast.person("instructor"))
    work = writer.write(cast.person("trainee"))
    with pytest.raises(ValueError, match="the person ended it"):
        reopen(works.LOG, work, "a wrong clock", None)
    work.finished_by = "deadline"
    with pytest.raises(ValueError, match="reason"):
        reopen(works.LOG, work, "", None)
    newer = works.start(cast.person("trainee"), WRITTEN["reply"], "hy")
    with pytest.raises(ValueError, match="another work"):
        reopen(works.LOG, work, "a wrong clock", None)
    works.finish(newer)
    db.session.flush()
    assert desk.take_next(cast.person("instructor"))
    with pytest.raises(ValueError, match="raters"):
        reopen(works.LOG, work, "a wrong clock", None)


def test_the_persons_page_offers_tests_and_works_alike(app: Flask, cast: Cast, signed_in: People) -> None:
    with app.app_context():
        attempt = begin(cast.person("trainee"), "one", "seven", seconds=600)
        run = runs.start(cast.person("trainee"), TASKS["scheduler"], language="en")
        work = works.start(cast.person("trainee"), WRITTEN["reply"], "hy")
        db.session.commit()
        numbers = {"test": attempt.id, "lab": run.id, "written": work.id}
        clock.shift(AHEAD)
        close_overdue()
        runs.finish(run)
        works.finish(work)
        db.session.commit()
        clock.shift(timedelta(0))
    client, page = signed_in("administrator"), f"/people/{cast.trainee}"
    shown = client.get(page).text
    for kind, number in numbers.items():
        assert f'id="reason-{kind}-{number}"' in shown
        form = {"kind": kind, "number": str(number)}
        assert client.post(f"{page}/reopened", data=form).status_code == 303
        assert f'id="reason-{kind}-{number}"' in client.get(page).text, "not without a reason"
        assert client.post(f"{page}/reopened", data=form | {"reason": "a wrong clock"}).status_code == 303
        other = client.post(f"/people/{cast.hr}/reopened", data=form | {"reason": "a wrong clock"})
        assert other.status_code == 404, "only what is that person's"
    assert "reason-" not in client.get(page).text
    with app.app_context():
        assert db.session.get_one(Attempt, numbers["test"]).submitted_at is None
        assert runs.run_of(cast.trainee, numbers["lab"]).finished_at is None
        assert works.work_of(cast.trainee, numbers["written"]).finished_at is None


def test_the_command_reopens_both_kinds_and_says_why_it_cannot(app: Flask, cast: Cast) -> None:
    with app.app_context():
        run, work = (
            runs.start(cast.person("trainee"), TASKS["inbox"]),
            works.start(cast.person("trainee"), WRITTEN["reply"], "hy"),
        )
        clock.shift(timedelta(hours=3))
        for log, each in ((runs.LOG, run), (works.LOG, work)):
            log.finish(each)
        db.session.commit()
        numbers = {"lab": run.id, "written": work.id}
    call = app.test_cli_runner().invoke
    for kind, number in numbers.items():
        reply = call(args=["works", "reopen", kind, str(number), "--reason", "a wrong clock"])
        assert reply.exit_code == 0, reply.output
        assert "min left" in reply.output
        again = call(args=["works", "reopen", kind, str(number), "--reason", "once more"])
        assert (again.exit_code, "runs, or the person ended it" in again.output) == (1, True)
    assert "KIND is one of lab, written" in call(args=["works", "reopen", "test", "1", "--reason", "x"]).output
    assert "there is no work 999" in call(args=["works", "reopen", "lab", "999", "--reason", "x"]).output
