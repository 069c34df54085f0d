"""The certificate of a finished course."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms import publishing
from lms.database import db
from lms.evidence.models import Evidence
from lms.identity.models import Person
from lms.learn.models import Certificate
from tests.cast import Cast
from tests.html import page

pytestmark = pytest.mark.both_engines

Finish = Callable[..., int]


@pytest.fixture
def finished_course(trainee: FlaskClient, finish: Finish, app: Flask, cast: Cast) -> FlaskClient:
    finish(trainee.post("/courses/smm-foundations/pretests").location)
    with app.app_context():
        names = publishing.library().courses["C1"].modules
        db.session.get_one(Person, cast.trainee).name = "#eval(1) <b>Անի</b>"
        db.session.commit()
    for name in names:
        trainee.post(f"/modules/{name}/practice", data={"text": "Done", "hand_in": "1"})
    return trainee


def test_a_certificate_is_issued_once_and_anybody_may_verify_it(finished_course: FlaskClient, app: Flask) -> None:
    issue = 'form[action="/courses/smm-foundations/certificates"]'
    assert page(finished_course.get("/home")).has(issue), "the next thing to do"
    place = finished_course.post("/courses/smm-foundations/certificates").location
    assert not page(finished_course.get("/home")).has(issue)
    assert finished_course.post("/courses/smm-foundations/certificates").location == place
    stranger = app.test_client()
    shown = page(stranger.get(place))
    assert "#eval(1) <b>Անի</b>" in shown.text("main") and "noindex" in str(shown.one("meta[name=robots]"))
    document = stranger.get(f"{place}/certificate.pdf")
    assert document.mimetype == "application/pdf" and document.data.startswith(b"%PDF")
    assert document.data == stranger.get(f"{place}/certificate.pdf").data
    unknown = stranger.get("/certificates/aaaaa aaaaa-aaaab")
    assert unknown.status_code == 404 and "AAAAA-AAAAA-AAAAB" in unknown.text and "Այս կոդով" in unknown.text


@pytest.mark.one_engine
def test_a_certificate_says_what_it_said_when_it_was_issued(
    finished_course: FlaskClient, app: Flask, cast: Cast
) -> None:
    place = finished_course.post("/courses/smm-foundations/certificates").location
    before = page(app.test_client().get(place)).one("main")
    with app.app_context():
        db.session.get_one(Person, cast.trainee).name = "Another name"
        db.session.execute(Evidence.__table__.delete())
        db.session.commit()
    assert page(app.test_client().get(place)).one("main") == before
    with app.app_context():
        data = db.session.scalars(select(Certificate)).one().data
    assert {"modules", "cells", "cuts", "parameter_set"} <= data.keys()


@pytest.mark.one_engine
def test_an_unfinished_course_gives_no_certificate(trainee: FlaskClient, app: Flask) -> None:
    assert trainee.post("/courses/smm-foundations/certificates").location == "/courses/smm-foundations"
    with app.app_context():
        assert not db.session.scalar(select(func.count(Certificate.id)))


def test_a_course_merely_begun_gives_no_certificate_and_hides_no_finished_one(
    trainee: FlaskClient, finish: Finish, app: Flask
) -> None:
    trainee.post("/modules/C1.1/reading", data={"anchor": "idea", "reached": 2})
    finish(trainee.post("/courses/audience-and-customer/pretests").location)
    with app.app_context():
        names = publishing.library().courses["C2"].modules
    for name in names:
        trainee.post(f"/modules/{name}/practice", data={"text": "Done", "hand_in": "1"})
    ready = page(trainee.get("/certificates")).form("form:has(button.button-primary)")
    assert ready.action == "/courses/audience-and-customer/certificates"
    assert trainee.post("/courses/smm-foundations/certificates").location == "/courses/smm-foundations"
    with app.app_context():
        assert not db.session.scalar(select(func.count(Certificate.id)))
    assert trainee.post(ready.action).location.startswith("/certificates/")
