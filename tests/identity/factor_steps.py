"""The steps of a second factor at the door, as a person takes them with an app."""

from __future__ import annotations

from collections.abc import Callable

import pyotp
from flask.testing import FlaskClient

from lms import clock
from tests.html import page

PASSWORD = "a long walk in Dilijan"
STRONG = {"present": PASSWORD}
SignIn = Callable[[str], FlaskClient]


def enter(client: FlaskClient, name: str = "hr"):
    return client.post("/sign-in", data={"email": f"{name}@example.org", "password": PASSWORD})


def code(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(clock.now().timestamp()) + 30 * steps)


def set_up_app(client: FlaskClient) -> tuple[str, list[str]]:
    """The secret and the recovery codes."""
    shown = page(client.get("/profile/factors/app"))
    secret = shown.text("main code").replace(" ", "")
    form = STRONG | {"sealed": shown.form().fields["sealed"], "code": code(secret)}
    reply = client.post("/profile/factors/app", data=form)
    assert reply.status_code == 200, page(reply).text("main")
    return secret, [tag.text for tag in page(reply).all("main li code")]


def second(client: FlaskClient, code: str):
    return client.post("/sign-in/second", data={"code": code})
