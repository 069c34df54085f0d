"""One stated rule per kind of end: what an unanswered question counts, whoever or whatever ended the test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock
from lms.assess import Attempt, Specification, close_overdue, start
from lms.assess.delivery import advance
from lms.assess.receipt import EPOCH
from lms.assess.results import mean_credit, results
from lms.database import db
from lms.evidence import seen_keys
from lms.evidence.models import Evidence
from lms.learn.specifications import CHECK, PLACEMENT
from tests.assess.forms import SignIn, controls, hidden
from tests.assess.small import TAB, TITLE, begin, right, shelve
from tests.cast import Cast

SHEET_RULE = "A question without an answer counts as wrong, whether you end the test or the time does."
BLANK_RULE = "A test in which you answer nothing at all says nothing about you and does not enter the matrix"
SHOWN_RULE = "The question that you only see when you stop does not count."


def by_person(attempt: Attempt) -> None:
    attempt.finish()


def by_clock(_attempt: Attempt) -> None:
    db.session.commit()  # a job looks for what is there for all
    clock.shift(timedelta(seconds=100))
    assert close_overdue() == 1


def evidence() -> list[tuple[str, int]]:
    rows = db.session.scalars(select(Evidence).order_by(Evidence.id))
    return [(row.item_key, row.category) for row in rows]


@pytest.mark.parametrize("end", [by_person, by_clock])
def test_on_a_sheet_every_question_counts_whoever_ends_it(
    context: Flask, cast: Cast, end: Callable[[Attempt], None]
) -> None:
    attempt = begin(cast.person("trainee"), "one", "seven", "eight", seconds=60)
    attempt.answer(2, right(attempt, 2), 2 * EPOCH + 1, "key-0001", TAB)
    end(attempt)
    assert evidence() == [("one", 0), ("seven", 1), ("eight", 0)]


@pytest.mark.parametrize("end", [by_person, by_clock])
def test_a_form_without_a_single_answer_is_no_evidence_but_seen(
    context: Flask, cast: Cast, end: Callable[[Attempt], None]
) -> None:
    """Nobody has sat it. Opening test after test to answer only what is sure does not pay: the keys count as seen."""
    attempt = begin(cast.person("trainee"), "one", "seven", seconds=60)
    attempt.answer(1, {}, 2 * EPOCH + 1, "key-0001", TAB)
    end(attempt)
    assert evidence() == []
    assert seen_keys(cast.trainee) == {"one", "seven"}


def one_by_one(cast: Cast, test: Specification, *keys: str) -> Attempt:
    revisions = shelve()
    bank = [revisions[key] for key in keys or ("one", "seven")]
    attempt = start(cast.person("trainee"), test, "one by one", TITLE, bank)
    attempt.take_over(TAB)
    return attempt


FORWARD = replace(CHECK, name="forward", selection="whole", seconds=60, revisit=False)
ADAPTIVE = replace(PLACEMENT, name="short", seconds=60, most=2)


@pytest.mark.parametrize("end", [by_person, by_clock])
def test_what_an_adaptive_test_merely_showed_next_does_not_count(
    context: Flask, cast: Cast, end: Callable[[Attempt], None]
) -> None:
    attempt = one_by_one(cast, ADAPTIVE)
    attempt.answer(1, right(attempt, 1), 2 * EPOCH + 1, "key-0001", TAB)
    advance(attempt, 1)
    assert len(attempt.items) == 2
    end(attempt)
    assert [category for _, category in evidence()] == [1]


def test_what_an_adaptive_test_was_asked_and_passed_over_counts_to_its_last_question(
    context: Flask, cast: Cast
) -> None:
    attempt = one_by_one(cast, ADAPTIVE)
    for position, form in ((1, right(attempt, 1)), (2, {})):
        attempt.answer(position, form, 2 * EPOCH + position, f"key-000{position}", TAB)
        advance(attempt, position)
    assert attempt.submitted_at
    assert [category for _, category in evidence()] == [1, 0]


def test_an_adaptive_test_passed_over_as_a_whole_is_no_evidence(context: Flask, cast: Cast) -> None:
    attempt = one_by_one(cast, ADAPTIVE)
    for position in (1, 2):
        attempt.answer(position, {}, 2 * EPOCH + position, f"key-000{position}", TAB)
        advance(attempt, position)
    assert attempt.submitted_at
    assert evidence() == []


@pytest.mark.parametrize("end", [by_person, by_clock])
def test_a_fixed_form_one_by_one_counts_what_was_opened_and_is_judged_whole(
    context: Flask, cast: Cast, end: Callable[[Attempt], None]
) -> None:
    attempt = one_by_one(cast, FORWARD, "one", "seven", "eight")
    attempt.answer(1, right(attempt, 1), 2 * EPOCH + 1, "key-0001", TAB)
    advance(attempt, 1)
    assert len(attempt.items) == 2
    end(attempt)
    assert evidence() == [("one", 1), ("seven", 0)], "opened and left: wrong; never reached: no evidence"
    outcome = results(attempt, "en")
    assert [item.key for item in outcome.items] == ["one", "seven", "eight"], "nobody passes by stopping early"
    assert outcome.credit == pytest.approx(1 / 3)


def stop_a_placement_after_one_answer(client: FlaskClient) -> str:
    address = client.post("/placements").headers["Location"]
    page = client.get(address).text
    assert SHOWN_RULE in page
    client.post(f"{address}/responses", data=hidden(page, 1) | controls(page, 1))
    return str(client.get(client.post(f"{address}/submission").headers["Location"]).text)


def test_the_rule_stands_on_the_page_before_and_after(app: Flask, cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("trainee")
    check = client.post("/modules/C1.1/checks").headers["Location"]
    assert SHEET_RULE in client.get(check).text
    assert BLANK_RULE in client.get(check).text
    assert SHEET_RULE in client.get(client.post(f"{check}/submission").headers["Location"]).text
    assert SHOWN_RULE in stop_a_placement_after_one_answer(client)
    with app.app_context():
        assert db.session.scalar(select(db.func.count(Evidence.id)).filter_by(purpose="placement")) == 1


def test_a_question_comes_only_after_an_answer_to_the_last_one(context: Flask, cast: Cast) -> None:
    attempt = one_by_one(cast, replace(ADAPTIVE, most=8))
    advance(attempt, 1)
    assert len(attempt.items) == 1 and not attempt.submitted_at
    attempt.answer(1, right(attempt, 1), 2 * EPOCH + 1, "key-0001", TAB)
    advance(attempt, 1)
    advance(attempt, 1)
    assert len(attempt.items) == 2 and not attempt.submitted_at, "asked twice, put once"


def test_the_end_waits_for_grace_pauses_and_time_that_was_given(context: Flask, cast: Cast) -> None:
    """What was sent at the last second is still under way when the time ends."""
    attempt = begin(cast.person("trainee"), "one", seconds=60)
    attempt.grace = 30
    attempt.extend(40)
    attempt.pause()
    clock.shift(timedelta(seconds=200))
    db.session.commit()
    assert close_overdue() == 0, "paused"
    attempt.resume()
    for seconds, closed in ((200 + 55, 0), (200 + 65, 0), (200 + 105, 0), (200 + 125, 0), (200 + 135, 1)):
        clock.shift(timedelta(seconds=seconds))
        db.session.commit()
        assert close_overdue() == closed, seconds
    assert attempt.finished_by == "deadline"


def test_an_attempt_without_a_limit_is_never_overdue(context: Flask, cast: Cast) -> None:
    begin(cast.person("trainee"), "one")
    clock.shift(timedelta(days=3000))
    assert close_overdue() == 0


def test_a_mean_credit_counts_parts_of_answers() -> None:
    assert mean_credit([1.0, 0.5, 0.0, 0.5]) == 0.5
    assert mean_credit([]) == 0
