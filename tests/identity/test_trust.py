"""What an attack on the first release found at the doors: each case once, and its neighbours."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms import clock
from lms.database import db, heartbeat
from lms.identity import passwords, throttle
from lms.identity.models import Throttle
from tests.cast import Cast
from tests.identity.conftest import Look
from tests.identity.test_links import JOIN, PASSWORD, Link, SignIn

pytestmark = pytest.mark.both_engines


def enter(client: FlaskClient, email: str, password: str, **environ: str) -> int:
    form = {"email": email, "password": password}
    return client.post("/sign-in", data=form, environ_overrides=environ).status_code


@pytest.fixture
def known(app: Flask, cast: Cast) -> str:
    with app.app_context():
        for name in ("trainee", "candidate"):
            cast.person(name).password_hash = passwords.hash_password(PASSWORD)
        db.session.commit()
    return "trainee@example.org"


# Passwords and tries


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "weak", ["Password123!", "nune@example", "hmut123456", "aygiaygi1234", "Nune Nor 12", "aaaaaaaaaaa" * 9]
)
def test_names_make_no_password(administrator: FlaskClient, client: FlaskClient, newest_link: Link, weak: str) -> None:
    administrator.post("/invitations", data={"email": "nune@example.org", "roles": "hr"})
    client.get(newest_link())
    assert client.post("/join", data=JOIN | {"password": weak}).status_code == 422


@pytest.mark.one_engine
def test_a_password_opens_however_its_letters_are_composed(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        cast.person("trainee").password_hash = passwords.hash_password("Caf\u00e9 r\u00e9sum\u00e9 na\u00efve 26")
        db.session.commit()
    assert enter(client, "trainee@example.org", "Cafe\u0301 re\u0301sume\u0301 nai\u0308ve 26") == 303


def test_a_classroom_is_not_shut_out_by_one_person(app: Flask, client: FlaskClient, known: str) -> None:
    for _ in range(70):
        enter(client, "candidate@example.org", "wrong", REMOTE_ADDR="10.0.0.7")
    assert enter(client, known, PASSWORD, REMOTE_ADDR="10.0.0.7") == 303


def test_trying_many_accounts_closes_the_address(app: Flask, client: FlaskClient, known: str) -> None:
    with app.test_request_context():
        for number in range(throttle.ADDRESS):
            assert throttle.take(f"person{number}@example.am", "10.0.0.8")
        assert not throttle.take("one-more@example.am", "10.0.0.8")
        db.session.commit()
    assert enter(client, known, PASSWORD, REMOTE_ADDR="10.0.0.8") == 429
    assert enter(client, known, PASSWORD, REMOTE_ADDR="10.0.0.9") == 303


def test_a_closed_door_opens_after_a_quarter_of_an_hour(client: FlaskClient, known: str) -> None:
    for _ in range(throttle.ACCOUNT):
        enter(client, known, "wrong")
    for minute in range(15):
        clock.shift(timedelta(minutes=minute))
        assert enter(client, known, PASSWORD) == 429, "a closed door counts nothing"
    clock.shift(timedelta(minutes=16))
    assert enter(client, known, PASSWORD) == 303


@pytest.mark.one_engine
def test_a_clock_that_is_put_right_forgets_what_it_counted_ahead(client: FlaskClient, known: str, look: Look) -> None:
    clock.shift(timedelta(hours=3))
    for _ in range(throttle.ACCOUNT):
        enter(client, known, "wrong")
    assert enter(client, known, PASSWORD) == 429
    clock.shift(timedelta())
    assert enter(client, known, PASSWORD) == 303 and look(select(func.count(Throttle.id))) == [0]


@pytest.mark.one_engine
@pytest.mark.parametrize("change", ["password", "account"])
def test_who_changed_while_the_password_was_looked_at_stays_out(
    app: Flask, client: FlaskClient, cast: Cast, known: str, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    def administer() -> None:
        with app.app_context():
            person = cast.person("trainee")
            person.active, person.password_hash = change != "account", passwords.hash_password("another long walk")
            db.session.commit()

    def slowly(stored: str | None, password: str) -> bool:
        elsewhere = threading.Thread(target=administer)
        elsewhere.start()
        elsewhere.join()
        return True

    monkeypatch.setattr("lms.identity.views.verify", slowly)
    assert enter(client, known, PASSWORD) == 422


@pytest.mark.one_engine
def test_signing_in_anew_ends_the_session_before(client: FlaskClient, known: str) -> None:
    """Whoever holds the old cookie holds nothing."""
    enter(client, known, PASSWORD)
    old = client.get_cookie("hmut")
    assert old is not None and enter(client, "candidate@example.org", PASSWORD) == 303
    client.set_cookie(old.key, old.value)
    assert client.get("/profile").status_code == 303


def test_the_right_password_gives_its_try_back(client: FlaskClient, known: str, look: Look) -> None:
    for _ in range(throttle.ACCOUNT + 2):
        assert enter(client, known, PASSWORD) == 303
    assert look(select(func.count(Throttle.id))) == [0]


def test_thirty_guesses_at_once_are_ten(app: Flask, known: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    monkeypatch.setattr("lms.identity.views.verify", lambda stored, password: looked.append(password) or False)
    threads = [threading.Thread(target=enter, args=(app.test_client(), known, f"guess {n}")) for n in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(looked) == throttle.ACCOUNT


# Sessions and clocks


def test_a_clock_that_steps_back_signs_nobody_out(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in("trainee")
    assert client.get("/profile").status_code == 200
    real = time.time
    monkeypatch.setattr("time.time", lambda: real() - 7200)
    clock.shift(timedelta(hours=-2))
    assert client.get("/profile").status_code == 200


def test_staff_who_went_away_are_asked_again_and_trainees_are_not(signed_in: SignIn) -> None:
    staff, trainee = signed_in("hr"), signed_in("trainee")
    assert (staff.get("/profile").status_code, trainee.get("/profile").status_code) == (200, 200)
    for hours in (1.5, 3.0):
        clock.shift(timedelta(hours=hours))
        assert staff.get("/profile").status_code == 200, "who works stays"
    clock.shift(timedelta(hours=5.5))
    assert staff.get("/profile").status_code == 303
    assert trainee.get("/profile").status_code == 200


# Health


def test_health_tells_whether_a_write_is_possible(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/healthz").json["writes"] == "ok"
    monkeypatch.setattr(heartbeat, "_write", lambda: False)
    app.extensions.pop("heartbeat")
    reply = client.get("/healthz")
    assert (reply.status_code, reply.json["writes"], reply.json["database"]) == (503, "failing", "ok")
