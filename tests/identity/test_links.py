"""Invitations, registration and forgotten passwords: links that work once, for whom they were meant, and by a click."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock
from lms.background.mail import OutboxMail
from lms.database import db
from lms.identity.models import OneTimeToken, Organisation, Person, Session
from tests.html import page
from tests.identity.conftest import Look

pytestmark = pytest.mark.both_engines

SignIn = Callable[[str], FlaskClient]
Link = Callable[[], str]
PASSWORD = "a long walk in Dilijan"
JOIN = {"name": "Nune Nor", "password": PASSWORD}


@pytest.fixture
def invited(app: Flask, signed_in: SignIn, newest_link: Link) -> str:
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    form = {"email": "Nune@Example.org ", "roles": ["trainee", "hr"]}
    assert signed_in("administrator").post("/invitations", data=form).status_code == 303
    return newest_link()


def test_a_mail_scanner_burns_nothing_and_the_token_leaves_the_address(client: FlaskClient, invited: str) -> None:
    for turn in range(20):
        reply = client.open(invited, method="HEAD" if turn % 2 else "GET")
        assert (reply.status_code, reply.location) == (303, "/join")
    reply = client.get("/join")
    assert reply.status_code == 200 and "nune@example.org" in page(reply).text("main")
    assert invited.rsplit("/", 1)[1] not in reply.text
    assert client.post("/join", data=JOIN).status_code == 303


def test_an_invitation_makes_one_account_with_its_roles(
    client: FlaskClient, invited: str, look: Look, app: Flask
) -> None:
    client.get(invited)
    other = app.test_client()
    other.get(invited)
    assert client.post("/join", data=JOIN | {"roles": "administrator", "email": "x@y.am"}).location == "/home"
    assert client.get("/team").status_code == 200
    assert other.get("/join").status_code == 404 and other.post("/join", data=JOIN).status_code == 404
    assert app.test_client().get(invited).status_code == 404
    (person,) = look(select(Person).filter_by(name="Nune Nor"))
    assert (person.email, person.roles) == ("nune@example.org", {"trainee", "hr"})


def test_an_invitation_ends_with_its_time(client: FlaskClient, invited: str) -> None:
    client.get(invited)
    clock.shift(timedelta(days=7, seconds=1))
    assert client.post("/join", data=JOIN).status_code == 404
    assert "no longer works" in client.get(invited, headers={"Accept-Language": "en"}).text


def test_a_withdrawn_or_replaced_invitation_is_dead(
    client: FlaskClient, invited: str, signed_in: SignIn, look: Look, newest_link: Link
) -> None:
    administrator = signed_in("administrator")
    administrator.post("/invitations", data={"email": "nune@example.org", "roles": "trainee"})
    assert client.get(invited).status_code == 404, "replaced by a newer one"
    second = newest_link()
    client.get(second)
    (number,) = look(select(OneTimeToken.id).filter_by(used_at=None))
    assert administrator.post(f"/invitations/{number}/withdrawal").status_code == 303
    assert client.post("/join", data=JOIN).status_code == 404
    assert administrator.post(f"/invitations/{number}/withdrawal").status_code == 404


@pytest.mark.one_engine
def test_weak_passwords_are_refused_with_words(client: FlaskClient, invited: str) -> None:
    client.get(invited)
    for weak in ("short", "password123", "1234567890", "qwertyuiop", "x" * 201):
        reply = client.post("/join", data=JOIN | {"password": weak})
        assert reply.status_code == 422 and page(reply).has(".error"), weak


@pytest.mark.one_engine
def test_a_password_counts_to_its_last_character(client: FlaskClient, invited: str, app: Flask) -> None:
    password = "  ա " + "ն" * 190 + "q"
    client.get(invited)
    assert client.post("/join", data=JOIN | {"password": password}).status_code == 303
    fresh = app.test_client()
    for near in (password[:-1], password.strip(), password[:72]):
        assert fresh.post("/sign-in", data={"email": "nune@example.org", "password": near}).status_code == 422
    assert fresh.post("/sign-in", data={"email": "nune@example.org", "password": password}).status_code == 303


def test_registration_needs_the_setting_and_the_address(
    client: FlaskClient, signed_in: SignIn, newest_link: Link, look: Look
) -> None:
    assert client.get("/register/aygi").status_code == 404
    settings = {"name": "Aygi", "language": "en", "registration_open": "y"}
    assert signed_in("administrator").post("/settings", data=settings).status_code == 303
    assert client.get("/register/elsewhere").status_code == 404, "each organisation decides for itself"
    fresh = client.post("/register/aygi", data={"email": "nune@example.org", "roles": "administrator"})
    assert fresh.status_code == 200 and not look(select(Person).filter_by(email="nune@example.org"))
    client.get(newest_link())
    client.post("/join", data=JOIN)
    (person,) = look(select(Person).filter_by(email="nune@example.org"))
    assert person.roles == {"trainee"} and person.organisation.slug == "aygi"


def test_registering_tells_a_stranger_nothing(client: FlaskClient, app: Flask, look: Look) -> None:
    with app.app_context():
        db.session.scalars(select(Organisation).filter_by(slug="aygi")).one().registration_open = True
        db.session.commit()
    replies = [client.post("/register/aygi", data={"email": f"{name}@example.org"}) for name in ("hr", "zz")]
    assert replies[0].text.replace("hr@", "zz@") == replies[1].text and replies[0].status_code == 200
    known, new = look(select(OutboxMail.body).order_by(OutboxMail.id))
    assert "/links/" not in known and "/links/" in new


def ask(client: FlaskClient, email: str):
    return client.post("/reset", data={"email": email})


def test_a_forgotten_password_tells_a_stranger_nothing(client: FlaskClient, look: Look) -> None:
    known, unknown = ask(client, "trainee@example.org"), ask(client, "nobody_@example.org")
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace("trainee@", "nobody_@") == unknown.text
    assert look(select(OutboxMail.recipient)) == ["trainee@example.org"]


def test_a_new_password_ends_every_session_and_every_other_link(
    client: FlaskClient, signed_in: SignIn, newest_link: Link, look: Look, app: Flask
) -> None:
    phone = signed_in("trainee")
    ask(client, "trainee@example.org")
    link = newest_link()
    client.get(link)
    other = app.test_client()
    other.get(link)
    assert client.post("/reset/password", data={"password": PASSWORD}).location == "/home"
    assert client.get("/profile").status_code == 200
    assert phone.get("/profile").status_code == 303
    assert other.post("/reset/password", data={"password": "another long walk"}).status_code == 404
    assert not look(select(OneTimeToken).filter_by(used_at=None))


def test_a_reset_link_lasts_an_hour(client: FlaskClient, newest_link: Link) -> None:
    ask(client, "trainee@example.org")
    client.get(newest_link())
    clock.shift(timedelta(minutes=61))
    assert client.get("/reset/password").status_code == 404


def test_letters_are_limited_without_a_word(client: FlaskClient, look: Look) -> None:
    for _ in range(14):
        assert ask(client, "trainee@example.org").status_code == 200
    assert len(look(select(OutboxMail))) == 10


def test_a_closed_account_gets_no_letter(client: FlaskClient, app: Flask, look: Look) -> None:
    with app.app_context():
        db.session.scalars(select(Person).filter_by(email="trainee@example.org")).one().active = False
        db.session.commit()
    ask(client, "trainee@example.org")
    assert not look(select(OutboxMail))


def test_the_present_password_is_asked_for_and_guesses_count(signed_in: SignIn, app: Flask, look: Look) -> None:
    client, phone = signed_in("trainee"), signed_in("trainee")
    first = {"password": PASSWORD}
    assert client.post("/profile/password", data=first).status_code == 303, "there is no present one yet"
    assert phone.get("/profile").status_code == 303 and client.get("/profile").status_code == 200
    change = {"password": "another long walk", "present": "wrong"}
    assert client.post("/profile/password", data={"password": "another long walk"}).status_code == 422
    for _ in range(10):
        assert client.post("/profile/password", data=change).status_code == 422
    assert client.post("/profile/password", data=change | {"present": PASSWORD}).status_code == 422, "too many guesses"
    clock.shift(timedelta(minutes=31))
    assert client.post("/profile/password", data=change | {"present": PASSWORD}).status_code == 303
    assert len(look(select(Session).filter_by(ended_at=None))) == 1
