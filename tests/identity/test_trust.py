"""What an attack on the first release found at the doors: each case once, and its neighbours."""

from __future__ import annotations

import re
import threading
import time
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms import clock
from lms.background import jobs, mail, smtp
from lms.background.mail import OutboxMail
from lms.database import db, heartbeat
from lms.identity import invitees, passwords, throttle
from lms.identity.models import OneTimeToken, Organisation, Person, Throttle
from tests.applications import written
from tests.cast import Cast
from tests.identity.conftest import Look
from tests.identity.test_links import JOIN, PASSWORD, Link, SignIn
from tests.identity.test_mail import SCRIPT, post, server, states

pytestmark = pytest.mark.both_engines
OPEN = {"name": "Aygi", "language": "en", "registration_open": "y"}


@pytest.fixture
def mailing(app: Flask) -> Flask:
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    return app


@pytest.fixture
def administrator(mailing: Flask, signed_in: SignIn) -> FlaskClient:
    return signed_in("administrator")


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


# Invitations


def test_a_strangers_registration_leaves_an_invitation_alone(
    administrator: FlaskClient, client: FlaskClient, newest_link: Link, look: Look
) -> None:
    administrator.post("/settings", data=OPEN)
    administrator.post("/invitations", data={"email": "nune@example.org", "roles": "hr"})
    invitation = newest_link()
    client.post("/register/aygi", data={"email": "nune@example.org"})
    assert newest_link() != invitation
    assert client.get(invitation).location == "/join"
    client.post("/join", data=JOIN)
    (person,) = look(select(Person).filter_by(email="nune@example.org"))
    assert "hr" in person.roles


def test_joining_by_ones_own_registration_takes_the_invitations_roles_along(
    administrator: FlaskClient, client: FlaskClient, newest_link: Link, look: Look
) -> None:
    administrator.post("/settings", data=OPEN)
    administrator.post("/invitations", data={"email": "nune@example.org", "roles": "hr"})
    client.post("/register/aygi", data={"email": "nune@example.org"})
    client.get(newest_link())
    assert client.post("/join", data=JOIN).status_code == 303
    (person,) = look(select(Person).filter_by(email="nune@example.org"))
    assert person.roles == {"trainee", "hr"} and not look(select(OneTimeToken).filter_by(used_at=None))


def test_inviting_tells_nothing_about_another_organisations_people(administrator: FlaskClient, look: Look) -> None:
    """The outsider has an account elsewhere: reply, list of people and audit trail are as for an unknown address."""
    shown = []
    for email in ("outsider@example.org", "nobody00@example.org"):
        reply = administrator.post("/invitations", data={"email": email, "roles": "trainee"})
        page = BeautifulSoup(administrator.get("/people").text, "html.parser").select_one("#waiting ~ ul li")
        shown.append((reply.status_code, reply.location, re.sub(r"\d", "", page.text.replace(email, ""))))
    assert shown[0] == shown[1]
    bodies = dict(zip(look(select(OutboxMail.recipient)), look(select(OutboxMail.body)), strict=True))
    assert "/links/" not in bodies["outsider@example.org"] and "/links/" in bodies["nobody00@example.org"]
    assert administrator.post("/invitations", data={"email": "hr@example.org", "roles": "hr"}).status_code == 422


def test_thirty_people_are_one_act(administrator: FlaskClient, look: Look) -> None:
    lines = "\n".join(f"Անուն {n}; person{n}@example.am" for n in range(30))
    reply = administrator.post("/invitations", data={"email": "Name;E-mail\n" + lines, "roles": "trainee"})
    assert reply.status_code == 303
    rows = look(select(OneTimeToken).filter_by(purpose="invitation").order_by(OneTimeToken.id))
    assert [row.data["name"] for row in rows] == [f"Անուն {n}" for n in range(30)]
    assert len(look(select(OutboxMail.id))) == 30


