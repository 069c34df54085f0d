"""The sitting over HTTP: plain forms, the script's JSON, and doors that stay shut."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from lms import clock
from lms.assess import Attempt, quick_save
from lms.assess.models import ItemMark, Response
from lms.assess.page import _current, sheet
from lms.assess.results import results
from lms.database import db
from tests.assess import small
from tests.assess.forms import JSON, Sat, SignIn, controls, hidden, script
from tests.assess.small import TAB, begin
from tests.cast import Cast

pytestmark = pytest.mark.both_engines


def test_a_check_is_sat_from_first_to_last_question_with_plain_forms(attempt: Sat, signed_in: SignIn) -> None:
    client, address = signed_in("trainee"), f"/attempts/{attempt.id}"
    where = address
    for position in range(1, 9):
        page = client.get(where).text
        reply = client.post(f"{address}/responses", data=hidden(page, position) | controls(page, position))
        assert reply.status_code == 303, reply.text
        where = reply.headers["Location"]
    assert where.endswith("item=end")
    assert "Every question has an answer." in client.get(where).text
    reply = client.post(f"{address}/submission")
    assert reply.headers["Location"] == f"{address}/result"
    assert client.get(address).headers["Location"] == f"{address}/result"
    marks = attempt.look(select(ItemMark))
    assert len(marks) == 8
    assert all(mark.response_id for mark in marks)


@pytest.mark.parametrize(
    ("open_ones", "wanted", "after", "current"),
    [((1, 2), None, 1, 2), ((1, 2), None, 0, 1), ((1,), None, 2, 1), ((), None, 1, None), ((1,), "3", 0, 3)],
)
@pytest.mark.one_engine
def test_the_next_question_lies_behind_the_one_that_was_left(
    open_ones: tuple[int, ...], wanted: str | None, after: int, current: int | None
) -> None:
    assert _current([(place, place not in open_ones) for place in (1, 2, 3)], wanted, after) == current


@pytest.mark.one_engine
def test_going_on_leads_to_the_next_open_question_and_from_the_last_to_the_first(
    attempt: Sat, signed_in: SignIn
) -> None:
    client, address = signed_in("trainee"), f"/attempts/{attempt.id}"

    def go_on_from(position: int, **answer: str) -> str:
        page = client.get(address).text
        reply = client.post(f"{address}/responses", data=hidden(page, position) | answer)
        shown = client.get(reply.location).text
        assert len(re.findall(r'<form id="q\d+"', shown)) == 1, "without a script the other questions need not come"
        return re.search(r'<form id="q(\d+)"', shown)[1]

    assert go_on_from(1) == "2", "left open: on to the next, not round in a circle"
    assert go_on_from(2, answer="b") == "3"
    assert go_on_from(1) == "3", "what has its answer is passed over"
    assert go_on_from(8) == "1", "after the last one the first that is open"


@pytest.mark.one_engine
def test_a_picture_in_a_question_has_its_address_while_it_is_asked_and_afterwards(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small, "ITEMS", {"picture": small.PICTURE})
    with app.test_request_context("/", method="POST"):
        attempt = begin(cast.person("trainee"))
        shown = [sheet(attempt, "en").questions[0].shown.stem_html]
        attempt.finish()
        shown.append(results(attempt, "en").items[0].delivered.stem_html)
    for html in shown:
        assert 'src="/figures/-/bars.svg"' in html


@pytest.mark.one_engine
def test_what_was_saved_stands_in_the_form_again(attempt: Sat, signed_in: SignIn) -> None:
    client, address = signed_in("trainee"), f"/attempts/{attempt.id}"
    for position, value in (
        (1, {"answer": "b"}),
        (3, {"answer.a": "2"}),
        (4, {"answer.b": "a"}),
        (5, {"answer": "բառ"}),
    ):
        page = client.get(address).text
        client.post(f"{address}/responses", data=hidden(page, position) | value)
    page = client.get(address).text
    assert re.search(r'name="answer"\s+value="b"\s+checked', page)
    assert re.search(r'name="answer\.a".*?<option\s+selected>2</option>', page, re.DOTALL)
    assert re.search(r'name="answer\.b".*?value="a"\s+selected', page, re.DOTALL)
    assert 'value="բառ"' in page
    assert page.count("dot-answered") == 4


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("position", "twice", "once"),
    [
        (3, {"answer.a": "1", "answer.b": "1"}, {"answer.a": "1", "answer.b": "2"}),
        (6, {"answer.best": "a", "answer.worst": "a"}, {"answer.best": "a", "answer.worst": "b"}),
    ],
)
def test_one_choice_for_two_that_exclude_each_other_is_asked_again(
    attempt: Sat, signed_in: SignIn, position: int, twice: dict[str, str], once: dict[str, str]
) -> None:
    """The script keeps them apart; without it the page says so, with what was given still in it."""
    client, address = signed_in("trainee"), f"/attempts/{attempt.id}"
    reply = client.post(f"{address}/responses", data=hidden(client.get(address).text, position) | twice)
    assert reply.status_code == 422 and 'class="flash flash-error" role="alert"' in reply.text
    assert attempt.value(position) is None
    again = hidden(reply.text, position) | once
    assert client.post(f"{address}/responses", data=again).status_code == 303
    assert attempt.value(position) == {name: [value] for name, value in once.items()}


def test_a_page_from_yesterday_comes_back_with_its_answer_and_overwrites_nothing(
    attempt: Sat, signed_in: SignIn
) -> None:
    client, address = signed_in("trainee"), f"/attempts/{attempt.id}"
    yesterday = hidden(client.get(address).text, 1)
    client.post(f"{address}/responses", data=hidden(client.get(address).text, 1) | {"answer": "b"})
    reply = client.post(f"{address}/responses", data=yesterday | {"answer": "c"})
    assert reply.status_code == 409
    assert re.search(r'value="c"\s+checked', reply.text)
    assert attempt.value(1) == {"answer": ["b"]}
    assert client.post(f"{address}/responses", data=hidden(reply.text, 1) | {"answer": "c"}).status_code == 303
    assert attempt.value(1) == {"answer": ["c"]}


def test_a_plain_page_that_lost_the_attempt_keeps_what_was_typed_and_can_take_over(
    attempt: Sat, signed_in: SignIn
) -> None:
    client, address = signed_in("trainee"), f"/attempts/{attempt.id}"
    mine = hidden(client.get(address).text, 5)
    client.post(f"{address}/writer", data={"tab": "other.device"}, headers=JSON)
    reply = client.post(f"{address}/responses", data=mine | {"answer": "typed"})
    assert (reply.status_code, 'value="typed"' in reply.text) == (409, True)
    again = hidden(reply.text, 5) | {"answer": "typed", "take_over": "1"}
    assert client.post(f"{address}/responses", data=again).status_code == 303
    assert attempt.value(5) == {"answer": ["typed"]}


def test_the_script_gets_its_acknowledgement_and_the_same_one_again(attempt: Sat, signed_in: SignIn) -> None:
    client = signed_in("trainee")
    seq = attempt.seq + 1
    first = script(client, attempt.id, 1, {"answer": ["a"]}, seq)
    assert first.json == {"saved": True, "client_seq": seq, "late": False, "left": None}
    assert script(client, attempt.id, 1, {"answer": ["a"]}, seq).data == first.data
    state = client.get(f"/attempts/{attempt.id}/state", headers=JSON).json
    assert state["acknowledged"] == {"1": seq}
    assert state["writer"] == TAB


NONSENSE = (
    {"seq": "x"}, {"seq": "0"}, {"seq": str(2**70)}, {"key": ""}, {"key": "k" * 65}, {"tab": "<b>"}, {"item": ""},
    {"answer": "x" * 3000},
)  # fmt: skip


@pytest.mark.one_engine
def test_nonsense_is_refused_and_nothing_is_stored(attempt: Sat, signed_in: SignIn) -> None:
    client = signed_in("trainee")
    for broken in NONSENSE:
        reply = script(client, attempt.id, 1, {"answer": ["a"]}, attempt.seq + 1, broken)
        assert (broken, reply.status_code, reply.json["saved"]) == (broken, 400, False)
    assert attempt.look(select(Response)) == []


@pytest.mark.one_engine
def test_fields_beside_the_form_change_nothing(attempt: Sat, signed_in: SignIn) -> None:
    extra = {
        "late": "0",
        "person_id": "2",
        "credit": "1",
        "deadline_at": "2099-01-01",
        "grace": "9999",
        "category": "9",
    }
    reply = script(signed_in("trainee"), attempt.id, 1, {"answer": ["a"]}, attempt.seq + 1, extra)
    assert reply.status_code == 200
    assert [row.value for row in attempt.look(select(Response))] == [{"answer": ["a"]}]
    assert [(row.grace, row.deadline_at) for row in attempt.look(select(Attempt))] == [(30, None)]


def test_late_answers_are_kept_and_the_sender_is_told(app: Flask, cast: Cast, signed_in: SignIn) -> None:
    with app.app_context():
        attempt = Sat(app, begin(cast.person("trainee"), seconds=60))
    client = signed_in("trainee")
    clock.shift(timedelta(seconds=120))
    reply = script(client, attempt.id, 1, {"answer": ["a"]}, attempt.seq + 1)
    assert (reply.status_code, reply.json["late"]) == (200, True)
    assert client.get(f"/attempts/{attempt.id}").headers["Location"].endswith("/result")


ROUTES = [("GET", ""), ("GET", "/state"), ("POST", "/responses"), ("POST", "/writer"), ("POST", "/submission")]


@pytest.mark.one_engine
@pytest.mark.parametrize("person", ["candidate", "hr", "instructor", "administrator", "outsider"])
def test_an_attempt_exists_for_its_own_person_only(attempt: Sat, signed_in: SignIn, person: str) -> None:
    client = signed_in(person)
    for method, route in ROUTES:
        assert client.open(f"/attempts/{attempt.id}{route}", method=method, headers=JSON).status_code == 404
        assert client.open(f"/attempts/{attempt.id}{route}", method=method).status_code == 404
    assert [row.submitted_at for row in attempt.look(select(Attempt))] == [None]


def test_whoever_is_signed_out_is_told_in_json_and_keeps_the_answer(attempt: Sat, client: FlaskClient) -> None:
    reply = script(client, attempt.id, 1, {"answer": ["a"]}, attempt.seq + 1)
    assert (reply.status_code, reply.json) == (401, {"error": "signed_out"})


def test_without_its_token_a_form_changes_nothing(app: Flask, attempt: Sat, signed_in: SignIn) -> None:
    client = signed_in("trainee")
    app.config["WTF_CSRF_ENABLED"] = True
    for route in ("responses", "writer", "submission"):
        assert client.post(f"/attempts/{attempt.id}/{route}", headers=JSON).status_code == 400
    token = client.get(f"/attempts/{attempt.id}/state", headers=JSON).json["csrf"]
    reply = script(client, attempt.id, 1, {"answer": ["a"]}, attempt.seq + 1, {"csrf_token": token})
    assert reply.status_code == 200


def test_a_database_that_is_busy_or_away_means_503_and_come_back(
    attempt: Sat, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, seq = signed_in("trainee"), attempt.seq + 1

    def away(*_: object) -> None:
        raise OperationalError("COMMIT", {}, Exception("database is locked"))

    with monkeypatch.context() as patch:
        patch.setattr(db.session, "commit", away)
        patch.setattr(quick_save, "_save", away)
        reply = script(client, attempt.id, 1, {"answer": ["a"]}, seq)
    assert (reply.status_code, "Retry-After" in reply.headers) == (503, True)
    assert script(client, attempt.id, 1, {"answer": ["a"]}, seq).status_code == 200


def test_an_attempt_of_a_day_that_knew_fewer_languages_has_a_title(attempt: Sat) -> None:
    titles = attempt.look(select(Attempt))[0]
    assert titles.title_in("en") == titles.title["en"]
    assert titles.title_in("ru") == titles.title["hy"]
