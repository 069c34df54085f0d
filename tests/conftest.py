"""Fixtures of every room: an application on a fresh copy of a filled database, the cast, a live server, a browser."""

from __future__ import annotations

import gc
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
from lms.config import ROOT
from lms.database import db
from lms.identity import passwords
from tests import cast as cast_module
from tests import databases, machine
from tests.applications import application
from tests.cast import Cast
from tests.summary import pytest_terminal_summary  # noqa: F401  a hook

# The same examples each time, and few: those that need more, or cost more, say so.
settings.register_profile("suite", max_examples=50, deadline=None, derandomize=True)
settings.load_profile("suite")
WORKBENCH = "HMUT_TESTS_WORKBENCH"
ROOM = 3 << 30  # bytes that the databases of a whole run may take


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "xdist_group(name): tests that one worker runs")
    config.addinivalue_line("markers", "both_engines: PostgreSQL could answer otherwise than SQLite here")
    config.addinivalue_line("markers", "one_engine: no, not in this test of a file marked `both_engines`")
    if not hasattr(config, "workerinput"):
        # Not below pytest's own folder: the database server runs as another user, whom pytest locks out there.
        os.environ[WORKBENCH] = tempfile.mkdtemp(prefix="hmut-tests-", dir=_memory())


def _memory() -> str | None:
    """A folder in memory where there is room: a thousand databases are copied, written to and thrown away."""
    shared = Path("/dev/shm")
    roomy = os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > ROOM
    return str(shared) if roomy else None


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(WORKBENCH), ignore_errors=True)


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """PostgreSQL only where a mark asks for it. Browser tests of a file and language share a worker, hence a server.
    Storms come first, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: item.path.parent.name != "storm")
    for item in items:
        if {"browser", "live_server"} & _fixtures(item):
            item.add_marker(
                pytest.mark.xdist_group(f"{item.path.stem} of {item.path.parent.name} {_param(item, 'language')}")
            )
        if "brought_up" in _fixtures(item):  # the database of a release, made by one worker
            item.add_marker(pytest.mark.xdist_group(f"release {_param(item, 'release')}"))
    left_out = [item for item in items if _engine(item) == "postgresql" and not _wants_both(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish(session: pytest.Session) -> None:
    """The demo is made while other tests run, so that no worker waits for it. And what is imported by now stays: the
    collector need not look at a million objects again and again."""
    if databases.WORKER == "gw0" and any("live_server" in _fixtures(item) for item in session.items):
        ahead = threading.Thread(target=_demo, args=(Path(os.environ[WORKBENCH]),))
        ahead.start()
        session.config.add_cleanup(ahead.join)
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _fixtures(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


def _wants_both(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("both_engines")) and not item.get_closest_marker("one_engine")


def _param(item: pytest.Item, name: str) -> str:
    spec = getattr(item, "callspec", None)
    return "" if spec is None else str(spec.params.get(name, ""))


def _engine(item: pytest.Item) -> str:
    """The engine that a test is drawn for by the fixture; one that names its engine itself keeps it."""
    named = any(mark.args[0] == "engine_name" for mark in item.iter_markers("parametrize"))
    return "" if named else _param(item, "engine_name")


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
def _same_chance(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test draws its items and numbers as it did the last time: a failure can be looked at again."""
    with fixed_chance(request.node.nodeid):
        yield


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
    surroundings = {**os.environ, "HMUT_DATA": str(data), "HMUT_PORT": str(port), **environment}
    surroundings.pop("DATABASE_URL", None) if "DATABASE_URL" not in environment else None
    data.mkdir(parents=True, exist_ok=True)
    log = (data / "server.log").open("ab")
    process = subprocess.Popen([sys.executable, str(ROOT / "wsgi.py")], env=surroundings, stdout=log, stderr=log)
    for _ in range(1_200):  # a busy machine seeds the demo for minutes
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2)
            if not _is_inventing((data / "server.log").read_text()):
                return process
            time.sleep(0.2)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if process.poll() is not None:
                break
            time.sleep(0.2)
    raise RuntimeError((data / "server.log").read_text()[-4000:])


def _is_inventing(said: str) -> bool:
    latest = said.rpartition("bringing the database")[2]
    return "the demo is made beside" in latest and "demo ready" not in latest


@pytest.fixture(scope="session")
def live_server(workbench: Path) -> Iterator[LiveServer]:
    """The demo, served by the real command: seeded once for all workers, served from a copy by each."""
    data, port = workbench / f"live-{databases.WORKER}", free_port()
    shutil.copytree(_demo(workbench), data, symlinks=True)
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
    (workbench / "findings-of-demo").mkdir()
    (data / "findings").symlink_to(workbench / "findings-of-demo")  # the first server that reads all content tells all
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
