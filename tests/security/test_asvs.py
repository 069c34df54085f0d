"""docs/asvs.md tells the truth: a state for every row, every test that it names is there; and a few rows' own tests."""

from __future__ import annotations

import re
import ssl

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from lms.background import smtp
from lms.config import ROOT, settings
from lms.database import db
from lms.identity import passwords, tokens
from lms.identity.models import Person
from tests.cast import Cast

ROW = re.compile(r"\| (V\d+\.\d+\.\d+) \| (holds|in part|operator) \| (.*?) \| (?:`([\w/.]+)::(\w+)`)? ?\|")
PASSWORD = "a long walk in Dilijan"


def test_every_row_has_a_state_and_its_test_is_there() -> None:
    lines = [line for line in (ROOT / "docs" / "asvs.md").read_text("utf-8").splitlines() if line.startswith("| V")]
    rows = [match for line in lines if (match := ROW.fullmatch(line))]
    assert len(rows) == len(lines) == 127, set(lines) - {row[0] for row in rows}
    for name, state, how, path, test in (row.groups() for row in rows):
        assert state == "holds" or len(how) > 15, f"{name} says no reason"
        if test:
            assert f"def {test}(" in (ROOT / "tests" / path).read_text("utf-8"), name


def test_a_new_secret_keeps_sessions_and_a_dated_hash_is_renewed(
    app: Flask, client: FlaskClient, cast: Cast, tmp_path
) -> None:
    (tmp_path / "secret").write_text("new\nolder\n")
    read = settings({"HMUT_DATA": str(tmp_path)})
    assert (read["SECRET_KEY"], read["SECRET_KEY_FALLBACKS"]) == ("new", ["older"])
    weak = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    with app.app_context():
        cast.person("trainee").password_hash = weak.hash(PASSWORD)
        db.session.commit()
    form = {"email": "trainee@example.org", "password": PASSWORD}
    assert client.post("/sign-in", data=form).status_code == 303
    with app.app_context():
        stored = str(cast.person("trainee").password_hash)
        assert not passwords.is_outdated(stored) and passwords.verify(stored, PASSWORD)
    app.config["SECRET_KEY_FALLBACKS"] = [app.config["SECRET_KEY"]]
    app.config["SECRET_KEY"] = "another"
    assert client.get("/home").status_code == 200


@pytest.mark.parametrize(("host", "checks"), [("mail.example.am", ssl.CERT_REQUIRED), ("127.0.0.1", ssl.CERT_NONE)])
def test_a_mail_server_elsewhere_shows_its_certificate(host: str, checks: ssl.VerifyMode) -> None:
    assert (smtp._tls(host).verify_mode, smtp._tls(host).check_hostname) == (checks, checks == ssl.CERT_REQUIRED)


def test_a_token_serves_one_purpose(app: Flask, cast: Cast) -> None:
    doors = {"/join": ("invitation", "registration"), "/reset/password": ("reset",), "/sign-in/link": ("sign_in",)}
    for purpose in tokens.LIFETIMES:
        with app.test_request_context(method="POST"):
            person = db.session.get_one(Person, cast.trainee)
            data = {"roles": ["trainee"], "challenge": "AAAA", "target": ""}
            house = person.organisation_id
            token, row = tokens.drawn(purpose, house, email="a@b.am", person_id=person.id, data=data)
            tokens.store([row])
            db.session.commit()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["one_time_token"] = cookie["second_step"] = token
        for path, opens in doors.items():
            assert (client.get(path).status_code == 200) is (purpose in opens), f"{purpose} at {path}"
        assert (client.get("/sign-in/second").status_code == 200) is (purpose == "second_step"), purpose
