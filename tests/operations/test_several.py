"""Several servers over one PostgreSQL: heavy work once, a follower for staff, answers by month, limits of time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from lms import assess, clock, publishing
from lms.app import create_app
from lms.assess.models import ItemMark, Response
from lms.background import jobs
from lms.database import db, limit_statements, replica
from lms.identity.models import Person
from lms.learn.specifications import CHECK
from lms.privacy import erasure
from lms.web import lanes
from tests import cast as cast_module
from tests import databases
from tests.assess.forms import controls, hidden
from tests.assess.small import TITLE, begin
from tests.cast import Cast
from tests.html import page

SignIn = Callable[[str], FlaskClient]
POSTGRESQL = pytest.mark.parametrize("engine_name", ["postgresql"])


def another(database: tuple[str, Cast], folder: Path, **settings: object) -> Flask:
    """A second server on the same database."""
    return create_app({**databases.settings(database[0], folder), **settings})


@pytest.fixture
def second(database: tuple[str, Cast], workbench: Path) -> Iterator[Flask]:
    app = another(database, workbench, HMUT_READ_URL=database[0])
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@POSTGRESQL
def test_heavy_work_is_done_by_one_server_and_quick_work_by_both(app: Flask, second: Flask) -> None:
    done: list[str] = []
    under_way, over = threading.Event(), threading.Event()

    def long_job() -> None:
        done.append("first")
        under_way.set()
        over.wait(60)

    for server in (app, second):
        jobs.jobs_of(server)[:] = [lambda: done.append("quick")]
    jobs.jobs_of(app, jobs.HEAVY)[:] = [long_job]
    jobs.jobs_of(second, jobs.HEAVY)[:] = [lambda: done.append("second")]
    worker = threading.Thread(target=jobs.run_lane, args=(app, jobs.HEAVY))
    worker.start()
    under_way.wait(60)
    jobs.run_once(second)
    assert done == ["first", "quick"], "the second server leaves heavy work to the first"
    over.set()
    worker.join()
    jobs.run_once(second)
    assert done == ["first", "quick", "quick", "second"]


@POSTGRESQL
def test_what_one_server_does_the_other_knows(
    app: Flask, second: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session that ends, tries at a password, published content: nothing of it is one server's memory."""
    here, there = app.test_client(), second.test_client()
    for client in (here, there):
        cast_module.sign_in(client, cast.ids["trainee"])
    assert there.get("/home").status_code == 200
    with app.app_context():
        db.session.get_one(Person, cast.trainee).active = False
        db.session.commit()
    assert there.get("/home").status_code == 303
    for number in range(11):
        client = (here, there)[number % 2]
        reply = client.post("/sign-in", data={"email": "hr@example.org", "password": "wrong"})
    assert "quarter" in reply.text or reply.status_code == 429


@POSTGRESQL
def test_a_sitting_goes_on_though_each_request_meets_another_server(app: Flask, second: Flask, cast: Cast) -> None:
    """One browser, two servers in turn, from the first question to the result, saved by the short way (what is
    published) and by the long one: each page knows what the other server took, and at last both show the same."""
    browser = app.test_client()
    cast_module.sign_in(browser, cast.ids["trainee"])

    def ask(server: Flask, address: str, **form: object) -> TestResponse:
        browser.application = server
        return browser.post(address, **form) if form else browser.get(address)

    with app.app_context():
        attempt = begin(cast.person("trainee"))
        attempt.append(*[number for number, item in publishing.items(pool="placement") if item.type == "single"][:4])
        db.session.commit()
        ways = [address := f"/attempts/{attempt.id}"]
    for position in range(1, 13):
        here, there = (app, second) if position % 2 else (second, app)
        sheet = ask(here, ways[-1])
        assert len(page(sheet).all(".dot-answered")) == position - 1
        answer = hidden(sheet.text, position) | controls(sheet.text, position)
        reply = ask(there, f"{address}/responses", data=answer)
        assert reply.status_code == 303, reply.text
        ways.append(reply.headers["Location"])
    assert ["after=" in way for way in ways[1:]] == [False] * 8 + [True] * 4
    assert page(ask(second, ways[-1])).text("#missing") == "Every question has an answer."
    assert ask(app, f"{address}/submission", data={}).headers["Location"] == f"{address}/result"
    shown = [page(ask(server, f"{address}/result")).text("main") for server in (second, app)]
    assert shown[0] == shown[1] and "of 12" in shown[0]
    with app.app_context():
        assert all(db.session.scalars(select(ItemMark.response_id))), "each answer is marked"


