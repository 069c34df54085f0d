"""Fixtures of every room: an application on a fresh copy of a filled database, the cast, a live server, a browser."""

from __future__ import annotations

import gc
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from playwright.sync_api import Browser, Page, sync_playwright

from lms import clock
from lms.assess.chance import fixed_chance
from lms.identity import passwords
from tests import cast as cast_module
from tests import databases, machine
from tests.applications import application, release
from tests.campaigns.measured import take_as_measured
from tests.cast import Cast
from tests.conftest import WORKBENCH
from tests.servers import LiveServer, free_port, start_server

# The same examples each time, and few: those that need more, or cost more, say so.
settings.register_profile("suite", max_examples=50, deadline=None, derandomize=True)
settings.load_profile("suite")


def pytest_collection_finish(session: pytest.Session) -> None:
    """The demo is made while other tests run, so that no worker waits for it. And what is imported by now stays: the
    collector need not look at a million objects again and again."""
    if databases.WORKER == "gw0" and any("live_server" in getattr(item, "fixturenames", ()) for item in session.items):
        ahead = threading.Thread(target=_demo, args=(Path(os.environ[WORKBENCH]),))
        ahead.start()
        session.config.add_cleanup(ahead.join)
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def workbench() -> Path:
    """A folder that all workers share, for databases and what is made once."""
    return Path(os.environ[WORKBENCH])


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Tests marked `both_engines` run on PostgreSQL too, all others on SQLite alone."""
    return str(request.param)


@pytest.fixture
def database(engine_name: str, workbench: Path) -> Iterator[tuple[str, Cast]]:
    """The address of a database of one's own: migrated, with the shipped content and the cast in it."""
    with databases.fresh(engine_name, workbench) as found:
        yield found


@pytest.fixture
def app(database: tuple[str, Cast], workbench: Path) -> Iterator[Flask]:
    app = application(database[0], workbench)
    yield app
    release(app)


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
def _same_chance(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test draws its items and numbers as it did the last time: a failure can be looked at again."""
    with fixed_chance(request.node.nodeid):
        yield


@pytest.fixture(autouse=True)
def _right_clock() -> Iterator[None]:
    yield
    clock.shift(timedelta(0))


@pytest.fixture(scope="session")
def live_server(workbench: Path) -> Iterator[LiveServer]:
    """The demo, served by the real command: seeded once for all workers, served from a copy by each."""
    data, port = workbench / f"live-{databases.WORKER}", free_port()
    shutil.copytree(_demo(workbench), data, symlinks=True)
    app = application(f"sqlite:///{data / 'hmut.db'}", workbench)
    take_as_measured(app)
    release(app)
    process = start_server(data, port)
    yield LiveServer(f"http://127.0.0.1:{port}", process, data)
    process.terminate()
    process.wait(60)


def _demo(workbench: Path) -> str:
    return str(databases.once(workbench, "demo", lambda: _seed(workbench)))


def _seed(workbench: Path) -> str:
    """The first start of the real command, on tables and content that `databases` has made as it makes them."""
    data = workbench / "demo"
    data.mkdir()
    (data / "secret").touch()  # beside a database the program makes none unasked
    (workbench / "findings").mkdir(exist_ok=True)  # where applications of tests keep theirs, of the same content
    (data / "findings").symlink_to(workbench / "findings")  # the first that reads all content tells all
    shutil.copy(databases.prepared(workbench), data / "hmut.db")
    process = start_server(data, free_port())
    process.terminate()
    process.wait(60)
    return str(data)


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
    context.set_default_timeout(120_000)  # a busy machine; nothing waits as long where nothing is wrong
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    context.on(
        "console",
        lambda line: errors.append(line.text) if re.search("Content Security Policy|Trusted", line.text) else None,
    )
    yield context.new_page()
    context.close()
    assert not errors, errors


@pytest.fixture
def enter() -> Callable[[Page, str], str]:
    """`enter(page, "trainee")` gives the browser the session of the demo's front door, and says where the door leads.
    No page is opened: the buttons are pressed by tests/face/test_first_hour.py."""

    def come_in(page: Page, role: str) -> str:
        headers = {"Accept-Language": page.evaluate("navigator.language")}  # the browser's own, as its pages send it
        front = BeautifulSoup(page.request.get("/", headers=headers).text(), "html.parser")
        (door,) = front.select(f"form[action='/demo/{role}']")
        fields = {str(field["name"]): str(field["value"]) for field in door.select("input")}
        return page.request.post(f"/demo/{role}", form=fields, headers=headers).url

    return come_in
