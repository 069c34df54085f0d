"""Passkeys as the second step: whose they are, and what their answers count for."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock
from lms.database import db
from lms.identity import passkeys
from lms.identity.factor_models import Passkey, RecoveryCode
from lms.identity.models import Person, Session
from tests.html import page
from tests.identity.conftest import Look
from tests.identity.device import Device
from tests.identity.factor_steps import STRONG, SignIn, enter


@pytest.fixture
def device(hr: FlaskClient) -> Device:
    made = Device()
    assert add(hr, made).status_code == 200
    return made


def add(client: FlaskClient, device: Device, **other: str):
    options = client.post("/profile/factors/passkeys/options", data=STRONG | {"name": "My phone"})
    answer = device.make(json.loads(options.text) | other)
    return client.post("/profile/factors/passkeys", data={"credential": answer})


def asked(client: FlaskClient) -> dict[str, object]:
    return json.loads(str(page(client.get("/sign-in/second")).one("#passkey-use")["data-options"]))


def answer(client: FlaskClient, credential: str):
    return client.post("/sign-in/second/passkey", data={"credential": credential})


def test_a_passkey_is_added_and_opens_the_second_step(device: Device, app: Flask, look: Look) -> None:
    client = app.test_client()
    assert enter(client).location == "/sign-in/second"
    assert answer(client, device.use(asked(client))).location == "/team"
    assert client.get("/team").status_code == 200
    assert look(select(Passkey.uses)) == [1] and look(select(Passkey.name)) == ["My phone"]


def test_what_a_passkey_says_counts_once_here_and_for_this_question(device: Device, app: Flask, look: Look) -> None:
    client, other = app.test_client(), app.test_client()
    enter(client)
    good = device.use(asked(client))
    stranger = Device()
    stranger.id = device.id
    wrong = {
        "another key": stranger.use(asked(client)),
        "another site": Device("https://evil.example").use(asked(client)),
        "no answer": "",
        "no JSON": "{",
        "deep JSON": "[" * 19_000,
        "a list": "[]",
        "numbers": json.dumps({"id": 1, "rawId": 2, "type": 3, "response": 4}),
        "other bytes": good.replace('"signature": "', '"signature": "AAAA'),
    }
    for name, credential in list(wrong.items())[:4]:
        assert answer(client, credential).status_code == 422, name
        clock.shift(timedelta(0))
    with app.test_request_context():
        for name, credential in wrong.items():
            person = db.session.scalars(select(Person).filter_by(email="hr@example.org")).one()
            assert not passkeys.use(person, credential, str(asked(client)["challenge"])), name
    with client.session_transaction() as cookie:
        kept = cookie["second_step"]
    assert answer(client, good).status_code == 303
    client.post("/sign-out")
    with client.session_transaction() as cookie:
        cookie["second_step"] = kept  # somebody kept the cookie of before
    assert answer(client, good).location == "/sign-in", "the question is used up"
    enter(other)
    assert answer(other, good).status_code == 422, "another question"


def test_a_copied_passkey_falls_behind(device: Device, app: Flask) -> None:
    client = app.test_client()
    enter(client)
    assert answer(client, device.use(asked(client))).status_code == 303
    device.count = 0  # a copy that was made before
    enter(client)
    assert answer(client, device.use(asked(client))).status_code == 422


def test_adding_needs_the_password_and_the_question_of_now(hr: FlaskClient, look: Look) -> None:
    refused = hr.post("/profile/factors/passkeys/options", data={"name": "x", "present": "wrong"})
    assert refused.status_code == 422 and "password" in json.loads(refused.text)["error"]
    assert add(hr, Device(), challenge="AAAA").status_code == 303
    assert add(hr, Device("https://evil.example")).status_code == 303
    made = Device()
    assert add(hr, made).status_code == 200
    assert hr.post("/profile/factors/passkeys", data={"credential": "{}"}).status_code == 303
    assert len(look(select(Passkey))) == 1


def test_a_passkey_is_its_owners(device: Device, hr: FlaskClient, signed_in: SignIn, look: Look) -> None:
    (number,) = look(select(Passkey.id))
    for name in ("trainee", "administrator", "outsider"):
        assert signed_in(name).post(f"/profile/factors/passkeys/{number}/removal", data=STRONG).status_code == 404
    assert hr.post(f"/profile/factors/passkeys/{number}/removal", data=STRONG).status_code == 303
    assert not look(select(Passkey)) and not look(select(RecoveryCode))


def test_a_lost_session_leaves_no_half_open_door(device: Device, app: Flask, look: Look) -> None:
    client = app.test_client()
    before = len(look(select(Session)))
    enter(client)
    assert len(look(select(Session))) == before


@pytest.mark.parametrize(("base", "offered"), [("https://hmut.example.am", True), ("https://10.0.0.7", False)])
def test_passkeys_are_offered_where_they_work(app: Flask, hr: FlaskClient, base: str, offered: bool) -> None:
    app.config["HMUT_BASE_URL"] = base
    assert page(hr.get("/profile/factors")).has("#passkey-new") is offered
    status = hr.post("/profile/factors/passkeys/options", data=STRONG | {"name": "x"}).status_code
    assert status == (200 if offered else 409)
