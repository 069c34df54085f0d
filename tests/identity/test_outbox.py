"""The outbox: every letter leaves once, and none stops another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock
from lms.background import jobs, mail, smtp
from lms.background.mail import OutboxMail
from lms.database import db
from tests.identity.conftest import Look
from tests.identity.test_links import SignIn
from tests.identity.test_mail import SCRIPT, post, server, states

pytestmark = pytest.mark.both_engines


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