@pytest.mark.one_engine
def test_half_a_class_is_not_invited(administrator: FlaskClient, look: Look) -> None:
    reply = administrator.post("/invitations", data={"email": "a@b.am\nno address\nA@b.am", "roles": "trainee"})
    assert reply.status_code == 422 and not look(select(OutboxMail))
    assert "Line 2, “no address”: no e-mail address." in reply.text
    assert "Line 3, “a@b.am”: this address stands in an earlier line." in reply.text
    assert "a@b.am\nno address" in reply.text.replace("\r\n", "\n"), "what was typed is kept"


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("ani@example.am", [("ani@example.am", "")]),
        ("Ani Petrosyan <Ani@Example.am>", [("ani@example.am", "Ani Petrosyan")]),
        ('"Petrosyan, Ani" <ani@example.am>', [("ani@example.am", "Petrosyan, Ani")]),
        (
            "ani@example.am, davit@example.am; nare@example.am",
            [(f"{n}@example.am", "") for n in ("ani", "davit", "nare")],
        ),
        ("\ufeffԱնուն\tԷլ. փոստ\nԱնի\tani@example.am", [("ani@example.am", "Անի")]),
        ("Petrosyan;Ani;ani@example.am\n\n", [("ani@example.am", "Petrosyan Ani")]),
    ],
)
def test_lists_are_read_as_people_paste_them(text: str, people: list[tuple[str, str]]) -> None:
    found, unread = invitees.read(text)
    assert [(one.email, one.name) for one in found] == people and not unread


def test_an_invitation_can_be_sent_again(
    administrator: FlaskClient, client: FlaskClient, newest_link: Link, look: Look
) -> None:
    administrator.post("/invitations", data={"email": "nune@example.org", "roles": "hr", "language": "en"})
    first, number = newest_link(), look(select(OneTimeToken.id))[0]
    assert administrator.post(f"/invitations/{number}/letters").status_code == 303
    assert client.get(first).status_code == 404 and client.get(newest_link()).status_code == 303
    assert look(select(OneTimeToken).filter_by(used_at=None))[0].data["roles"] == ["hr"]


def test_without_a_mail_server_the_link_is_shown_once_to_whoever_invites(
    app: Flask, signed_in: SignIn, newest_link: Link
) -> None:
    administrator = signed_in("administrator")
    page = administrator.post("/invitations", data={"email": "nune@example.org", "roles": "hr"})
    assert page.status_code == 200 and newest_link() in page.text
    for path in ("/outbox", "/people"):
        assert not re.search(r"/links/[\w-]{43}", administrator.get(path).text)


def test_a_colleagues_reset_link_is_never_shown(
    administrator: FlaskClient, client: FlaskClient, newest_link: Link
) -> None:
    client.post("/reset", data={"email": "hr@example.org"})
    assert newest_link() not in administrator.get("/outbox").text
    assert "/links/…" in administrator.get("/outbox").text


@pytest.mark.one_engine
def test_letters_speak_the_readers_language(mailing: Flask, client: FlaskClient, cast: Cast, look: Look) -> None:
    with mailing.app_context():
        cast.person("hr").language = "hy"
        db.session.scalars(select(Organisation).filter_by(slug="aygi")).one().language = "en"
        db.session.commit()
    client.post("/reset", data={"email": "hr@example.org"})
    assert "գաղտնաբառ" in look(select(OutboxMail.body))[0]


def test_unknown_addresses_leave_no_trace_of_the_work_done_for_them(client: FlaskClient, look: Look) -> None:
    client.post("/reset", data={"email": "nobody@example.org"})
    assert not look(select(OutboxMail)) and not look(select(OneTimeToken))


@pytest.mark.one_engine
@pytest.mark.parametrize("door", ["/reset", "/register/aygi"])
def test_the_same_is_written_for_known_and_unknown(mailing: Flask, client: FlaskClient, cast: Cast, door: str) -> None:
    with mailing.app_context():
        cast.person("hr").organisation.registration_open = True
        db.session.commit()
    counts = []
    for email in ("hr@example.org", "nobody@example.org"):
        with written(mailing) as kinds:
            client.post(door, data={"email": email})
        counts.append(kinds)
    assert counts[0] == counts[1] != []


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
    def slowly(stored: str | None, password: str) -> bool:
        with app.app_context():
            person = cast.person("trainee")
            person.active, person.password_hash = change != "account", passwords.hash_password("another long walk")
            db.session.commit()
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


