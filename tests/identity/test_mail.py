"""Mail leaves when the server takes it, and nobody waits for a server that does not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms import clock
from lms.background import jobs, mail, thinning
from lms.background.mail import OutboxMail
from lms.background.thinning import LetterThinner
from lms.database import db
from lms.identity.models import Organisation
from tests.assess.forms import SignIn
from tests.cast import Cast
from tests.identity.conftest import Look

SCRIPT = {"EHLO": "250 sink", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", "QUIT": "221 bye"}


@contextmanager
def server(answers: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    """A mail server of twenty lines: (its SMTP_URL, the lines it was told)."""
    heard: list[str] = []
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_answer, args=(listener, answers, heard), daemon=True).start()
    yield f"smtp://127.0.0.1:{listener.getsockname()[1]}", heard
    listener.close()


def _answer(listener: socket.socket, answers: dict[str, str], heard: list[str]) -> None:
    calls = []  # each stays open
    while True:
        try:
            call, _ = listener.accept()
        except OSError:
            return
        calls.append(call)
        _converse(call, answers, heard)


def _converse(call: socket.socket, answers: dict[str, str], heard: list[str]) -> None:
    call.sendall(b"220 sink\r\n")
    letter = False
    for raw in call.makefile("rb"):
        line = raw.decode().rstrip("\r\n")
        heard.append(line)
        if letter and line != ".":
            continue
        reply = "250 taken" if letter else answers.get(line[:4].upper(), "500 what")
        letter = reply.startswith("354")
        call.sendall(reply.encode() + b"\r\n")


def post(app: Flask, *recipients: str) -> None:
    with app.app_context():
        house = db.session.scalars(select(Organisation).limit(1)).one()
        for recipient in recipients:
            mail.post(house.id, recipient, "Հրավեր", "Բարև\nhttp://localhost/links/abc-DEF_1\n")
        db.session.commit()


def states(look: Look) -> list[tuple[bool, int, str | None]]:
    return [(row.sent_at is not None, row.tries, row.error) for row in look(select(OutboxMail).order_by(OutboxMail.id))]


def test_a_letter_leaves_whole_and_its_link_does_not_stay(app: Flask, look: Look) -> None:
    post(app, "ani@example.am", "davit@example.am")
    with server(SCRIPT) as (app.config["SMTP_URL"], heard):
        jobs.run_once(app)
        jobs.run_once(app)
    assert states(look) == [(True, 1, None)] * 2
    assert [line for line in heard if line.startswith("rcpt")] == [
        "rcpt TO:<ani@example.am>",
        "rcpt TO:<davit@example.am>",
    ]
    assert "To: ani@example.am" in heard and any(line.startswith("Subject: =?utf-8?") for line in heard)
    assert all("abc-DEF_1" not in body and "/links/…" in body for body in look(select(OutboxMail.body)))


def test_without_a_server_letters_wait(app: Flask, look: Look) -> None:
    post(app, "ani@example.am")
    jobs.run_once(app)
    assert states(look) == [(False, 0, None)]


@pytest.mark.parametrize("answers", [None, SCRIPT | {"RCPT": "550 no such person"}, SCRIPT | {"MAIL": "421 busy"}])
def test_a_failure_is_noted_and_tried_again_later(app: Flask, look: Look, answers: dict[str, str] | None) -> None:
    post(app, "ani@example.am")
    with server(answers or {}) as (address, _heard):
        app.config["SMTP_URL"] = address if answers else "smtp://127.0.0.1:1"
        jobs.run_once(app)
        jobs.run_once(app)
    ((sent, tries, error),) = states(look)
    assert (sent, tries) == (False, 1) and error and "@" not in error
    clock.shift(timedelta(minutes=2))
    with server(SCRIPT) as (app.config["SMTP_URL"], _heard):
        jobs.run_once(app)
    assert states(look) == [(True, 2, None)]


@pytest.mark.parametrize(
    ("answer", "kept", "wrong"),
    [
        ("550 5.1.1 <ani@example.am>: unknown", "550 5.1.1", True),
        ("550 no such person", "550", True),
        ("550 5.7.1 you are on a list", "550 5.7.1", False),
        ("450 4.2.0 later", "450 4.2.0", False),
    ],
)
def test_a_wrong_address_is_called_one(
    app: Flask, look: Look, signed_in: SignIn, answer: str, kept: str, wrong: bool
) -> None:
    administrator = signed_in("administrator")
    administrator.post("/invitations", data={"email": "ani@example.am", "roles": "trainee", "language": "en"})
    with server(SCRIPT | {"RCPT": answer}) as (app.config["SMTP_URL"], _heard):
        jobs.run_once(app)
    assert [error for _sent, _tries, error in states(look)] == [kept]
    for page in ("/people", "/outbox"):
        shown = administrator.get(page, headers={"Cookie": "language=en"}).text
        assert ("wrong address" in shown) == wrong, page


def test_after_eight_failures_it_stays(app: Flask, look: Look) -> None:
    post(app, "ani@example.am")
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    for turn in range(10):
        clock.shift(timedelta(days=turn))
        jobs.run_once(app)
    assert states(look) == [(False, 8, "ConnectionRefusedError")]


def test_a_hanging_server_holds_nobody_up(app: Flask) -> None:
    """While the sender waits for it, requests write as ever: no transaction is open meanwhile."""
    post(app, "ani@example.am", "davit@example.am")
    sender = threading.Thread(target=jobs.run_once, args=(app,))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        app.config["SMTP_URL"] = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        sender.start()
        with silent.accept()[0]:
            assert app.test_client().post("/reset", data={"email": "trainee@example.org"}).status_code == 200
            assert sender.is_alive()
    sender.join(20)
    assert not sender.is_alive()


def test_one_broken_job_stops_no_other(app: Flask) -> None:
    done: list[str] = []
    jobs.jobs_of(app)[:] = [_break, lambda: done.append("second")]
    jobs.run_once(app)
    assert done == ["second"]


def _break() -> None:
    raise ValueError("trainee@example.org")


@pytest.mark.parametrize("part", ["recipient", "subject"])
def test_headers_cannot_be_slipped_in(context: Flask, part: str) -> None:
    parts = {"recipient": "ani@example.am", "subject": "Hello"}
    with pytest.raises(ValueError, match="line break"):
        mail.post(1, **parts | {part: "x\r\nBcc: everybody@example.am"}, body="")


def test_a_test_letter_goes_past_the_outbox_and_says_what_the_server_said(app: Flask, look: Look) -> None:
    with server(SCRIPT) as (app.config["SMTP_URL"], heard):
        told = app.test_cli_runner().invoke(args=["mail", "test", "ani@example.am"])
    assert told.exit_code == 0 and "ani@example.am" in told.output and "To: ani@example.am" in heard
    with server(SCRIPT | {"RCPT": "550 nobody of that name"}) as (app.config["SMTP_URL"], heard):
        told = app.test_cli_runner().invoke(args=["mail", "test", "ani@example.am"])
    assert told.exit_code == 1 and "550 nobody of that name\n" in told.output and "b'" not in told.output
    assert app.test_cli_runner().invoke(args=["mail", "test", "no address"]).exit_code == 1
    assert not look(select(OutboxMail))


def test_a_letter_that_left_long_ago_keeps_no_text(app: Flask, context: Flask, cast: Cast) -> None:
    home, sent = cast.person("hr").organisation_id, clock.now()
    old, fresh, waits, blank = (mail.post(home, "a@example.org", "Subject", "Text") for _ in range(4))
    old.sent_at = sent - timedelta(days=91)
    fresh.sent_at = sent - timedelta(days=89)
    waits.created_at, blank.sent_at, blank.body = sent - timedelta(days=200), sent - timedelta(days=400), ""
    db.session.commit()
    thinner = LetterThinner()
    thinner()
    assert [each.body for each in db.session.scalars(select(OutboxMail).order_by(OutboxMail.id))] == [
        "",
        "Text",
        "Text",
        "",
    ]
    assert (old.subject, old.recipient) == ("Subject", "a@example.org")
    assert thinning.thin() == 0
    fresh.sent_at = sent - timedelta(days=91)
    db.session.commit()
    thinner()
    assert fresh.body == "Text", "the job looks once an hour"
