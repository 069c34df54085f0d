"""Fixtures of this room: the transaction mode put right, and a check that a real browser sits on a real server."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from sqlalchemy import select

from lms.assess import Attempt, close_overdue
from lms.assess.models import Response
from lms.database import db, mode, read_only
from tests import databases
from tests.assess.forms import Sat
from tests.assess.small import begin
from tests.cast import Cast
from tests.servers import free_ports
from tests.storm.house import House
from tests.storm.stage import application, signed_cookie, trainee
from tests.storm.texts import CONTENT


@pytest.fixture(autouse=True)
def _may_write() -> Iterator[None]:
    """A request of the test client leaves its transaction mode in this thread."""
    yield
    mode.reading.set(False)


@pytest.fixture
def attempt(app: Flask, cast: Cast) -> Sat:
    """The trainee in the middle of a check of eight questions."""
    with app.app_context():
        return Sat(app, begin(cast.person("trainee")))


@dataclass
class Sitting:
    """A running check of the trainee on a server of its own, and how to look into its database."""

    app: Flask
    url: str
    number: int
    cookie: str
    person: int

    def address(self, item: int | str = "") -> str:
        return f"{self.url}/attempts/{self.number}" + (f"?item={item}" if item else "")

    def answers(self) -> dict[int, dict[str, list[str]]]:
        with self.app.app_context(), read_only():
            current = db.session.get_one(Attempt, self.number).current_answers()
            return {position: row.value for position, row in current.items()}

    def responses(self) -> list[Response]:
        with self.app.app_context(), read_only():
            return list(db.session.scalars(select(Response).filter_by(attempt_id=self.number).order_by(Response.id)))

    def expire(self) -> None:
        """Move the attempt an hour back, so that its time is over."""
        with self.app.app_context():
            attempt = db.session.get_one(Attempt, self.number)
            attempt.started_at -= timedelta(hours=1)
            attempt.deadline_at = attempt.started_at + timedelta(seconds=60)
            db.session.commit()

    def run_out(self) -> None:
        """Then end what is overdue, as the server's job would."""
        self.expire()
        with self.app.app_context():
            assert close_overdue() == 1

    def holds(self, wanted: dict[int, dict[str, list[str]]], seconds: float = 10) -> None:
        """The server has exactly these answers, within so many seconds."""
        limit = time.monotonic() + seconds
        while self.answers() != wanted and time.monotonic() < limit:
            time.sleep(0.1)
        assert self.answers() == wanted


@pytest.fixture(scope="module")
def house(workbench: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, House]]:
    """One server for all of these tests; each begins its own check with a person of its own."""
    data = tmp_path_factory.mktemp("browser")
    with databases.fresh("sqlite", workbench) as (url, _):
        app = application(url, data)
        with House(url, data, free_ports(1), settings=CONTENT) as house:
            house.listening(house.ports[0])
            yield app, house


@pytest.fixture
def begun(house: tuple[Flask, House]) -> Callable[..., Sitting]:
    """`begun(seconds=…)` puts a new trainee into the middle of a check."""
    app, running = house

    def make(seconds: float | None = None, grace: int = 30) -> Sitting:
        with app.test_request_context("/", method="POST"):
            person = trainee("browser")
            attempt = begin(person, seconds=seconds)
            attempt.grace = grace
            cookie, _ = signed_cookie(app, person)
            return Sitting(app, f"http://127.0.0.1:{running.ports[0]}", attempt.id, cookie, person.id)

    return make


@pytest.fixture
def profile(browser: Browser) -> Iterator[Callable[[Sitting], BrowserContext]]:
    """`profile(test)` is a new signed-in browser profile. A script error or a broken policy fails the test."""
    opened: list[BrowserContext] = []
    errors: list[str] = []

    def make(test: Sitting) -> BrowserContext:
        context = browser.new_context(locale="en-GB")
        context.clock.install()  # it runs as ever, and a test may move it on instead of waiting
        name, value = test.cookie.split("=", 1)
        context.add_cookies([{"name": name, "value": value, "url": test.url}])
        context.on("weberror", lambda error: errors.append(str(error.error)))
        context.on("console", lambda line: errors.append(line.text) if re.search("Policy|Trusted", line.text) else None)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
    assert not errors, errors
