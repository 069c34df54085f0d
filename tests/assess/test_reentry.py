"""F10: the session ends, the password or the server's secret changes, the token grows old in the middle of a test."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.assess.models import Response
from lms.database import db
from lms.identity import sessions
from tests.assess.forms import JSON, Sat, SignIn, script
from tests.assess.small import begin
from tests.cast import Cast, sign_in

pytestmark = pytest.mark.both_engines

Break = Callable[[Flask, Cast, FlaskClient, str], object]


def sign_out_in_another_tab(_app: Flask, _cast: Cast, client: FlaskClient, token: str) -> None:
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 303


def change_the_password_elsewhere(app: Flask, cast: Cast, *_: object) -> None:
    with app.app_context():
        sessions.end_all(cast.person("trainee"))
        db.session.commit()


def rotate_the_secret(app: Flask, *_: object) -> None:
    app.secret_key = app.config["SECRET_KEY"] = "another secret"


@pytest.mark.parametrize(
    ("happens", "code"),
    [(sign_out_in_another_tab, 400), (change_the_password_elsewhere, 401), (rotate_the_secret, 400)],
)
def test_whoever_enters_again_sends_the_waiting_answer_with_its_key(
    app: Flask, cast: Cast, signed_in: SignIn, happens: Break, code: int
) -> None:
    with app.app_context():
        attempt = Sat(app, begin(cast.person("trainee"), seconds=600))
    client, seq = signed_in("trainee"), attempt.seq
    app.config["WTF_CSRF_ENABLED"] = True
    token = csrf(client, attempt)
    assert script(client, attempt.id, 1, {"answer": ["a"]}, seq + 1, {"csrf_token": token}).status_code == 200
    happens(app, cast, client, token)
    reply = script(client, attempt.id, 2, {"answer": ["b"]}, seq + 2, {"csrf_token": token})
    assert (reply.status_code, reply.is_json) == (code, True)
    assert client.get(f"/attempts/{attempt.id}/state", headers=JSON).status_code == 401
    assert len(attempt.look(select(Response))) == 1
    sign_in(client, cast.trainee)
    again = {"csrf_token": csrf(client, attempt)}
    assert script(client, attempt.id, 2, {"answer": ["b"]}, seq + 2, again).json["saved"]
    assert [row.client_seq for row in attempt.look(select(Response).order_by(Response.id))] == [seq + 1, seq + 2]


def csrf(client: FlaskClient, attempt: Sat) -> str:
    return str(client.get(f"/attempts/{attempt.id}/state", headers=JSON).json["csrf"])


def test_the_token_of_a_long_test_does_not_grow_old(
    app: Flask, attempt: Sat, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("trainee")
    app.config["WTF_CSRF_ENABLED"] = True
    token = {"csrf_token": csrf(client, attempt)}
    later = int(time.time()) + 5 * 3600
    monkeypatch.setattr("itsdangerous.timed.TimestampSigner.get_timestamp", lambda _: later)
    assert script(client, attempt.id, 1, {"answer": ["a"]}, attempt.seq + 1, token).status_code == 200
