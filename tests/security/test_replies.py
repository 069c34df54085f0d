"""What every reply carries, whatever happened, and what the browser is told to keep."""

from __future__ import annotations

import json
import logging
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from lms.app import create_app
from lms.config import settings
from lms.database import db
from lms.identity import letters
from lms.web import log
from lms.web.security import HEADERS, OF_FILES
from tests.security.world import World, methods

KINDS = (
    "text/html",
    "text/css",
    "text/csv",
    "text/plain",
    "text/calendar",
    "image/png",
    "image/svg",
    "application/json",
    "application/problem+json",
    "application/pdf",
    "application/vnd.openxmlformats",
)


def test_every_reply_carries_the_headers(world: World) -> None:
    client = world.client("everyone")
    pages = [world.address(rule) for rule in world.rules() if "GET" in methods(rule)]
    for path in [*pages, "/nowhere", "/people/0", "/static/none.css", "/join?x=%00"]:
        reply = client.get(path, buffered=True)  # some are sent in parts
        own_policy = "/figures/" in path or ("/files/" in path and reply.status_code == 200)
        is_file = path.startswith("/static/") and reply.status_code == 200
        for name, value in (OF_FILES if is_file else HEADERS).items():
            if not (own_policy and name == "Content-Security-Policy"):
                assert reply.headers.get(name) == value, f"{path}: {name}"
        assert "sandbox" in reply.headers["Content-Security-Policy"] or not own_policy, path
        assert reply.content_type.startswith(KINDS), path
        assert "utf-8" in reply.content_type or not reply.content_type.startswith("text/html"), path


def test_the_policy_allows_no_inline_code_and_no_stranger(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "http" not in policy and "*" not in policy
    for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert part in policy


def test_pages_are_not_stored_but_files_are(client: FlaskClient) -> None:
    assert client.get("/sign-in").headers["Cache-Control"] == "no-store"
    assert "max-age=31536000" in client.get("/static/hmut.css").headers["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in client.get("/", headers={"Origin": "https://evil.example"}).headers


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client: FlaskClient) -> None:
    replies = [client.get("/sign-in"), client.post("/language", data={"language": "en"})]
    client.application.config["WTF_CSRF_ENABLED"] = True
    cookies = [line for reply in [*replies, client.get("/sign-in")] for line in reply.headers.getlist("Set-Cookie")]
    assert {line.split("=")[0] for line in cookies} == {"hmut", "language"}
    assert all("HttpOnly" in line and "SameSite=Lax" in line for line in cookies)


@pytest.fixture
def secure(database: tuple[str, Any], tmp_path: Path) -> Flask:
    environment = {"HMUT_DATA": str(tmp_path), "HMUT_BASE_URL": "https://hmut.example.am/", "HMUT_DEMO": "0"}
    return create_app({**settings(environment), "SQLALCHEMY_DATABASE_URI": database[0], "TESTING": True})


def test_behind_tls_cookies_are_bound_to_the_host_and_the_browser_stays_with_tls(secure: Flask) -> None:
    reply = secure.test_client().get("/sign-in", base_url="https://hmut.example.am")
    cookie = reply.headers["Set-Cookie"]
    assert cookie.startswith("__Host-hmut=") and "Secure" in cookie and "Path=/" in cookie and "Domain" not in cookie
    assert "max-age=31536000" in reply.headers["Strict-Transport-Security"]


def test_only_our_own_names_are_answered_to(secure: Flask) -> None:
    client = secure.test_client()
    assert client.get("/", base_url="https://hmut.example.am").status_code == 200
    for stranger in ("https://evil.example", "https://hmut.example.am.evil.example", "https://xhmut.example.am"):
        reply = client.get("/", base_url=stranger)
        assert reply.status_code == 400 and "evil" not in reply.text
        assert reply.headers["X-Content-Type-Options"] == "nosniff"


def test_links_in_letters_use_the_configured_address(secure: Flask) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "Forwarded": "host=evil.example"}
    with secure.test_request_context("/", base_url="https://localhost", headers=headers):
        assert letters.absolute("/links/x") == "https://hmut.example.am/links/x"


@pytest.mark.parametrize("language", ["hy", "en"])
def test_what_went_wrong_is_said_in_both_languages_and_nothing_more(app: Flask, language: str) -> None:
    def broken() -> str:
        raise ValueError("trainee@example.org fell over")

    broken.access = ("public",)  # type: ignore[attr-defined]
    app.add_url_rule("/broken", "broken", broken)
    app.testing = False
    words = {"hy": ("մեր սխալն", "Այսպիսի էջ չկա"), "en": ("our mistake", "no such page")}[language]
    client = app.test_client()
    for path, code, word in (("/broken", 500, words[0]), ("/nowhere", 404, words[1])):
        reply = client.get(path, headers={"Accept-Language": language})
        assert reply.status_code == code and word in reply.text and f'lang="{language}"' in reply.text
        assert "Traceback" not in reply.text and "fell over" not in reply.text and "ValueError" not in reply.text
    assert client.get("/broken", headers={"Accept": "application/json"}).json == {"error": "internal_server_error"}


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_without_the_database_every_page_says_so_and_healthz_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.client("everyone")
    with world.app.app_context():
        db.session.remove()
        monkeypatch.setattr(db.engine.pool, "connect", _refuse)
    health = client.get("/healthz")
    assert (health.status_code, health.json["database"]) == (503, "down") and health.headers["Retry-After"]
    for path in ("/home", "/team"):
        reply = client.get(path, headers={"Accept-Language": "en"})
        assert reply.status_code == 503 and reply.headers["Retry-After"] and "short pause" in reply.text, path
    assert client.get("/nowhere").status_code == 404
    strangers = world.app.test_client()
    assert strangers.get("/healthz").status_code == 503
    assert strangers.post("/sign-in", data={"email": "a@example.org", "password": "x"}).status_code == 503


def _refuse() -> None:
    raise OperationalError("SELECT", {}, sqlite3.OperationalError("unable to open database file"))


def test_logs_know_routes_but_no_people(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(attempt_id: int) -> str:
        raise ValueError("Անահիտ Սարգսյան")

    broken.access = ("public",)  # type: ignore[attr-defined]
    world.app.add_url_rule("/broken/<id:attempt_id>", "broken", broken)
    world.app.testing = False
    log.init_app(world.app)
    logging.getLogger().handlers.clear()
    client = world.client("everyone")
    paths = [world.address(rule) for rule in world.rules() if "GET" in methods(rule) and rule.endpoint != "broken"]
    capsys.readouterr()
    for path in [*paths, "/broken/987654", "/nowhere/trainee@example.org", "/search?q=Անահիտ"]:
        client.get(path, headers={"User-Agent": "Անահիտ", "Referer": "http://localhost/links/secretlink"})
    client.post("/sign-in", data={"email": "trainee@example.org", "password": "a long walk in Dilijan"})
    written = capsys.readouterr().err
    lines = [json.loads(line) for line in written.splitlines()]
    assert len(lines) >= len(paths) + 5 and {"/links/<token>", "-", "/broken/<id:attempt_id>"} <= {
        line["route"] for line in lines
    }
    assert any(line.get("error") == "ValueError" for line in lines)
    assert [line["outcome"] for line in lines if line["event"] == "sign_in"] == ["refused"]
    for secret in ("@", "Անահիտ", "987654", str(world.values["token"]), "Dilijan", "secretlink"):
        assert secret not in written and secret.encode("unicode-escape").decode() not in written, secret
