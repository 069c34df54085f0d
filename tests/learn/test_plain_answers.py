"""An answer without a script goes the short way only where nothing stands against it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import publishing
from lms.assess import quick_save
from lms.assess.answer_form import PostedAnswer
from lms.assess.models import Response
from lms.content import questions
from lms.database import db
from tests.bench import walker
from tests.cast import Cast

pytestmark = pytest.mark.both_engines
MODULE = "/courses/smm-foundations/what-is-smm"


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the short way took each answer, in turn."""
    taken: list[bool] = []
    real = quick_save._receipt_of

    def noted(attempt_id: int) -> object:
        taken.append((receipt := real(attempt_id)) is not None)
        return receipt

    monkeypatch.setattr(quick_save, "_receipt_of", noted)
    return taken


def stored(app: Flask) -> list[dict[str, list[str]]]:
    with app.app_context():
        return list(db.session.scalars(select(Response.value).order_by(Response.id)))


def test_what_stands_against_an_answer_is_looked_at_by_the_long_way(
    app: Flask, trainee: FlaskClient, short: list[bool]
) -> None:
    begin = walker.address(trainee.get(MODULE).text, '/modules/[^"]+/checks')
    page = trainee.post(begin, follow_redirects=True).text
    action = walker.address(page, r"/attempts/\d+/responses")
    form = next(form for form in walker.questions(page) if walker.answers(form))
    fields = {name: walker.value(form, name) for name in ("item", "seq", "key", "tab")}
    given = dict(walker.answers(form))

    done = trainee.post(action, data=fields | given)
    assert short == [True] and done.status_code == 303 and f"after={fields['item']}" in done.location
    assert stored(app) == [{name: [value] for name, value in given.items()}]

    later = fields | {"key": "another-key-of-a-page-from-yesterday"}
    assert trainee.post(action, data=later | given).status_code == 409, "what is newer stands"
    assert trainee.post(action, data=fields | given).status_code == 303, "the same form again changes nothing"
    assert trainee.post(action, data=later | {"seq": "1000009"} | {"go": "2"}).status_code == 303, "nothing chosen"
    assert trainee.post(action, data=later | given | {"tab": "p-another-page"}).status_code == 409
    assert trainee.post(action, data=later | given | {"seq": "1000099", "take_over": "1"}).status_code in (303, 409)
    assert short == [True] + [False] * 5


def test_one_choice_for_two_and_an_unknown_question_are_no_usual_answers(context: Flask, cast: Cast) -> None:
    house = cast.person("trainee").organisation_id
    with publishing.content_of(house):
        numbered = publishing.items()
        asked = [(number, item, questions.new_instance(item, 7, publishing.reference())) for number, item in numbered]
    both = [(number, item, drawn) for number, item, drawn in asked if questions.deliver(item, drawn, "en", {}).extremes]
    number, item, drawn = both[0]
    first, second = (field.name for field in questions.deliver(item, drawn, "en", {}).extremes)
    one, other = (value for value, _ in questions.deliver(item, drawn, "en", {}).extremes[0].options[:2])

    def holds(revision: int, value: dict[str, list[str]]) -> bool:
        place: Any = SimpleNamespace(organisation_id=house, revision_id=revision, instance=drawn)
        posted = PostedAnswer(1, value, 1, "a-key-0001", "p-page")
        return quick_save._holds_together(place, posted)

    assert holds(number, {first: [one], second: [other]})
    assert not holds(number, {first: [one], second: [one]})
    assert not holds(number, {first: ["no such option"]})
    assert not holds(2**30, {first: [one], second: [other]})
