"""Fixtures of every room: an application on a fresh copy of a filled database, the cast, a live server, a browser."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from playwright.sync_api import Browser, Page, sync_playwright

from lms import clock, publishing
from lms.app import create_app
from lms.config import ROOT
from lms.database import db
from lms.identity import passwords
from tests import cast as cast_module
from tests import machine
from tests.cast import Cast

_numbers = itertools.count()
_templates: dict[str, tuple[str, Cast]] = {}


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests share one server and one browser, so one worker runs them all."""
    for item in items:
        if "page" in getattr(item, "fixturenames", ()) or "live_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("browser"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "xdist_group(name): tests that one worker runs")


@pytest.fixture(scope="session")
def workbench() -> Iterator[Path]:
    """A folder for databases. Not below pytest's own: the server runs as another user, whom pytest locks out there."""
    with tempfile.TemporaryDirectory(prefix="hmut-tests-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _settings(url: str, folder: Path) -> dict[str, object]:
    return {
        "TESTING": True,
        "WTF_CSRF_ENABLED": False,  # the tests that are about it switch it on
        "HMUT_DATA": folder,
        "HMUT_DEMO": False,
        "SQLALCHEMY_DATABASE_URI": url,
        "SERVER_NAME": None,
        "SECRET_KEY": "a key of the tests",
    }


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database(engine_name: str, workbench: Path) -> Iterator[tuple[str, Cast]]:
    """The address of a database of one's own: migrated, with the shipped content and the cast in it."""
    if engine_name not in _templates:
        _templates[engine_name] = _make_template(engine_name, workbench)
    template, cast = _templates[engine_name]
    copy, remove = _copy(engine_name, template, workbench)
    yield copy, cast
    remove()


def _make_template(engine: str, workbench: Path) -> tuple[str, Cast]:
    url = f"sqlite:///{workbench / 'template.db'}" if engine == "sqlite" else _new_postgresql(workbench, "template")
    app = create_app(_settings(url, workbench))
    with app.app_context():
        upgrade()
        publishing.load(ROOT)
        cast = cast_module.create()
        db.session.remove()
        if engine == "sqlite":
            with db.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return url, cast


def _new_postgresql(workbench: Path, name: str, template: str = "") -> str:
    server = machine.hasty_postgresql(workbench / "postgresql")
    with psycopg.connect(server, autocommit=True) as connection:
        source = f" TEMPLATE {template} STRATEGY file_copy" if template else ""
        connection.execute(f"CREATE DATABASE {name}{source}")
    return server.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?")


def _copy(engine: str, template: str, workbench: Path) -> tuple[str, Callable[[], None]]:
    name = f"test_{next(_numbers)}"
    if engine == "sqlite":
        target = workbench / f"{name}.db"
        shutil.copyfile(template.removeprefix("sqlite:///"), target)
        return f"sqlite:///{target}", lambda: _remove_sqlite(target)
    return _new_postgresql(workbench, name, "template"), lambda: _drop(workbench, name)


def _remove_sqlite(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _drop(workbench: Path, name: str) -> None:
    with psycopg.connect(machine.hasty_postgresql(workbench / "postgresql"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def app(database: tuple[str, Cast], workbench: Path) -> Iterator[Flask]:
    app = create_app(_settings(database[0], workbench))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The application with its context pushed, for tests without requests: one inside would share `g`."""
    with app.app_context():
        yield app


@pytest.fixture
def cast(database: tuple[str, Cast]) -> Cast:
    return database[1]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def signed_in(app: Flask, cast: Cast) -> Callable[[str], FlaskClient]:
    """`signed_in("trainee")` is a client of that person."""

    def make(name: str) -> FlaskClient:
        client = app.test_client()
        cast_module.sign_in(client, cast.ids[name])
        return client

    return make


@pytest.fixture(autouse=True, scope="session")
def real_hasher() -> Iterator[PasswordHasher]:
    """Hashing is slow on purpose, and hundreds of tests sign in. Yields the hasher that the program itself uses."""
    real, passwords._hasher = passwords._hasher, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield real
    passwords._hasher = real


@pytest.fixture(autouse=True)
def _right_clock() -> Iterator[None]:
    yield
    clock.shift(timedelta(0))


@dataclass(frozen=True)
class LiveServer:
    url: str
    process: subprocess.Popen[bytes]
    data: Path


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def start_server(data: Path, port: int, **environment: str) -> subprocess.Popen[bytes]:
    """`python3 wsgi.py` as a newcomer starts it, on a data folder and port of its own; returns once it answers."""
    settings = {**os.environ, "HMUT_DATA": str(data), "HMUT_PORT": str(port), **environment}
    settings.pop("DATABASE_URL", None) if "DATABASE_URL" not in environment else None
    data.mkdir(parents=True, exist_ok=True)
    log = (data / "server.log").open("ab")
    process = subprocess.Popen([sys.executable, str(ROOT / "wsgi.py")], env=settings, stdout=log, stderr=log)
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2)
            return process
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if process.poll() is not None:
                break
            time.sleep(0.2)
    raise RuntimeError((data / "server.log").read_text()[-4000:])


@pytest.fixture(scope="session")
def live_server(workbench: Path) -> Iterator[LiveServer]:
    """The demo, served by the real command."""
    port = free_port()
    process = start_server(workbench / "live", port)
    yield LiveServer(f"http://127.0.0.1:{port}", process, workbench / "live")
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=machine.require_browser(), args=machine.BROWSER_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page of a fresh browser profile, addresses relative to the live server. A script error fails the test."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900}, locale="en-GB")
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda line: errors.append(line.text) if re.search("Content Security Policy|Trusted", line.text) else None,
    )
    yield page
    context.close()
    assert not errors, errors


@pytest.fixture
def enter() -> Callable[[Page, str], None]:
    """`enter(page, "trainee")` walks in through the demo's front door."""

    def walk_in(page: Page, role: str) -> None:
        page.goto("/")
        with page.expect_navigation():  # a click alone may return before the old page is left
            page.locator(f"form[action='/demo/{role}'] button").click()

    return walk_in
