"""A candidate's way on a phone, in Armenian, whose browser dies in the middle."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect
from sqlalchemy import select

from lms.assess import Attempt
from lms.candidates.models import CandidateEvent
from lms.database import db, read_only
from tests.candidates.stage import invited, short, the_candidate
from tests.cast import Cast
from tests.face.test_pages import check
from tests.servers import free_ports
from tests.storm.house import House
from tests.storm.stage import application
from tests.storm.texts import CONTENT

PASTE = """root => root.dispatchEvent(
  new ClipboardEvent("paste", {clipboardData: new DataTransfer(), bubbles: true}))"""


@dataclass
class Served:
    """A server with one invited candidate."""

    app: Flask
    url: str
    token: str

    def events(self) -> list[str]:
        with self.app.app_context(), read_only():
            return list(db.session.scalars(select(CandidateEvent.kind).order_by(CandidateEvent.id)))

    def answers(self) -> int:
        with self.app.app_context(), read_only():
            attempt = db.session.scalars(select(Attempt)).one()
            return len(attempt.current_answers())


@pytest.fixture
def served(database: tuple[str, Cast], tmp_path: Path) -> Iterator[Served]:
    app = application(database[0], tmp_path)
    token = invited(app, "Անի Թեկնածու", "hy", shown="at_end", **short(3))
    with House(database[0], tmp_path, free_ports(1), settings=CONTENT) as house:
        house.listening(house.ports[0])
        yield Served(app, f"http://127.0.0.1:{house.ports[0]}", token)


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="hy", viewport={"width": 360, "height": 740})
    yield context
    context.close()


def fill(page: Page) -> None:
    """Give any answer with every control of the question that is shown."""
    form = page.locator("form.question:not([hidden])")
    radios = form.locator("input[type=radio], input[type=checkbox]")
    names = list(dict.fromkeys(radios.evaluate_all("all => all.map(one => one.name)")))
    for place, name in enumerate(names):
        form.locator(f"input[name='{name}']").nth(place % 2).check(force=True)
    for place in range(form.locator("select:visible").count()):
        form.locator("select:visible").nth(place).select_option(index=1)
    for place in range(form.locator("input[type=text]").count()):
        form.locator("input[type=text]").nth(place).fill("12")
    if form.locator("ol.rank").count():
        form.locator("ol.rank li").last.get_by_role("button").first.click()
    expect(page.locator("#status")).to_have_text(re.compile("Պահված է|Saved"), timeout=10_000)


def die(page: Page) -> None:
    with page.expect_event("crash"), contextlib.suppress(Error):
        page.goto("chrome://crash", timeout=3000)
    page.close()


def come_in(context: BrowserContext, served: Served) -> Page:
    page = context.new_page()
    page.goto(f"{served.url}/c/{served.token}")
    assert page.url == f"{served.url}/c"
    with page.expect_navigation():
        page.locator("main form button").click()
    return page


def test_a_phone_that_dies_in_the_middle_loses_nothing(served: Served, phone: BrowserContext) -> None:
    problems: list[str] = []
    page = come_in(phone, served)
    check(page, problems)
    page.set_viewport_size({"width": 360, "height": 740})
    page.locator("input[name=agree]").check()
    page.locator(".card-next button").click()
    for name in ("script", "storage", "network"):
        expect(page.locator(f"[data-check={name}] .tag")).to_have_text("աշխատում է")
    check(page, problems)
    page.locator("a[href='/candidate/trial']").click()
    check(page, problems)
    page.goto(f"{served.url}/candidate")
    page.locator(".card-next button").click()
    page.wait_for_url("**/attempts/*")
    expect(page.locator(".asked")).to_contain_text("սովորաբար")
    with page.expect_response("**/candidate/notes/*"):
        page.locator("#sitting").evaluate(PASTE)
    fill(page)
    check(page, problems)
    die(page)

    page = come_in(phone, served)
    expect(page.locator(".card-next")).to_contain_text("Շարունակել")
    page.locator(".card-next button").click()
    page.wait_for_url("**/attempts/*")
    assert served.answers() == 1 and page.locator("form.question [name]:checked, select, input[type=text]").count()
    for _ in range(3):
        with page.expect_navigation():
            page.locator("form.question button.button-primary").click()
        if "/attempts/" in page.url:
            fill(page)
    page.wait_for_url("**/candidate?*")
    assert served.answers() == 3 and served.events() == ["opened", "pasted"]
    check(page, problems)
    for name in ("result", "contest", "groups", "withdrawal"):
        page.goto(f"{served.url}/candidate/{name}")
        check(page, problems)
    assert not problems, "\n".join(problems)
    with served.app.app_context(), read_only():
        assert the_candidate("Անի Թեկնածու").finished_at
