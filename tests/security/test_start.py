"""Before the first visitor: no default secret, no demo beyond this machine, no password that nobody chose."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lms.app import create_app
from lms.config import ROOT, settings
from lms.database import db
from lms.demo import people as demo_people
from lms.identity import passwords, views
from lms.identity.models import Person
from lms.operations import serve

SignIn = Callable[[str], FlaskClient]
MAKE = "from lms.config import settings; print(settings()['SECRET_KEY'])"


def test_processes_that_start_together_share_one_secret_that_only_they_can_read(tmp_path: Path) -> None:
    command, environment = [sys.executable, "-c", MAKE], {"HMUT_DATA": str(tmp_path / "data")}
    started = [subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(4)]
    keys = {process.communicate()[0] for process in started}
    assert len(keys) == 1 and len(keys.pop()) > 60
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret"]
    assert stat.S_IMODE((tmp_path / "data" / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_every_installation_has_its_own_secret(tmp_path: Path) -> None:
    keys = [settings({"HMUT_DATA": str(tmp_path / name)})["SECRET_KEY"] for name in ("one", "two", "one")]
    assert keys[0] == keys[2] != keys[1]


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"HMUT_HOST": "0.0.0.0"}, "HMUT_DEMO=0"),
        ({"HMUT_HOST": "::"}, "HMUT_DEMO=0"),
        ({"HMUT_HOST": "192.168.1.5"}, "HMUT_DEMO=0"),
        ({"HMUT_BASE_URL": "https://hmut.example.am"}, "HMUT_DEMO=0"),
        ({"HMUT_HOST": "0.0.0.0", "HMUT_DEMO": "0"}, "HMUT_BASE_URL"),
    ],
)
def test_what_must_not_be_reachable_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], said: str
) -> None:
    monkeypatch.setattr(serve, "prepare", lambda _app: pytest.fail("it went on"))
    with pytest.raises(SystemExit, match=said):
        serve.serve(create_app(settings(environment | {"HMUT_DATA": str(tmp_path)})))


def test_the_demo_opens_to_this_machine_only(app: Flask, context_demo: int) -> None:
    app.config["HMUT_DEMO"] = True
    for address, code in (("127.0.0.1", 303), ("10.0.0.7", 404)):
        reply = app.test_client().post("/demo/trainee", environ_base={"REMOTE_ADDR": address})
        assert reply.status_code == code, address
    assert app.test_client().post("/demo/emperor").status_code == 404


def test_the_demos_people_vanish_with_the_demo(app: Flask, context_demo: int) -> None:
    app.config["HMUT_DEMO"] = True
    client = app.test_client()
    client.post("/demo/trainee")
    assert client.get("/home").status_code == 200
    app.config["HMUT_DEMO"] = False
    assert client.get("/home").status_code == 303
    entry = {"email": "trainee@example.org", "password": "a long walk in Dilijan"}
    assert client.post("/sign-in", data=entry).status_code == 422


@pytest.fixture
def context_demo(app: Flask, cast: Any) -> int:
    with app.app_context():
        changes = {"is_demo": True, "password_hash": passwords.hash_password("a long walk in Dilijan")}
        db.session.execute(update(Person).filter_by(id=cast.trainee).values(changes))
        db.session.commit()
    return int(cast.trainee)


def test_a_demo_person_has_no_password_and_gets_none(app: Flask, signed_in: SignIn, context_demo: int) -> None:
    app.config["HMUT_DEMO"] = True
    form = {"present": "a long walk in Dilijan", "password": "another long walk"}
    assert signed_in("trainee").post("/profile/password", data=form).status_code == 403
    assert "password" not in Path(demo_people.__file__).read_text("utf-8")


def test_a_new_installation_holds_no_account_to_guess(app: Flask) -> None:
    with app.app_context():
        assert not db.session.scalars(select(Person).where(Person.password_hash.is_not(None))).all()


@pytest.mark.parametrize("email", ["trainee@example.org", "nobody@example.org"])
def test_known_or_not_one_hash_is_checked(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, email: str) -> None:
    checked: list[str] = []
    monkeypatch.setattr(passwords, "_hasher", _Counting(checked))
    client.post("/sign-in", data={"email": email, "password": "a long walk in Dilijan"})
    assert len(checked) == 1


class _Counting:
    def __init__(self, checked: list[str]) -> None:
        self.checked = checked

    def hash(self, _password: str) -> str:
        return "$argon2id$decoy"

    def verify(self, stored: str, _password: str) -> None:
        self.checked.append(stored)
        raise passwords.VerifyMismatchError


def test_no_answer_waits_while_a_password_is_hashed(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    open_: list[bool] = []
    monkeypatch.setattr(views, "verify", lambda *_: open_.append(db.session().in_transaction()))
    client.post("/sign-in", data={"email": "trainee@example.org", "password": "x"})
    assert open_ == [False]
