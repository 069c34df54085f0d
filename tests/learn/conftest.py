"""A learner who knows the answers, and one who does not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms import assess, database, evidence, publishing
from lms.assess import Attempt
from lms.content import Item, questions
from lms.demo.respondent import respond
from lms.psychometrics.items import ItemParameters
from tests.cast import Cast

SURE = 40.0  # an ability that leaves nothing to chance


@pytest.fixture(autouse=True)
def _may_write() -> Iterator[None]:
    """A request of the test client leaves its transaction mode in this thread."""
    yield
    database.mode.reading.set(False)


@pytest.fixture
def trainee(signed_in: Callable[[str], FlaskClient]) -> FlaskClient:
    return signed_in("trainee")


@pytest.fixture
def finish(app: Flask, cast: Cast) -> Callable[..., Attempt]:
    """`finish(location, wrong=2)` ends the trainee's attempt at that address, the last `wrong` questions unanswered."""

    def run(location: str, wrong: int = 0) -> int:
        number = int(location.split("/")[2])
        with app.app_context():
            database.mode.reading.set(False)
            attempt = assess.attempt_of(cast.trainee, number, lock=True)
            answer_all(attempt, wrong)
            attempt.finish()
            database.db.session.commit()
        return number

    return run


def answer_all(attempt: Attempt, wrong: int = 0) -> None:
    units = evidence.parameters([item.revision_id for item in attempt.items])
    tab = attempt.take_over("a-test-page-0001").tab
    for item in attempt.items[: len(attempt.items) - wrong]:
        form = right(publishing.item(item.revision_id), item.instance, units[item.revision_id])
        attempt.answer(item.position, form, attempt.last_seq() + 1, f"key-of-question-{item.position:04}", tab)


def right(question: Item, instance: Mapping[str, Any], unit: ItemParameters) -> dict[str, list[str]]:
    """A form with full credit: one who tries and looks may miss it from an unlucky start."""
    forms = (respond(question, instance, unit, SURE, random.Random(seed)) for seed in range(50))
    return next(form for form in forms if _credit(question, instance, form) > 0.999)


def _credit(question: Item, instance: Mapping[str, Any], form: dict[str, list[str]]) -> float:
    return questions.mark(question, instance, questions.read_form(question, instance, form)).credit
