"""The way through a module: sit the check, hand in the practice, review; and where it leads on."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock
from lms.database import db
from lms.evidence.models import Evidence
from lms.learn import reviews
from lms.learn.progress import progress_of
from tests.cast import Cast, sign_in
from tests.html import Page, page

pytestmark = pytest.mark.both_engines

MODULE = "/courses/smm-foundations/what-is-smm"
Finish = Callable[..., int]


def next_address(opened: Page) -> str:
    """Where the page's one next thing leads."""
    button = opened.one(".card-next a.button, .card-next form")
    return str(button.get("href") or button["action"])


def test_a_result_tells_what_this_test_did_and_not_what_another_did_meanwhile(
    trainee: FlaskClient, finish: Finish
) -> None:
    first = trainee.post("/modules/C1.1/checks").location
    finish(trainee.post("/modules/C1.2/checks").location)
    number = finish(first)
    opened = page(trainee.get(f"/attempts/{number}/result"))
    told = re.search(r"New evidence: (\d+) answers", opened.text())
    counts = [row[-1].split(" → ") for row in opened.rows("table.matrix")]
    moved = sum(int(after) - int(before) for before, after in counts)
    assert told and moved == 2 * int(told[1]), "once by skill and once by sub-competency"


def test_a_check_waits_ten_minutes_after_the_last_one(
    trainee: FlaskClient, finish: Finish, app: Flask, cast: Cast
) -> None:
    start = trainee.post("/modules/C1.1/checks")
    assert trainee.post("/modules/C1.1/checks").location == start.location, "the open check goes on"
    finish(start.location, wrong=4)
    assert "#check" in trainee.post("/modules/C1.1/checks").location
    clock.shift(timedelta(minutes=10, seconds=1))
    again = trainee.post("/modules/C1.1/checks").location
    assert again.startswith("/attempts/") and again != start.location
    with app.app_context():
        assert progress_of(cast.trainee).modules["C1.1"].check_at is None


@pytest.mark.one_engine
def test_a_module_is_passed_by_its_check_and_its_practice(
    trainee: FlaskClient, finish: Finish, app: Flask, cast: Cast
) -> None:
    number = finish(trainee.post("/modules/C1.1/checks").location)
    result = page(trainee.get(f"/attempts/{number}/result"))
    assert "100%" in result.text(".score") and "/matrix/content.copy" in result.links()
    assert next_address(result) == f"{MODULE}#practice"
    with app.app_context():
        state = progress_of(cast.trainee).modules["C1.1"]
        assert state.check_at and not state.passed_at
    trainee.post("/modules/C1.1/practice", data={"text": "  ", "hand_in": "1"})
    with app.app_context():
        assert not progress_of(cast.trainee).modules["C1.1"].practice_at, "an empty text is not handed in"
    trainee.post("/modules/C1.1/practice", data={"text": "My rewrite"})
    with app.app_context():
        assert not progress_of(cast.trainee).modules["C1.1"].practice_at, "saved for later"
    trainee.post("/modules/C1.1/practice", data={"text": "My rewrite", "hand_in": "1"})
    assert "My rewrite" in trainee.get(MODULE).text
    with app.app_context():
        assert progress_of(cast.trainee).modules["C1.1"].passed_at
        evidence = db.session.scalars(select(Evidence)).all()
        assert {row.purpose for row in evidence} == {"check"}, "a practice text is no evidence"


def test_three_items_come_back_after_3_10_30_and_90_days(
    trainee: FlaskClient, finish: Finish, app: Flask, cast: Cast
) -> None:
    _pass(trainee, finish, "C1.1")
    assert trainee.post("/reviews").location == "/reviews", "nothing is due on the first day"
    seen: list[int] = []
    for days in (3, 10, 30, 90):
        clock.shift(timedelta(days=days, minutes=1))
        with app.app_context():
            due = reviews.due(progress_of(cast.trainee))
            seen.append(len(due))
            assert {card.stage for card in due} == {len(seen) - 1}
        sign_in(trainee, cast.trainee)  # the old session has run out by then
        finish(trainee.post("/reviews").location)
        with app.app_context():
            assert reviews.due(progress_of(cast.trainee)) == []
    assert seen == [3, 3, 3, 3]
    with app.app_context():
        assert reviews.cards(progress_of(cast.trainee)) == []
        assert {row.purpose for row in db.session.scalars(select(Evidence))} == {"check"}