# Mail


@pytest.mark.parametrize("goodbye", ["421 going down", "500 what"])
def test_a_letter_that_was_taken_leaves_once_whatever_the_goodbye(app: Flask, look: Look, goodbye: str) -> None:
    post(app, "ani@example.am")
    with server(SCRIPT | {"QUIT": goodbye}) as (app.config["SMTP_URL"], heard):
        for _ in range(3):
            jobs.run_once(app)
            clock.shift(timedelta(hours=1))
    assert states(look) == [(True, 1, None)] and heard.count("data") == 1
    assert any(line.startswith("Date: ") for line in heard) and any(line.startswith("Message-ID: <") for line in heard)


@pytest.mark.one_engine
def test_one_conversation_carries_all_and_a_refused_letter_stops_no_other(app: Flask, look: Look) -> None:
    post(app, "ani@example.am", "bad line", "davit@example.am")
    with server(SCRIPT) as (app.config["SMTP_URL"], heard):
        jobs.run_once(app)
    assert len([line for line in heard if line.lower().startswith("ehlo")]) == 1
    assert [row[0] for row in states(look)].count(True) >= 2


@pytest.mark.one_engine
@pytest.mark.parametrize("odd", ["անի@example.am", "odd@example.am"])
def test_a_letter_that_cannot_be_written_stops_no_other(
    app: Flask, look: Look, monkeypatch: pytest.MonkeyPatch, odd: str
) -> None:
    """An address that the server does not take, and a text of which the library can make no letter."""
    write = smtp.message
    monkeypatch.setattr(smtp, "message", lambda letter: int("none") if "odd" in letter.recipient else write(letter))
    post(app, "ani@example.am", odd, "davit@example.am")
    with server(SCRIPT) as (app.config["SMTP_URL"], _heard):
        jobs.run_once(app)
    assert [(sent, bool(error)) for sent, _tries, error in states(look)] == [
        (True, False),
        (False, True),
        (True, False),
    ]


@pytest.mark.one_engine
def test_a_letter_written_by_a_clock_that_ran_ahead_leaves_at_once(app: Flask, look: Look) -> None:
    clock.shift(timedelta(hours=3))
    post(app, "ani@example.am")
    clock.shift(timedelta())
    with server(SCRIPT) as (app.config["SMTP_URL"], _heard):
        jobs.run_once(app)
    assert states(look) == [(True, 1, None)]


def test_a_claim_outlives_the_slowest_server(app: Flask, look: Look) -> None:
    post(app, "ani@example.am")
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    with app.app_context():
        assert mail._claim() is not None
        clock.shift(timedelta(seconds=smtp.PATIENCE * 15))
        assert mail._claim() is None, "a second sender would deliver it twice"


def test_a_letter_whose_link_is_dead_does_not_leave(
    mailing: Flask, client: FlaskClient, look: Look, signed_in: SignIn
) -> None:
    client.post("/reset", data={"email": "hr@example.org"})
    clock.shift(timedelta(hours=2))
    with server(SCRIPT) as (mailing.config["SMTP_URL"], heard):
        jobs.run_once(mailing)
    assert not heard
    health = client.get("/healthz").json
    assert health["mail"] == {"waiting": 0, "failed": 1} and health["status"] == "ok"


def test_a_letter_given_up_can_be_tried_again(administrator: FlaskClient, mailing: Flask, look: Look) -> None:
    administrator.post("/invitations", data={"email": "nune@example.org", "roles": "hr"})
    with mailing.app_context():
        letter = db.session.scalars(select(OutboxMail)).one()
        letter.tries, number = 8, letter.id
        db.session.commit()
    assert "given up" in administrator.get("/outbox").text
    assert administrator.post(f"/outbox/{number}/tries").status_code == 303
    assert states(look) == [(False, 0, None)]


# Health


def test_health_tells_whether_a_write_is_possible(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/healthz").json["writes"] == "ok"
    monkeypatch.setattr(heartbeat, "_write", lambda: False)
    app.extensions.pop("heartbeat")
    reply = client.get("/healthz")
    assert (reply.status_code, reply.json["writes"], reply.json["database"]) == (503, "failing", "ok")
