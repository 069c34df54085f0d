"""How far a person is, reckoned from finished attempts: what counts is the first pass, and nothing moves afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock, evidence, publishing
from lms.content.model import Module
from lms.database import db
from lms.evidence.models import Evidence
from lms.learn import reviews
from lms.learn.certificate_text import _passed
from lms.learn.finished_attempts import FinishedAttempt
from lms.learn.models import PracticeWork, Reading
from lms.learn.next_evidence import open_modules, unseen_items
from lms.learn.progress import ModuleState, Progress, _state, progress_of
from lms.learn.specifications import CHECK, PRETEST, REVIEW
from tests.cast import Cast

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
FAILED, PASSED, BETTER = 0.5, 0.85, 1.0


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def attempt(
    at: float, credit: float, test: str = CHECK.name, subject: str = "C1.1", credits: Sequence[float] = ()
) -> FinishedAttempt:
    """credits: of its items, named i1, i2, …"""
    items = {f"i{place}": each for place, each in enumerate(credits, 1)}
    return FinishedAttempt(int(at * 10), test, subject, day(at), credit, items)


def state(*attempts: FinishedAttempt, pretest: FinishedAttempt | None = None, practice: float = 9) -> ModuleState:
    return _state("C1.1", attempts, pretest, None, day(practice))


def test_a_module_is_passed_on_the_day_of_its_first_passed_check() -> None:
    tries = [attempt(0, FAILED), attempt(1, PASSED), attempt(2, BETTER), attempt(3, FAILED)]
    assert state(*tries).check_at == day(1)
    assert state(attempt(0, BETTER, subject="C1.2"), *tries).check_at == day(1), "another module's check"
    assert state(attempt(0, FAILED)).check_at is None


def test_a_pre_test_counts_from_its_day_where_no_check_came_before() -> None:
    out = attempt(2, BETTER, PRETEST.name, "C1")
    assert state(attempt(1, PASSED), pretest=out).check_at == day(1)
    assert state(attempt(3, PASSED), pretest=out).check_at == day(2)
    assert state(pretest=attempt(2, FAILED, PRETEST.name, "C1")).check_at is None


def test_a_module_is_complete_when_the_later_of_check_and_practice_is_done() -> None:
    assert state(attempt(1, PASSED), practice=5).passed_at == day(5)
    assert state(attempt(7, PASSED), practice=5).passed_at == day(7)
    assert state(attempt(1, FAILED), practice=5).passed_at is None


def test_the_next_check_opens_ten_minutes_after_the_last_one() -> None:
    clock.shift(day(1) + timedelta(minutes=1) - datetime.now(UTC))
    opens = state(attempt(0, FAILED), attempt(1, FAILED)).opens_at()
    assert opens == day(1) + timedelta(minutes=10)
    assert state(attempt(0, FAILED)).opens_at() is None


CREDITS = (1.0, 0.2, 1.0, 0.9, 1.0, 0.0, 1.0, 1.0)


def test_the_weakest_three_of_the_passed_check_come_back() -> None:
    failed, passed = attempt(0, FAILED, credits=CREDITS[::-1]), attempt(1, PASSED, credits=CREDITS)
    assert reviews.chosen(state(failed, passed, attempt(2, BETTER, credits=(1.0,) * 8))) == ["i6", "i2", "i4"]


def test_of_a_module_tested_out_three_single_items_come_back_always_the_same(context: Flask) -> None:
    out = attempt(2, BETTER, PRETEST.name, "C1")
    for module in publishing.library().modules:
        tested_out = _state(module, (), out, None, day(9))
        chosen = reviews.chosen(tested_out)
        assert len(chosen) == 3 and chosen == reviews.chosen(tested_out)
        bank = {item.id: item for _, item in publishing.items(CHECK.pool, module=module)}
        assert all(bank[key].set_id is None for key in chosen), "without its table a question cannot be asked"


def test_an_item_answered_wrong_twice_comes_back_the_day_after_the_second_time() -> None:
    passed = state(attempt(1, PASSED, credits=CREDITS), practice=1)
    wrong = [attempt(at, 0, REVIEW.name, reviews.SUBJECT, (0.0,) * 8) for at in (4, 20)]
    cards = list(reviews._of_module(passed, Progress({"C1.1": passed}, {}, tuple(wrong))))
    assert {(card.stage, card.due_at) for card in cards} == {(0, day(21))}


def test_an_answer_that_was_partly_right_brings_a_question_no_further() -> None:
    passed = state(attempt(1, PASSED, credits=(1.0,) * 8), practice=1)
    partly = attempt(4, 0.5, REVIEW.name, reviews.SUBJECT, (0.5,) * 8)
    cards = reviews._of_module(passed, Progress({"C1.1": passed}, {}, (partly,)))
    assert {card.stage for card in cards} == {0}


def test_a_review_asks_what_is_due_first_and_no_more_than_its_most(monkeypatch: pytest.MonkeyPatch) -> None:
    cards = [SimpleNamespace(item=str(number)) for number in range(1, 30)]
    monkeypatch.setattr(reviews, "progress_of", lambda person: None)
    monkeypatch.setattr(reviews, "due", lambda progress: cards)
    monkeypatch.setattr("lms.publishing.revision_of", int)
    revisions = reviews.due_revisions(REVIEW, SimpleNamespace(id=1), "")  # type: ignore[arg-type]
    assert revisions == list(range(1, REVIEW.most + 1))


def test_a_certificate_tells_the_credit_of_the_check_that_passed(context: Flask) -> None:
    module = publishing.library().modules["C1.1"]
    told = _passed(module, state(attempt(0, FAILED), attempt(1, PASSED), attempt(2, BETTER)))
    assert (told["check"], told["passed_at"]) == (PASSED, day(9).isoformat())
    assert _passed(module, state(pretest=attempt(2, BETTER, PRETEST.name, "C1")))["check"] is None


@pytest.mark.both_engines
def test_handing_in_and_reading_to_the_end_keep_their_first_time(trainee: FlaskClient, app: Flask, cast: Cast) -> None:
    times = []
    for _ in range(2):
        trainee.post("/modules/C1.1/practice", data={"text": "My text", "hand_in": "1"})
        trainee.post("/modules/C1.1/reading", data={"done": "1"})
        with app.app_context():
            work, reading = db.session.scalars(select(PracticeWork)).one(), db.session.scalars(select(Reading)).one()
            times.append((work.handed_in_at, reading.read_at))
        clock.shift(timedelta(minutes=5))
    assert times[0] == times[1] and None not in times[0]


def test_what_was_seen_or_answered_gives_no_new_evidence(context: Flask, cast: Cast) -> None:
    before = {item.id for item, _ in unseen_items(cast.trainee)}
    (number, answered), (_, seen) = publishing.items("practice", module="C1.1")[:2]
    assert {answered.id, seen.id} <= before
    evidence.mark_seen(cast.trainee, seen.id, "embedded")
    place = {"item_key": answered.id, "revision_id": number, "sub": answered.sub, "kind": answered.type}
    db.session.add(Evidence(person_id=cast.trainee, attempt_id=1, purpose="check", category=1, categories=2,
                            answered_at=clock.now(), **place))  # fmt: skip
    db.session.flush()
    assert {item.id for item, _ in unseen_items(cast.trainee)} == before - {answered.id, seen.id}
    assert {item.id for item, _ in unseen_items(cast.candidate)} == before, "another person has seen nothing"


def test_a_passed_module_is_no_way_to_more_evidence(context: Flask, cast: Cast) -> None:
    progress, sub = progress_of(cast.trainee), publishing.library().modules["C1.1"].sub_competencies[0]

    def ahead(made: Progress) -> list[Module]:
        return open_modules(sub, made)

    first = ahead(progress)
    assert "C1.1" in {module.id for module in first}
    passed = Progress({**progress.modules, "C1.1": state(attempt(1, PASSED))}, {}, ())
    assert [module.id for module in ahead(passed)] == [module.id for module in first if module.id != "C1.1"]
