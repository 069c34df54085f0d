"""The weekly aim and its reminder, what home says of the last days, and what is said when something is finished."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock, database
from lms.background import smtp
from lms.background.mail import OutboxMail
from lms.background.smtp import Letter
from lms.database import db
from lms.identity.models import Person
from lms.learn.models import WeeklyAim
from lms.learn.reminders import BATCH, remind_due
from lms.learn.specifications import REVIEW
from lms.learn.week import week_start
from tests.cast import Cast, sign_in
from tests.html import page, words

MODULE = "/courses/smm-foundations/what-is-smm"
Finish = Callable[..., int]


@pytest.fixture
def at(app: Flask, trainee: FlaskClient, cast: Cast) -> Callable[..., None]:
    """`at(4, 12)`: Friday, noon in Yerevan, of next week; `weeks` later; the trainee is signed in then."""
    with app.app_context():
        monday = week_start(datetime.now(UTC)) + timedelta(days=7)

    def go(day: int, hour: int = 12, weeks: int = 0) -> None:
        moment = monday + timedelta(days=day, hours=hour, weeks=weeks)
        clock.shift(moment - datetime.now(UTC))
        sign_in(trainee, cast.trainee)

    return go


def letters(app: Flask) -> list[OutboxMail]:
    with app.app_context():
        database.mode.reading.set(False)
        remind_due()
        found = db.session.scalars(select(OutboxMail).where(OutboxMail.recipient == "trainee@example.org")).all()
        return [letter for letter in found if "/reminders/" in letter.body]


def aim(client: FlaskClient, choice: str, **more: str) -> str:
    reply = client.post("/aim", data={"aim": choice, **more})
    assert reply.location == "/home#aim"
    return page(client.get("/home")).text("#aim")


def test_an_aim_is_chosen_changed_and_dropped_and_the_message_stands_there(trainee: FlaskClient) -> None:
    assert "Set an aim" in page(trainee.get("/home")).text("#aim")
    said = aim(trainee, "modules-2")
    assert "Your weekly aim is set." in said and "modules completed: 0 of 2" in said
    assert "questions answered: 0 of 40" in aim(trainee, "answers-40")
    assert "Set an aim" in aim(trainee, "none")
    assert trainee.post("/aim", data={"aim": "modules-9000"}).status_code == 400
    assert trainee.post("/aim", data={"aim": ""}).status_code == 400


@pytest.mark.both_engines
def test_a_reminder_leaves_once_a_week_on_friday_in_the_persons_language_and_a_link_stops_it(
    trainee: FlaskClient, app: Flask, cast: Cast, at: Callable[..., None]
) -> None:
    with app.app_context():
        db.session.get_one(Person, cast.trainee).language = "hy"
        db.session.commit()
    at(0)
    aim(trainee, "modules-1", reminder="1")
    assert letters(app) == [], "Monday"
    at(4, 9)
    assert letters(app) == [], "before ten in the morning"
    at(4, 12)
    (letter,) = letters(app)
    assert letter.subject == "Ձեր այս շաբաթվա նպատակը" and "0 / 1" in letter.body
    assert re.search(r"/reminders/[\w-]{40,}", letter.body) and "/reminders/…" in letter.shown
    at(5, 12)
    assert len(letters(app)) == 1, "once a week"
    at(4, 12, weeks=1)
    assert len(letters(app)) == 2
    stranger, path = app.test_client(), re.search(r"/reminders/[\w-]+", letter.body)[0]
    assert page(stranger.get(path)).form().action == path
    at(4, 12, weeks=2)
    assert len(letters(app)) == 3, "opening the link changes nothing"
    app.config["WTF_CSRF_ENABLED"] = True  # a mail program's button has no page of ours behind it
    assert stranger.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not page(stranger.get(path)).has("main form")
    at(4, 12, weeks=3)
    assert len(letters(app)) == 3
    assert stranger.get("/reminders/nobody").status_code == 404


def test_a_reminder_has_the_mail_programs_button_and_other_letters_have_none(app: Flask) -> None:
    stop = "https://hmut.example/reminders/a-code_43"
    with app.app_context():
        bodies = (f"Stop:\n{stop}\n", "Hello")
        made, other = [smtp.message(Letter(1, "ani@example.am", "S", body, clock.now(), 1)) for body in bodies]
    assert (made["List-Unsubscribe"], made["List-Unsubscribe-Post"]) == (f"<{stop}>", "List-Unsubscribe=One-Click")
    assert "List-Unsubscribe" not in other


def test_no_letter_reminds_of_an_aim_that_is_met_was_not_asked_for_or_came_too_late(
    trainee: FlaskClient, app: Flask, cast: Cast, at: Callable[..., None], finish: Finish
) -> None:
    at(0)
    aim(trainee, "modules-1", reminder="1")
    finish(trainee.post("/modules/C1.1/checks").location)
    trainee.post("/modules/C1.1/practice", data={"text": "Done", "hand_in": "1"})
    assert "✓ Your aim of this week is met" in page(trainee.get("/home")).text("#aim")
    at(4)
    assert letters(app) == [], "met"
    at(0, weeks=1)
    assert "0 of 1" in page(trainee.get("/home")).text("#aim"), "another week"
    aim(trainee, "modules-1")
    at(4, weeks=1)
    assert letters(app) == [], "not asked for"
    aim(trainee, "modules-1", reminder="1")
    assert letters(app) == [], "set on Friday: this week is not reminded of"
    at(4, weeks=2)
    with app.app_context():
        db.session.get_one(Person, cast.trainee).active = False
        db.session.commit()
    assert letters(app) == [], "nobody's account any more"


def test_many_are_reminded_in_one_round(app: Flask, cast: Cast, at: Callable[..., None]) -> None:
    with app.app_context():
        owner = db.session.get_one(Person, cast.trainee).organisation_id
        people = [Person(organisation_id=owner, email=f"p{n}@example.org", name="P") for n in range(BATCH + 3)]
        db.session.add_all(people)
        db.session.flush()
        db.session.add_all(
            WeeklyAim(person_id=one.id, kind="answers", number=20, reminder=True, code=f"c{one.id}") for one in people
        )
        db.session.commit()
    at(4)
    with app.app_context():
        assert remind_due() == BATCH + 3
        assert remind_due() == 0


def test_home_tells_the_last_days_in_words_and_one_new_thing(trainee: FlaskClient, finish: Finish) -> None:
    finish(trainee.post("/modules/C1.1/checks").location)
    trainee.post("/modules/C1.1/practice", data={"text": "Done", "hand_in": "1"})
    opened = page(trainee.get("/home"))
    said = opened.text(".since")
    assert "You completed 1 module." in said and re.search(r"You answered \d+ questions", said)
    new = [link for link in opened.links(".card a") if re.match(r"/courses/[\w-]+/[\w-]+$", link)]
    assert new and MODULE not in new
    assert len(opened.all(".card-next")) == 1


def test_a_completed_module_says_so_and_when_its_questions_come_back(trainee: FlaskClient, finish: Finish) -> None:
    assert not page(trainee.get(MODULE)).has(".done")
    number = finish(trainee.post("/modules/C1.1/checks").location)
    assert not page(trainee.get(f"/attempts/{number}/result")).has(".done"), "the task is still to be handed in"
    reply = trainee.post("/modules/C1.1/practice", data={"text": "Done", "hand_in": "1"}, follow_redirects=True)
    for said in (page(reply).text("#practice-form .done"), page(trainee.get(MODULE)).text("#done")):
        assert "Module complete" in said and "1 of 5" in said and "come back for review from" in said
    assert "Module complete" in page(trainee.get(f"/attempts/{number}/result")).text(".done")


def test_after_a_failed_check_no_button_offers_what_is_forbidden(trainee: FlaskClient, finish: Finish) -> None:
    number = finish(trainee.post("/modules/C1.1/checks").location, wrong=4)
    for path in (f"/attempts/{number}/result", "/home"):
        card = page(trainee.get(path)).one(".card-next")
        assert "can be sat again from" in words(card) and not card.select("form"), path
    clock.shift(timedelta(minutes=11))
    assert "To the check" in page(trainee.get("/home")).text(".card-next")


def test_a_result_shows_the_wrong_answers_first_and_folds_the_right_ones(trainee: FlaskClient, finish: Finish) -> None:
    number = finish(trainee.post("/modules/C1.1/checks").location, wrong=2)
    opened = page(trainee.get(f"/attempts/{number}/result"))
    places = [str(one["id"]) for one in opened.all(".answer-whole")]
    right = [str(one["id"]) for one in opened.all("details.fold .answer-whole")]
    assert len(places) == len(set(places)) and places[2:] == right and len(right) >= 4
    assert not opened.has("details[open]") and "To look at again: 2" in opened.text()


def test_a_review_promises_what_it_asks(trainee: FlaskClient, finish: Finish, cast: Cast) -> None:
    for module in ("C1.1", "C1.2", "C1.3", "C1.4"):
        finish(trainee.post(f"/modules/{module}/checks").location)
        trainee.post(f"/modules/{module}/practice", data={"text": "Done", "hand_in": "1"})
    later = page(trainee.get("/reviews"))
    assert "Due today" not in later.text() and len(later.all(".levels li")) == 4, "a line for a module"
    clock.shift(timedelta(days=4))
    sign_in(trainee, cast.trainee)
    opened = page(trainee.get("/reviews"))
    assert f"review today: {REVIEW.most}. After these, 2 more" in opened.text(".card-next")
    assert len(opened.all(".levels li")) == 4 and "2026" not in opened.text(".levels")
    place = trainee.post("/reviews").location
    number = finish(place)
    assert "2" in page(trainee.get(f"/attempts/{number}/result")).text(".card-next")


def test_the_owner_of_a_certificate_is_offered_its_link_and_nobody_else(
    trainee: FlaskClient, finish: Finish, app: Flask
) -> None:
    finish(trainee.post("/courses/smm-foundations/pretests").location)
    for number in range(1, 6):
        trainee.post(f"/modules/C1.{number}/practice", data={"text": "Done", "hand_in": "1"})
    course = page(trainee.get("/courses/smm-foundations"))
    assert "Course finished" in course.text(".done-course") and course.all(".done-course .levels li")
    place = trainee.post("/courses/smm-foundations/certificates").location
    assert str(page(trainee.get(place)).one("#share-link")["value"]).endswith(place)
    assert not page(app.test_client().get(place)).has("#share-link")
    assert place in page(trainee.get("/courses/smm-foundations")).links(".done-course a")
