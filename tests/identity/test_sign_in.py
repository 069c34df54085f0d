"""Signing in and out is real: sessions live in the database, failures are counted, nothing tells who exists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from argon2 import PasswordHasher, Type
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock
from lms.database import db
from lms.identity import passwords, sessions, throttle
from lms.identity.models import Person, Session, Throttle
from tests.cast import Cast
from tests.identity.conftest import Look

pytestmark = pytest.mark.both_engines

PASSWORD = "a long walk in Dilijan"


@pytest.fixture
def known(app: Flask, cast: Cast) -> str:
    with app.app_context():
        cast.person("trainee").password_hash = passwords.hash_password(PASSWORD)
        db.session.commit()
    return "trainee@example.org"


def enter(client: FlaskClient, email: str, password: str = PASSWORD, **query: str):
    return client.post("/sign-in", data={"email": email, "password": password}, query_string=query)


@pytest.mark.one_engine
def test_hashing_is_as_slow_as_it_should_be(real_hasher: PasswordHasher) -> None:
    """OWASP's least for argon2id: 19 MiB, two passes."""
    assert (real_hasher.type, real_hasher.memory_cost >= 19_456, real_hasher.time_cost >= 2) == (Type.ID, True, True)


def test_right_password_opens_the_own_home(client: FlaskClient, known: str) -> None:
    reply = enter(client, known.upper())
    assert (reply.status_code, reply.location) == (303, "/home")
    assert client.get("/profile").status_code == 200


@pytest.mark.one_engine
@pytest.mark.parametrize(("email", "password"), [("trainee@example.org", "wrong"), ("nobody@example.org", PASSWORD)])
def test_wrong_pairs_read_alike(client: FlaskClient, known: str, email: str, password: str) -> None:
    reply = enter(client, email, password)
    assert reply.status_code == 422
    assert "do not go together" in reply.text or "չեն համապատասխանում" in reply.text
    assert client.get("/profile").status_code == 303


def test_the_session_cookie_is_new_at_sign_in_and_dead_after_sign_out(client: FlaskClient, known: str) -> None:
    client.get("/sign-in")
    enter(client, known)
    kept = client.get_cookie("hmut").value
    assert client.post("/sign-out").headers["Clear-Site-Data"] == '"cache", "storage"'
    client.set_cookie("hmut", kept)
    assert client.get("/profile").status_code == 303, "an old cookie still opens the account"


def test_a_session_ends_with_its_time_and_with_the_account(client: FlaskClient, known: str, app: Flask) -> None:
    enter(client, known)
    clock.shift(timedelta(days=15))
    assert client.get("/profile").status_code == 303
    clock.shift(timedelta(0))
    assert client.get("/profile").status_code == 200
    with app.app_context():
        db.session.scalars(select(Person).filter_by(email=known)).one().active = False
        db.session.commit()
    assert client.get("/profile").status_code == 303


def test_the_database_holds_no_usable_token(client: FlaskClient, known: str, app: Flask) -> None:
    enter(client, known)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    with app.app_context():
        kept = [row.token_hash for row in db.session.scalars(select(Session))]
    assert kept and token not in kept


def test_ten_failures_close_the_account_for_the_window_only(client: FlaskClient, known: str) -> None:
    for _ in range(throttle.ACCOUNT):
        assert enter(client, known, "wrong").status_code == 422
    assert enter(client, known).status_code == 429
    clock.shift(timedelta(seconds=2 * throttle.WINDOW + 1))
    assert enter(client, known).status_code == 303


def test_failures_count_across_the_turn_of_a_window_and_are_forgotten_later(
    client: FlaskClient, known: str, app: Flask
) -> None:
    to_the_turn = throttle.WINDOW - clock.now().timestamp() % throttle.WINDOW
    clock.shift(timedelta(seconds=to_the_turn + throttle.WINDOW - 300))
    for _ in range(throttle.ACCOUNT):
        enter(client, known, "wrong")
    clock.shift(timedelta(seconds=to_the_turn + throttle.WINDOW + 1))
    assert enter(client, known).status_code == 429
    clock.shift(timedelta(days=1))
    enter(client, known, "wrong")
    with app.app_context():
        assert set(db.session.scalars(select(Throttle.count))) == {1}


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/nowhere", "/sign-out"],
)
def test_only_own_pages_are_returned_to(client: FlaskClient, known: str, target: str) -> None:
    assert enter(client, known, next=target).location == "/home"


@pytest.mark.one_engine
def test_a_form_that_was_sent_back_keeps_its_place_when_the_language_changes(client: FlaskClient) -> None:
    for sent, back in {"/profile/password": "/profile", "/lab/runs/7/steps/2": "/lab/runs/7", "/sign-out": "/"}.items():
        assert client.post("/language", data={"language": "en", "next": sent}).location == back


@pytest.mark.one_engine
def test_the_page_asked_for_comes_after_signing_in(client: FlaskClient, known: str) -> None:
    assert client.get("/profile").location == "/sign-in?next=/profile"
    assert enter(client, known, next="/profile").location == "/profile"


@pytest.mark.one_engine
def test_fields_are_made_for_password_managers(client: FlaskClient) -> None:
    page = client.get("/sign-in").text
    for part in ('name="email"', 'name="password"', 'type="password"', 'autocomplete="current-password"'):
        assert part in page


@pytest.mark.one_engine
def test_there_is_no_demo_door_outside_of_the_demo(client: FlaskClient) -> None:
    assert client.post("/demo/trainee").status_code == 404
    assert "/demo/" not in client.get("/").text


CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"


def test_people_see_where_they_are_signed_in_and_end_it(app: Flask, known: str, look: Look) -> None:
    here, there = app.test_client(), app.test_client()
    for client, agent in ((there, PHONE), (here, CHROME)):
        client.post("/sign-in", data={"email": known, "password": PASSWORD}, headers={"User-Agent": agent})
    page = here.get("/profile").text
    assert "Chrome, Windows" in page and "Safari, iPhone" in page and page.count("/end") == 1
    (other, *_) = look(select(Session).order_by(Session.id))
    assert here.post(f"/sessions/{other.id}/end").status_code == 303
    assert there.get("/profile").status_code == 303 and here.get("/profile").status_code == 200
    assert here.post(f"/sessions/{other.id}/end").status_code == 404, "it is ended already"
    assert "<script>" not in "".join(look(select(Session.device)))


@pytest.mark.one_engine
@pytest.mark.parametrize("agent", ["", "<script>alert(1)</script>", "curl/8", "x" * 9000])
def test_a_strange_browser_has_no_name(agent: str) -> None:
    assert sessions.device(agent) == ""


@pytest.mark.one_engine
def test_the_front_page_is_for_visitors_and_leads_who_has_signed_in_to_their_work(
    client: FlaskClient, signed_in: Callable[[str], FlaskClient]
) -> None:
    assert client.get("/").status_code == 200
    for role, place in (("trainee", "/home"), ("hr", "/team"), ("administrator", "/people")):
        assert signed_in(role).get("/").location == place