@pytest.mark.one_engine
def test_an_item_answered_wrong_comes_back_tomorrow(
    trainee: FlaskClient, finish: Finish, app: Flask, cast: Cast
) -> None:
    _pass(trainee, finish, "C1.1")
    clock.shift(timedelta(days=3, minutes=1))
    finish(trainee.post("/reviews").location, wrong=1)
    clock.shift(timedelta(days=4, minutes=2))
    with app.app_context():
        assert [card.stage for card in reviews.due(progress_of(cast.trainee))] == [0]


@pytest.mark.one_engine
def test_a_passed_pre_test_leaves_only_the_practice_tasks(
    trainee: FlaskClient, finish: Finish, app: Flask, cast: Cast
) -> None:
    start = trainee.post("/courses/smm-foundations/pretests")
    finish(start.location)
    with app.app_context():
        states = progress_of(cast.trainee).modules
        assert states["C1.1"].tested_out and states["C1.1"].check_at and not states["C1.1"].passed_at
        assert states["C2.1"].check_at is None
    assert trainee.post("/courses/smm-foundations/pretests").location == "/courses/smm-foundations", "sat once"


@pytest.mark.one_engine
def test_a_failed_pre_test_skips_nothing(trainee: FlaskClient, finish: Finish, app: Flask, cast: Cast) -> None:
    finish(trainee.post("/courses/smm-foundations/pretests").location, wrong=4)
    with app.app_context():
        assert not progress_of(cast.trainee).modules["C1.1"].tested_out


def _pass(client: FlaskClient, finish: Finish, module: str) -> None:
    finish(client.post(f"/modules/{module}/checks").location)
    client.post(f"/modules/{module}/practice", data={"text": "Done", "hand_in": "1"})


@pytest.mark.one_engine
def test_after_a_failed_check_the_way_leads_back_to_it_whatever_else_was_begun(
    trainee: FlaskClient, finish: Finish
) -> None:
    trainee.post("/modules/C1.1/reading", data={"anchor": "idea", "reached": 2})
    number = finish(trainee.post("/modules/C1.2/checks").location, wrong=4)
    address = next_address(page(trainee.get(f"/attempts/{number}/result")))
    assert "/smm-foundations/" in address and "what-is-smm" not in address and address.endswith("#check")


@pytest.mark.one_engine
def test_after_the_last_step_of_a_module_the_way_leads_on(trainee: FlaskClient, finish: Finish) -> None:
    trainee.post("/modules/C1.1/practice", data={"text": "Done", "hand_in": "1"})
    number = finish(trainee.post("/modules/C1.1/checks").location)
    address = next_address(page(trainee.get(f"/attempts/{number}/result")))
    assert "what-is-smm" not in address
    assert "certificates" not in next_address(page(trainee.get("/home"))), "the course is merely begun"


@pytest.mark.one_engine
def test_after_a_pre_test_the_way_leads_to_its_course(trainee: FlaskClient, finish: Finish) -> None:
    trainee.post("/modules/C2.1/reading", data={"anchor": "idea", "reached": 2})
    number = finish(trainee.post("/courses/smm-foundations/pretests").location)
    assert next_address(page(trainee.get(f"/attempts/{number}/result"))) == f"{MODULE}#practice"


@pytest.mark.one_engine
def test_a_level_that_is_being_looked_for_is_gone_on_with(trainee: FlaskClient) -> None:
    address = trainee.post("/placements").location
    assert next_address(page(trainee.get("/matrix"))) in address
    assert not page(trainee.get("/home")).has('form[action="/placements"]'), "one way to one test"


@pytest.mark.one_engine
def test_a_check_failed_again_is_no_module_completed(trainee: FlaskClient, finish: Finish) -> None:
    trainee.post("/modules/C1.1/reading", data={"anchor": "sources", "reached": 8, "done": "1"})
    trainee.post("/modules/C1.1/practice", data={"text": "Done", "hand_in": "1"})
    first = finish(trainee.post("/modules/C1.1/checks").location)
    clock.shift(timedelta(minutes=10, seconds=1))
    second = finish(trainee.post("/modules/C1.1/checks").location, wrong=4)
    assert page(trainee.get(f"/attempts/{first}/result")).has(".done")
    assert not page(trainee.get(f"/attempts/{second}/result")).has(".done")
