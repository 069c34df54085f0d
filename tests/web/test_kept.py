"""What a process keeps between requests is kept under all that it is made of."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from flask import Flask, session
from sqlalchemy.exc import InvalidatePoolError

from lms.database import engines
from lms.identity.sessions import UndatedCookies
from lms.web import addresses
from lms.web.errors import wants_json


@pytest.fixture
def house(tmp_path: Path) -> Flask:
    """No database, one route, one file."""
    file = tmp_path / "a.css"
    file.write_text("one")
    app = Flask("kept", static_folder=str(tmp_path), static_url_path="/static")
    app.config["SECRET_KEY"] = "first"
    app.session_interface = UndatedCookies()
    app.url_defaults(lambda _endpoint, values: values.update({"v": file.read_text()} if "filename" in values else {}))
    app.add_url_rule("/things/<int:number>", "thing", lambda number: str(number))
    return app


def cookie_of(app: Flask, contents: dict[str, Any]) -> str:
    signer = UndatedCookies().get_signing_serializer(app)
    assert signer
    return str(signer.dumps(contents))


def opened(app: Flask, cookie: str) -> dict[str, Any]:
    with app.test_request_context(headers={"Cookie": f"session={cookie}"}):
        contents = dict(session)
        session.get("list", []).append("of this request")
        return contents


def test_a_cookie_read_twice_is_two_sessions(house: Flask) -> None:
    cookie = cookie_of(house, {"list": ["as signed"]})
    opened(house, cookie)["list"].append("of another request")
    assert opened(house, cookie)["list"][:1] == ["as signed"]
    assert len(opened(house, cookie)["list"]) == 2  # what was signed, and what this very request added


def test_a_cookie_of_a_former_secret_holds_nothing(house: Flask) -> None:
    cookie = cookie_of(house, {"who": "somebody"})
    assert opened(house, cookie) == {"who": "somebody"}
    house.config["SECRET_KEY"] = "second"
    assert opened(house, cookie) == {}
    house.config["SECRET_KEY_FALLBACKS"] = ["first"]
    assert opened(house, cookie) == {"who": "somebody"}


def test_one_letter_of_a_cookie_changed_holds_nothing(house: Flask) -> None:
    cookie = cookie_of(house, {"who": "somebody"})
    assert opened(house, cookie) == {"who": "somebody"}
    assert opened(house, cookie[:-2] + ("AA" if cookie[-2:] != "AA" else "BB")) == {}


def test_an_address_is_that_of_its_values_and_of_where_the_house_stands(house: Flask) -> None:
    for below, number in (("", 1), ("", 2), ("/house", 1), ("", 1)):
        with house.test_request_context(environ_overrides={"SCRIPT_NAME": below}):
            assert addresses.address("thing", number=number) == f"{below}/things/{number}"
            assert addresses.address("thing", number=number, _external=True).startswith("http://")


def test_the_address_of_a_file_changes_with_the_file(house: Flask, tmp_path: Path) -> None:
    file = tmp_path / "a.css"
    with house.test_request_context():
        assert addresses.address("static", filename="a.css") == "/static/a.css?v=one"
        file.write_text("two")
        os.utime(file, (1, 1))
        assert addresses.address("static", filename="a.css") == "/static/a.css?v=two"


@pytest.mark.parametrize(
    ("accept", "is_script"),
    [("application/json", True), ("text/html,*/*;q=0.8", False), ("", False), ("application/json, text/html", False)],
)
def test_a_script_is_told_by_what_it_accepts(house: Flask, accept: str, is_script: bool) -> None:
    with house.test_request_context(headers={"Accept": accept}):
        assert wants_json() is is_script


@pytest.mark.parametrize(
    ("idle", "reply", "asked", "refused"),
    [(0.5, False, 0, False), (5, True, 1, False), (5, False, 1, True), (5, psycopg.OperationalError(), 1, True)],
)
def test_only_a_connection_that_lay_idle_is_asked_whether_it_is_there(
    monkeypatch: pytest.MonkeyPatch, idle: float, reply: bool | Exception, asked: int, refused: bool
) -> None:
    questions = []

    def do_ping(connection: object) -> bool:
        questions.append(connection)
        if isinstance(reply, Exception):
            raise reply
        return reply

    dialect: Any = SimpleNamespace(do_ping=do_ping, dbapi=psycopg)
    record = SimpleNamespace(info={})
    monkeypatch.setattr("lms.database.engines.time.monotonic", lambda: 100.0)
    engines._note_return(None, record)
    monkeypatch.setattr("lms.database.engines.time.monotonic", lambda: 100.0 + idle)
    try:
        engines._look_after(dialect, object(), record, None)
        refusal = False
    except InvalidatePoolError:
        refusal = True
    assert (len(questions), refusal) == (asked, refused)
