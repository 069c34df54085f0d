"""Answers: what is acknowledged stays, repeats change nothing, the newest number wins and not the newest arrival."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lms import clock, evidence
from lms.assess import ActRefused, start
from lms.assess.models import ItemMark, Response
from lms.assess.page import sheet
from lms.assess.receipt import EPOCH
from lms.assess.results import results
from lms.database import db
from lms.evidence.models import Evidence, Seen
from lms.learn.specifications import CHECK, REVIEW
from tests.assess.small import TAB, TITLE, begin, right, wrong
from tests.cast import Cast

pytestmark = pytest.mark.both_engines

A, B = {"answer": ["a"]}, {"answer": ["b"]}
BASE = 2 * EPOCH  # `begin` makes the second writer


def test_a_repeated_key_gets_its_first_receipt_and_no_second_row(context: Flask, cast: Cast) -> None:
    attempt = begin(cast.person("trainee"), seconds=600)
    first = attempt.answer(1, A, BASE + 1, "key-0001", TAB)
    clock.shift(timedelta(seconds=20))
    assert attempt.answer(1, A, BASE + 1, "key-0001", TAB) == first
    assert db.session.scalar(select(func.count(Response.id))) == 1


def test_a_key_does_not_serve_for_another_answer(context: Flask, cast: Cast) -> None:
    attempt = begin(cast.person("trainee"))
    attempt.answer(1, A, BASE + 1, "key-0001", TAB)
    for position, value in ((1, B), (2, A)):
        with pytest.raises(ActRefused, match="key_reused"):
            attempt.answer(position, value, BASE + 2, "key-0001", TAB)


def test_the_newest_number_wins_not_the_newest_arrival(context: Flask, cast: Cast) -> None:
    attempt = begin(cast.person("trainee"))
    attempt.answer(1, B, BASE + 2, "key-0002", TAB)
    attempt.answer(1, A, BASE + 1, "key-0001", TAB)
    assert attempt.current_answers()[1].value == B


def test_a_page_that_lost_the_attempt_cannot_write_and_its_old_answers_stay_behind(context: Flask, cast: Cast) -> None:
    attempt = begin(cast.person("trainee"))
    writer = attempt.take_over("other-tab")
    with pytest.raises(ActRefused, match="other_tab"):
        attempt.answer(1, A, BASE + 1, "key-0001", TAB)
    attempt.answer(1, B, writer.epoch * EPOCH + 1, "key-0002", "other-tab")
    attempt.take_over("third-tab")
    attempt.answer(1, A, BASE + 1, "key-0001", "third-tab")  # the first page's journal, sent by who took over
    attempt.answer(2, A, BASE + 2, "key-0003", "third-tab")
    assert attempt.current_answers()[1].value == B
    assert attempt.current_answers()[2].value == A


def test_only_one_of_two_pages_that_take_over_at_once_gets_the_attempt(context: Flask, cast: Cast) -> None:
    attempt = begin(cast.person("trainee"))
    seen = attempt.writer().epoch
    attempt.take_over("tab-one", seen)
    with pytest.raises(ActRefused):
        attempt.take_over("tab-two", seen)


def test_an_answer_within_grace_counts_and_a_later_one_is_kept_as_late(context: Flask, cast: Cast) -> None:
    attempt = begin(cast.person("trainee"), "one", "seven", seconds=60)
    clock.shift(timedelta(seconds=60 + attempt.grace - 5))
    assert not attempt.answer(1, A, BASE + 1, "key-0001", TAB).late
    clock.shift(timedelta(seconds=60 + attempt.grace + 5))
    assert attempt.answer(1, B, BASE + 2, "key-0002", TAB).late
    assert attempt.current_answers()[1].value == A
    assert (attempt.finished_by, db.session.scalar(select(func.count(Response.id)))) == ("deadline", 2)


def test_extra_time_stretches_the_limit_and_pauses_do_not_count(context: Flask, cast: Cast) -> None:
    person = cast.person("trainee")
    person.extra_time = 1.5
    attempt = begin(person, seconds=100)
    assert attempt.time_left() == pytest.approx(150, abs=2)
    attempt.pause()
    clock.shift(timedelta(seconds=1000))
    assert attempt.time_left() == pytest.approx(150, abs=2)
    with pytest.raises(ActRefused, match="paused"):
        attempt.answer(1, A, BASE + 1, "key-0001", TAB)
    attempt.resume()
    attempt.extend(30, "power cut")
    assert attempt.time_left() == pytest.approx(180, abs=2)


def test_finishing_twice_marks_once(context: Flask, cast: Cast) -> None:
    attempt = begin(cast.person("trainee"), "one", "seven")
    attempt.answer(1, right(attempt, 1), BASE + 1, "key-0001", TAB)
    attempt.finish()
    ended = attempt.submitted_at
    clock.shift(timedelta(seconds=9))
    attempt.finish()
    db.session.commit()
    marks = db.session.scalars(select(ItemMark).order_by(ItemMark.id)).all()
    assert attempt.submitted_at == ended
    assert [mark.credit for mark in marks] == [1, 0]


def test_the_database_refuses_a_second_open_attempt_and_a_second_mark(context: Flask, cast: Cast) -> None:
    attempt = begin(cast.person("trainee"), "one")
    twin = {
        name: getattr(attempt, name)
        for name in ("person_id", "organisation_id", "purpose", "rules", "subject", "title", "seed")
    }
    with pytest.raises(IntegrityError):
        db.session.execute(type(attempt).__table__.insert().values(twin | {"started_at": clock.now(), "grace": 30}))
    db.session.rollback()
    attempt.finish()
    db.session.commit()
    mark = db.session.scalars(select(ItemMark)).one()
    with pytest.raises(IntegrityError):
        db.session.add(ItemMark(attempt_item_id=mark.attempt_item_id, category=0, categories=2, credit=0, chance=0))
        db.session.flush()


def test_starting_again_resumes_the_open_attempt_and_begins_anew_after_its_end(context: Flask, cast: Cast) -> None:
    person = cast.person("trainee")
    attempt = begin(person, "one", seconds=60)
    items = [item.revision_id for item in attempt.items]
    assert start(person, CHECK, "C1.1", TITLE, items).id == attempt.id
    clock.shift(timedelta(seconds=100))
    following = start(person, CHECK, "C1.1", TITLE, items)
    assert following.id != attempt.id
    assert attempt.finished_by == "deadline"


def test_only_the_first_answer_of_a_test_is_evidence(context: Flask, cast: Cast) -> None:
    person = cast.person("trainee")
    evidence.mark_seen(person.id, "seven", "embedded")
    first = begin(person, "one", "seven", "six")
    first.answer(1, wrong(first, 1), BASE + 1, "key-0001", TAB)
    first.finish()
    second = begin(person, "one", "eight", test=REVIEW)
    for position in (1, 2):
        second.answer(position, right(second, position), BASE + position, f"key-000{position}", TAB)
    second.finish()
    rows = db.session.scalars(select(Evidence).order_by(Evidence.id)).all()
    assert [(row.item_key, row.category, row.performance) for row in rows] == [("one", 0, False), ("six", 0, True)]
    assert set(db.session.scalars(select(Seen.item_key))) == {"one", "six", "seven", "eight"}


def test_a_page_that_ends_the_attempt_when_the_time_is_over_is_the_clock_and_not_the_person(
    context: Flask, cast: Cast
) -> None:
    attempt = begin(cast.person("trainee"), "one", "seven", "eight", seconds=60)
    attempt.answer(1, right(attempt, 1), BASE + 1, "key-0001", TAB)
    clock.shift(timedelta(seconds=61))  # within the grace
    attempt.finish()
    assert attempt.finished_by == "deadline"


def test_after_the_end_an_answer_is_kept_as_late_from_whatever_page_it_comes(context: Flask, cast: Cast) -> None:
    attempt = begin(cast.person("trainee"), "one", "seven", seconds=60)
    attempt.answer(1, A, BASE + 2, "key-0002", TAB)
    attempt.take_over("other-device")
    attempt.finish()
    receipts = [attempt.answer(1, B, BASE + 1, f"key-{older}", TAB, older=older) for older in (True, False)]
    assert [receipt.late for receipt in receipts] == [True, True]
    assert attempt.current_answers()[1].value == A
    assert [item.late for item in results(attempt, "en").items] == [True, False]


def test_the_persons_extra_time_is_taken_at_the_start_and_told(context: Flask, cast: Cast) -> None:
    person = cast.person("trainee")
    person.extra_time = 1.5
    attempt = begin(person, "one", seconds=600)
    person.extra_time = 4.0
    assert sheet(attempt, "en").extra == 5
    assert attempt.time_left() == pytest.approx(900, abs=2)
    person.extra_time = 1.0
    assert sheet(begin(person, "seven", seconds=600, subject="C1.2"), "en").extra == 0