@POSTGRESQL
def test_reading_pages_of_staff_go_to_the_follower_and_nothing_else(second: Flask, cast: Cast) -> None:
    asked: dict[str, list[str]] = {"first": [], "follower": []}
    with second.app_context():
        for name, engine in (("first", db.engine), ("follower", db.engines[replica.KEY])):
            event.listen(engine, "before_cursor_execute", lambda *call, name=name: asked[name].append(call[2]))
    hr, trainee = second.test_client(), second.test_client()
    cast_module.sign_in(hr, cast.ids["hr"])
    cast_module.sign_in(trainee, cast.ids["trainee"])
    assert hr.get("/team").status_code == 200
    assert any("FROM person" in line for line in asked["first"]), "who asks is looked up where sessions end"
    assert any("FROM standing" in line or "count(person.id)" in line for line in asked["follower"])
    asked["follower"].clear()
    assert trainee.get("/home").status_code == 200 and not asked["follower"]
    hr.post("/language", data={"language": "en", "next": "/team"})
    assert hr.get("/team").status_code == 200 and not asked["follower"], "who has just written reads what it wrote"


@POSTGRESQL
def test_without_its_follower_the_first_database_answers(
    database: tuple[str, Cast], workbench: Path, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = another(database, workbench, HMUT_READ_URL="postgresql+psycopg://nobody@127.0.0.1:9/nothing")
    hr = app.test_client()
    cast_module.sign_in(hr, cast.ids["hr"])
    assert hr.get("/team").status_code == 200
    monkeypatch.setattr(replica, "_look", lambda _engine: True)  # it seemed well a moment ago
    app.extensions.pop(replica.KEY)
    assert hr.get("/team").status_code == 200
    assert app.extensions[replica.KEY][1] is False, "and it is left alone for a while"
    with app.app_context():
        db.engine.dispose()


@POSTGRESQL
def test_a_statement_of_staff_has_a_time_limit_and_a_save_none(context: Flask) -> None:
    limit_statements(1)
    try:
        with pytest.raises(OperationalError, match="statement timeout"):
            db.session.execute(text("SELECT pg_sleep(60)"))
    finally:
        limit_statements(None)
    db.session.rollback()
    assert db.session.scalar(text("SHOW statement_timeout")) == "0"


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_pages_of_staff_leave_threads_to_those_who_save(app: Flask, signed_in: SignIn) -> None:
    """However many ask: some are worked on, some wait, the next is told to come again; a learner's page is not held."""
    hr, trainee = signed_in("hr"), signed_in("trainee")
    lane = app.extensions["staff_lane"]
    for _ in range(lanes.AT_ONCE):
        assert lane.enter()
    for _ in range(lanes.WAITING):
        lane.place.acquire()
    reply = hr.get("/team")
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, str(lanes.RETRY))
    assert trainee.get("/home").status_code == 200
    for _ in range(lanes.WAITING):
        lane.place.release()
    for _ in range(lanes.AT_ONCE):
        lane.leave()
    assert hr.get("/team").status_code == 200
    assert lane.place._value == lanes.AT_ONCE + lanes.WAITING, "a page that is done leaves the lane"


@POSTGRESQL
def test_answers_are_cut_by_month_and_everything_goes_on(app: Flask, cast: Cast) -> None:
    runner = app.test_cli_runner()

    def run(*words: str) -> str:
        done = runner.invoke(args=["partitions", *words])
        assert done.exit_code == 0, done.output
        return done.output

    with app.app_context():
        kept = sat(cast, "C1.1")
    assert "nothing was changed" in run("begin")
    assert "done" in run("begin", "--apply")
    assert runner.invoke(args=["partitions", "begin"]).exit_code == 1
    assert "this month has its part" in run("month")
    with app.app_context():
        assert sat(cast, "C1.2") > kept
        db.session.execute(text("SELECT setval('attempt_id_seq', (SELECT max(id) FROM attempt) + 2000)"))
        db.session.commit()
    clock.shift(timedelta(days=31))
    run("month", "--apply")
    with app.app_context():
        db.session.execute(text("SELECT setval('attempt_id_seq', (SELECT max(id) FROM attempt) + 4000)"))
        sat(cast, "C1.3")
        counted = dict(
            db.session.execute(text("SELECT tableoid::regclass::text, count(*) FROM response GROUP BY 1")).all()
        )
        assert sorted(counted.values()) == [4, 8] or sorted(counted.values()) == [4, 4, 4], counted
        erasure.carry_out(db.session.get_one(Person, cast.trainee), "erase", None)
        db.session.commit()
        assert not db.session.scalars(select(Response.id)).all()


def sat(cast: Cast, subject: str) -> int:
    """A finished check of four answers, one of them sent twice; the attempt's number."""
    chosen = [revision for revision, item in publishing.items(pool="placement") if item.type == "single"][:4]
    attempt = assess.start(cast.person("trainee"), CHECK, subject, TITLE, chosen, seed=1)
    attempt.take_over("page-of-a-test")
    for item in attempt.items:
        key, seq = f"key-{item.position:08}", attempt.last_seq() + 1
        for _ in range(2):
            attempt.answer(item.position, {"answer": ["a"]}, seq, key, "page-of-a-test")
    attempt.finish()
    db.session.commit()
    return attempt.id
