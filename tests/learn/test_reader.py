"""Reading a module: questions in the text, and the place that is kept."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms import evidence, publishing
from lms.database import db
from lms.evidence.models import Evidence
from lms.learn.models import Reading
from lms.learn.progress import progress_of
from tests.cast import Cast
from tests.html import page

pytestmark = pytest.mark.both_engines

MODULE = "/courses/smm-foundations/what-is-smm"


QUESTION = 'form[action^="/modules/C1.1/answers/"]'


@pytest.mark.one_engine
def test_a_question_in_the_text_is_explained_at_once_and_is_no_evidence(
    trainee: FlaskClient, app: Flask, cast: Cast
) -> None:
    form = page(trainee.get(MODULE)).form(QUESTION)
    answers = {name: next(filter(None, form.options(name)), "a") for name in form.names if name.startswith("answer")}
    reply = trainee.post(form.action, data=answers, follow_redirects=True)
    key = form.action.rpartition("/")[2]
    assert reply.status_code == 200 and page(reply).has(f'[id="item-{key}"] .explained')
    assert not page(reply).has(f'form[action="{form.action}"]'), "the form gives way to its explanation"
    assert page(trainee.get(f"{MODULE}?again={key}")).has(f'form[action="{form.action}"]')
    with app.app_context():
        assert key in evidence.seen_keys(cast.trainee)
        assert not db.session.scalar(select(func.count(Evidence.id)))


@pytest.mark.one_engine
def test_nothing_answered_is_said_beside_the_question(trainee: FlaskClient, app: Flask, cast: Cast) -> None:
    form = page(trainee.get(MODULE)).form(QUESTION)
    reply = trainee.post(form.action, data={}, follow_redirects=True)
    assert page(reply).has(f'form[action="{form.action}"] .error, [id="item-{form.action.rpartition("/")[2]}"] .error')
    with app.app_context():
        assert not evidence.seen_keys(cast.trainee)


@pytest.mark.one_engine
def test_questions_of_other_places_cannot_be_opened_through_a_module(trainee: FlaskClient, app: Flask) -> None:
    with app.app_context():
        other = next(item.id for _, item in publishing.items("pretest"))
    for key in (other, "no-such-item"):
        assert trainee.post(f"/modules/C1.1/answers/{key}", data={"answer": "a"}).status_code == 404


def test_the_place_is_kept_for_both_languages_and_only_moves_on(trainee: FlaskClient, app: Flask, cast: Cast) -> None:
    for data in ({"anchor": "example", "reached": 3}, {"anchor": "no-such-place", "reached": 1}):
        reply = trainee.post("/modules/C1.1/reading", data=data, headers={"Accept": "application/json"})
        assert reply.status_code == 204
    with app.app_context():
        row = db.session.scalars(select(Reading).filter_by(person_id=cast.trainee)).one()
        assert (row.anchor, row.reached, row.read_at) == ("example", 3, None)
    for language in ("hy", "en"):
        reply = trainee.post("/language", data={"language": language, "next": f"{MODULE}#example"})
        assert reply.location == f"{MODULE}#example"
        opened = page(trainee.get(MODULE))
        assert opened.has("#resume") and "#example" in opened.links()


@pytest.mark.one_engine
def test_without_a_script_a_button_marks_the_module_as_read(trainee: FlaskClient, app: Flask, cast: Cast) -> None:
    reply = trainee.post("/modules/C1.1/reading", data={"done": "1", "anchor": "check"})
    assert reply.location == f"{MODULE}#check"
    with app.app_context():
        assert progress_of(cast.trainee).modules["C1.1"].share_read == 1.0
