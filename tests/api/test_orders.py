"""Orders by programs: what a token may do, the same request twice, nothing of another house, faults by field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock
from lms.api import tokens
from lms.api.models import SCOPES, ApiToken
from lms.background import mail
from lms.background.mail import OutboxMail
from lms.campaigns import Candidate, forms
from lms.database import db
from lms.identity import throttle
from tests.cast import Cast
from tests.hiring.test_team import matrix
from tests.selection.world import campaign_of, with_matrices

Call = Callable[..., Any]
PERSON = {"name": "Անի Սարգսյան", "email": "ani@example.org", "language": "hy", "external_id": "ats-17"}


@pytest.fixture
def package(app: Flask, cast: Cast) -> str:
    with app.app_context():
        return str(campaign_of(cast, parts=[{"kind": "test", "minutes": 25}], languages=["hy", "en"]).id)


@pytest.fixture
def token(app: Flask, cast: Cast) -> Callable[..., str]:
    def make(who: str = "hr", scopes: tuple[str, ...] = SCOPES) -> str:
        with app.app_context():
            _, made = tokens.make(cast.person(who).organisation_id, "ATS", list(scopes), cast.ids[who])
            db.session.commit()
            return made

    return make


def call(client: FlaskClient, method: str, path: str, token: str, key: str = "", **body: Any) -> Any:
    headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
    return client.open(f"/api/v1{path}", method=method, headers=headers, json=body or None)


def order(client: FlaskClient, token: str, package: str, key: str = "key-0001", **changes: Any) -> Any:
    return call(client, "POST", "/orders", token, key, package=package, candidate=PERSON | changes)


def test_a_package_is_ordered_once_however_often_the_request_comes(
    client: FlaskClient, app: Flask, token: Callable[..., str], package: str
) -> None:
    held = token()
    (listed,) = call(client, "GET", "/packages", held).json["packages"]
    assert (listed["id"], listed["minutes"], listed["languages"]) == (package, 25, ["hy", "en"])
    first, second = (order(client, held, package) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json["id"] == second.json["id"] and first.json["external_id"] == "ats-17"
    assert first.json["candidate_url"].startswith("http") and "candidate_url" not in second.json
    with app.app_context():
        assert Candidate.query.count() == 1
    other = order(client, held, package, name="Somebody else")
    assert (other.status_code, other.mimetype) == (409, "application/problem+json")
    assert order(client, held, package, key="key-0002").status_code == 409


def test_status_and_result_follow_the_candidate(
    client: FlaskClient, app: Flask, token: Callable[..., str], package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = token()
    path = f"/orders/{order(client, held, package).json['id']}"
    assert call(client, "GET", path, held).json["status"] == "ordered"
    early = call(client, "GET", f"{path}/result", held)
    assert (early.status_code, early.json["title"]) == (409, "Conflict")
    with app.app_context():
        candidate = Candidate.query.one()
        candidate.started_at = candidate.finished_at = clock.now()
        with_matrices(monkeypatch, {candidate.person_id: matrix(2.4, 0.1)})
        db.session.commit()
    told = call(client, "GET", f"{path}/result", held).json
    low, high = told["levels_above_role"]
    assert (told["status"], told["outcome"]) == ("finished", "meets") and low < high
    skill = told["skills"]["content"]
    assert (skill["level"], skill["capped"]) == (4, False) and skill["interval"][0] <= skill["interval"][1]
    assert [int(end) for end in skill["interval"]] == [skill["lowest_level"], skill["highest_level"]]
    assert call(client, "DELETE", path, held).status_code == 409


def test_a_revoked_order_shuts_the_link(
    client: FlaskClient, app: Flask, token: Callable[..., str], package: str
) -> None:
    held = token()
    placed = order(client, held, package).json
    assert call(client, "DELETE", f"/orders/{placed['id']}", held).status_code == 204
    assert call(client, "GET", f"/orders/{placed['id']}", held).json["status"] == "revoked"
    with app.app_context():
        assert Candidate.query.one().token_hash is None


def test_pages_of_orders_lead_on_by_cursor(
    client: FlaskClient, token: Callable[..., str], package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.api.orders.listed.__defaults__", (2,))
    monkeypatch.setattr("lms.api.orders.PAGE", 2)
    held = token()
    made = [
        order(client, held, package, key=f"key-000{number}", email=f"{number}@example.org").json["id"]
        for number in range(3)
    ]
    first = call(client, "GET", "/orders", held).json
    second = call(client, "GET", f"/orders?cursor={first['next_cursor']}", held).json
    assert [each["id"] for page in (first, second) for each in page["orders"]] == made
    assert second["next_cursor"] is None


def test_another_house_finds_neither_package_nor_order(
    client: FlaskClient, token: Callable[..., str], package: str
) -> None:
    placed = order(client, token(), package).json
    foreign = token("outsider")
    assert call(client, "GET", "/packages", foreign).json["packages"] == []
    assert call(client, "GET", "/orders", foreign).json["orders"] == []
    assert order(client, foreign, package).status_code == 404
    for method, path in (("GET", ""), ("GET", "/result"), ("DELETE", "")):
        assert call(client, method, f"/orders/{placed['id']}{path}", foreign).status_code == 404


def test_no_token_a_wrong_one_and_a_revoked_one_are_the_same(
    client: FlaskClient, app: Flask, token: Callable[..., str], package: str
) -> None:
    held = token()
    with app.app_context():
        ApiToken.query.one().revoked_at = clock.now()
        db.session.commit()
    replies = [client.get("/api/v1/packages"), *(call(client, "GET", "/packages", each) for each in ("hmut_x", held))]
    assert {reply.status_code for reply in replies} == {401} and len({reply.data for reply in replies}) == 1
    assert replies[0].headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"email": "no"}, "email"), ({"name": ""}, "name"), ({"name": "a\nb"}, "name"), ({"language": "ru"}, "language"),
     ({"score": 5}, "score")],
)  # fmt: skip
def test_a_request_that_does_not_fit_names_the_field_and_keeps_nothing(
    client: FlaskClient, app: Flask, token: Callable[..., str], package: str, changes: dict[str, Any], field: str
) -> None:
    reply = order(client, token(), package, **changes)
    assert (reply.status_code, reply.mimetype) == (422, "application/problem+json")
    assert field in reply.json["errors"]["json"]["candidate"]
    with app.app_context():
        assert not Candidate.query.count()


def test_a_key_is_asked_for(client: FlaskClient, token: Callable[..., str], package: str) -> None:
    reply = order(client, token(), package, key="")
    assert reply.status_code == 422 and "Idempotency-Key" in reply.text


def greenhouse(client: FlaskClient, token: str) -> Callable[..., Any]:
    """Greenhouse as it calls an assessment partner: HTTP Basic, the key as the user name."""
    return lambda method, path, **how: client.open(f"/api/greenhouse/{path}", method=method, auth=(token, ""), **how)


def test_greenhouse_lists_sends_twice_and_asks(
    client: FlaskClient, app: Flask, token: Callable[..., str], package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = greenhouse(client, token())
    assert ask("GET", "list_tests").json == [{"partner_test_id": package, "partner_test_name": "Autumn"}]
    who = {"first_name": "Ani", "last_name": "Sargsyan", "email": "ani@example.org", "phone_number": "1"}
    sent = {"partner_test_id": package, "candidate": who, "url": "https://app.example.org"}
    one, two = (ask("POST", "send_test", json=sent).json["partner_interview_id"] for _ in range(2))
    assert one == two
    status = {"partner_interview_id": one}
    assert ask("GET", "test_status", query_string=status).json == {"partner_status": "not started"}
    with app.app_context():
        candidate = Candidate.query.one()
        candidate.started_at = candidate.finished_at = clock.now()
        with_matrices(monkeypatch, {candidate.person_id: matrix(2.4, 0.1)})
        db.session.commit()
    told = ask("GET", "test_status", query_string=status).json
    assert told["partner_status"] == "complete" and told["metadata"]["Outcome"] == "meets"
    low, high = (told["metadata"][f"Levels above the role, {end}"] for end in ("from", "to"))
    assert low <= told["partner_score"] <= high
    assert ask("POST", "response_error", json={"errors": ["x"]}).status_code == 200


def test_workable_lists_and_sends(client: FlaskClient, token: Callable[..., str], package: str) -> None:
    headers = {"Authorization": f"Bearer {token()}"}
    assert client.get("/api/workable/tests", headers=headers).json["tests"][0]["id"] == package
    sent = {"test_id": package, "candidate": {"name": "Ani", "email": "ani@example.org"}, "callback_url": "https://x"}
    replies = [client.post("/api/workable/assessments", headers=headers, json=sent) for _ in range(2)]
    assert {reply.status_code for reply in replies} == {201}
    assert len({reply.json["assessment_id"] for reply in replies}) == 1


def test_every_call_refuses_a_token_of_every_other_scope(
    client: FlaskClient, app: Flask, token: Callable[..., str]
) -> None:
    """From the map of calls: what a scope is for stands at the call, and no other scope opens it."""
    held = {scope: token(scopes=(scope,)) for scope in SCOPES}
    calls = [rule for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0] in ("api", "partners")]
    assert len(calls) > 12
    asked = Counter(app.view_functions[rule.endpoint].scope for rule in calls)
    assert set(asked) == set(SCOPES), "no scope without a call"
    for rule in calls:
        method = next(iter((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        path = rule.rule.replace("<string:order_id>", "ord_1")
        for scope, key in held.items():
            reply = client.open(path, method=method, headers={"Authorization": f"Bearer {key}"})
            wrong = app.view_functions[rule.endpoint].scope != scope
            assert (reply.status_code == 403) == wrong, f"{method} {path} with {scope}: {reply.status_code}"


def test_a_letter_that_came_back_is_seen_beside_the_candidate(
    client: FlaskClient, app: Flask, token: Callable[..., str], package: str
) -> None:
    held = token()
    order(client, held, package)
    with app.app_context():
        letter = db.session.scalars(select(OutboxMail)).one()
        letter.sent_at = clock.now()
        db.session.commit()
    bounces = [call(client, "POST", "/bounces", held, email="ani@example.org").json["letters"] for _ in range(2)]
    assert bounces == [1, 0]
    with app.app_context():
        letter = db.session.scalars(select(OutboxMail)).one()
        assert letter.given_up and letter.error == "bounced" and mail.given_up() == [], "nobody sends a dead link again"


def test_a_token_ends_on_its_day(client: FlaskClient, app: Flask, token: Callable[..., str]) -> None:
    held = token()
    with app.app_context():
        db.session.scalars(select(ApiToken)).one().ends_at = clock.now() + timedelta(hours=1)
        db.session.commit()
    assert call(client, "GET", "/packages", held).status_code == 200
    clock.shift(timedelta(hours=2))
    late = call(client, "GET", "/packages", held)
    assert (late.status_code, late.mimetype) == (401, "application/problem+json")


@pytest.mark.both_engines
def test_more_calls_than_a_minute_may_hold_wait(
    client: FlaskClient, app: Flask, token: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    held, other = token(), token("outsider")
    minute = iter([7] * 5 + [8])
    monkeypatch.setattr(throttle, "_bucket", lambda: next(minute))
    monkeypatch.setitem(app.config, "HMUT_API_CALLS", 3)
    assert [call(client, "GET", "/packages", held).status_code for _ in range(3)] == [200] * 3
    over = call(client, "GET", "/packages", held)
    assert (over.status_code, over.mimetype, over.json["title"]) == (
        429,
        "application/problem+json",
        "Too Many Requests",
    )
    assert 1 <= int(over.headers["Retry-After"]) <= 60
    assert call(client, "GET", "/packages", other).status_code == 200, "each token has its own calls"
    assert call(client, "GET", "/packages", held).status_code == 200, "the next minute is a new one"
    document = client.get("/api/openapi.json").json
    assert all(
        "429" in each["responses"] for path in document["paths"].values() for each in path.values() if "tags" in each
    )
    assert "times a minute" in document["info"]["description"]


def test_the_page_gives_a_year_and_takes_another_day(app: Flask, cast: Cast, signed_in: Any) -> None:
    client = signed_in("administrator")
    with app.app_context():
        year = (forms.local_today() + timedelta(days=365)).isoformat()
    opened = client.get("/integration").text
    assert f'value="{year}"' in opened and "checked" not in opened, "a new token may do what is ticked, and nothing is"
    again = client.post("/integration/tokens", data={"name": "ATS", "scope": ["orders:read"], "ends_on": "tomorrow"})
    assert again.text.count("checked") == 1 and 'value="ATS"' in again.text
    form = {"name": "ATS", "scope": ["orders:read"]}
    for wrong in ("tomorrow", "2001-01-01", "9999-12-31"):
        assert client.post("/integration/tokens", data=form | {"ends_on": wrong}).status_code == 422
    assert client.post("/integration/tokens", data=form | {"ends_on": year}).status_code == 200
    assert client.post("/integration/tokens", data=form | {"ends_on": ""}).status_code == 200
    page = client.get("/integration").text
    assert "works until" in page and "works without an end" in page
    clock.shift(timedelta(days=366))
    assert "ended" in signed_in("administrator").get("/integration").text
