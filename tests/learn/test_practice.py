"""The practice text is kept like an answer: as it is typed, whatever happens to the page; messages are in view."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from lms import clock
from lms.database import db, read_only
from lms.learn.models import PracticeWork
from tests import databases
from tests.assess.forms import JSON, SignIn
from tests.browser import reload_as
from tests.servers import free_ports
from tests.storm.house import House
from tests.storm.stage import application, signed_cookie, trainee
from tests.storm.texts import CONTENT

PLACE = "/modules/C1.1/practice"
MODULE = "/courses/smm-foundations/what-is-smm"


def save(
    client: FlaskClient, text: str, base: int, writer: str = "page-one", seq: int = 1
) -> tuple[int, dict[str, object]]:
    data = {"text": text, "base": base, "writer": writer, "seq": seq}
    reply = client.post(PLACE, data=data, headers=JSON)
    return reply.status_code, reply.get_json()


def stored(app: Flask) -> str:
    with app.app_context(), read_only():
        return db.session.scalars(select(PracticeWork)).one().text


def test_a_page_saves_as_it_is_typed(app: Flask, signed_in: SignIn) -> None:
    client = signed_in("trainee")
    assert save(client, "One", 0) == (200, {"saved": True, "seq": 1, "version": 1})
    assert save(client, "One two", 1, seq=2)[1]["version"] == 2
    late = save(client, "One", 0, seq=1)
    assert late == (200, {"saved": True, "seq": 1, "version": 2, "text": "One two"}), "an older one comes late"
    assert stored(app) == "One two"
    assert save(client, "One two three", 1, seq=3)[1]["saved"] is True, "the page had not heard of its own last save"
    with app.app_context(), read_only():
        assert db.session.scalars(select(PracticeWork)).one().handed_in_at is None


def test_two_pages_do_not_overwrite_each_other(app: Flask, signed_in: SignIn) -> None:
    client = signed_in("trainee")
    save(client, "Mine", 0)
    assert save(client, "Yours", 0, "page-two") == (409, {"saved": False, "error": "newer", "version": 1})
    assert stored(app) == "Mine"
    assert save(client, "Mine", 0, "page-two")[0] == 200, "the same text is no quarrel"
    assert save(client, "Yours", 1, "page-two")[0] == 200
    assert save(client, "Mine again", 1, seq=2)[0] == 409


@pytest.mark.parametrize("change", [{"seq": 0}, {"base": -1}, {"writer": ""}, {"writer": "x" * 99}, {"seq": 2**60}])
def test_what_no_page_sends_is_refused(signed_in: SignIn, change: dict[str, object]) -> None:
    data = {"text": "One", "base": 0, "writer": "page-one", "seq": 1} | change
    assert signed_in("trainee").post(PLACE, data=data, headers=JSON).status_code == 400


def test_the_message_stands_beside_the_form(signed_in: SignIn) -> None:
    client = signed_in("trainee")
    for data, words in (({"text": "", "hand_in": "1"}, "flash-error"), ({"text": "Done", "hand_in": "1"}, "flash")):
        reply = client.post(PLACE, data=data)
        assert reply.location.endswith("#practice-form")
        page = client.get(reply.location).text
        before, form = page.split('id="practice-form"')
        assert words in form.split("</form>")[0]
        assert 'role="status">' not in before.split("<main")[1].split("<aside")[0], "nothing at the top of the page"


def test_the_day_of_handing_in_is_the_first(app: Flask, signed_in: SignIn) -> None:
    client, days = signed_in("trainee"), []
    for text in ("Done", "Done better"):
        client.post(PLACE, data={"text": text, "hand_in": "1"})
        with app.app_context(), read_only():
            days.append(db.session.scalars(select(PracticeWork.handed_in_at)).one())
        clock.shift(timedelta(days=1))
    assert days[0] == days[1] and stored(app) == "Done better"


@pytest.fixture(scope="module")
def house(workbench: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, House]]:
    """A server of our own over the shipped content, without the demo."""
    data = tmp_path_factory.mktemp("practice")
    with databases.fresh("sqlite", workbench) as (url, _cast):
        app = application(url, data)
        with House(url, data, free_ports(1), settings=CONTENT) as running:
            running.listening(running.ports[0])
            yield app, running


@pytest.fixture
def typing(house: tuple[Flask, House], browser: Browser) -> Iterator[Page]:
    """A new trainee in front of the practice task of the first module."""
    app, running = house
    with app.test_request_context("/", method="POST"):
        cookie, _ = signed_cookie(app, trainee("practice"))
    url = f"http://127.0.0.1:{running.ports[0]}"
    context = browser.new_context(base_url=url, locale="en-GB", viewport={"width": 1280, "height": 900})
    name, value = cookie.split("=", 1)
    context.add_cookies([{"name": name, "value": value, "url": url}])
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    page = context.new_page()
    page.goto(MODULE)
    page.locator("#work").scroll_into_view_if_needed()
    yield page
    context.close()
    assert not errors, errors


KEPT = """async text => {
  const form = document.getElementById("practice-form");
  const place = form.getAttribute("action") + "#" + form.dataset.person;
  return (await journal.kept(place)).some(entry => entry.text === text);
}"""


def at_rest(page: Page, app: Flask, text: str) -> None:
    """Until what was typed stands in the journal, or with the server, so that the journal needs it no more."""
    limit = time.monotonic() + 15
    while not page.evaluate(KEPT, text) and newest(app) != text:
        assert time.monotonic() < limit
        time.sleep(0.02)


def newest(app: Flask) -> str:
    with app.app_context(), read_only():
        return db.session.scalars(select(PracticeWork.text).order_by(PracticeWork.id.desc())).first() or ""


def kept(page: Page, app: Flask, text: str) -> None:
    at_rest(page, app, text)
    page.goto(MODULE)
    expect(page.locator("#work")).to_have_value(text)


def test_nothing_typed_is_lost_by_leaving(typing: Page, house: tuple[Flask, House]) -> None:
    page, app = typing, house[0]
    page.locator("#work").fill("first")
    page.locator("#work").press_sequentially(" left at once")
    kept(page, app, "first left at once")
    page.locator("#work").press("Control+End")
    page.locator("#work").press_sequentially(", language")
    at_rest(page, app, "first left at once, language")
    page.evaluate("document.querySelector('form.language button').click()")
    page.wait_for_load_state()
    expect(page.locator("#work")).to_have_value("first left at once, language")
    page.locator("#work").press("Control+End")
    page.locator("#work").press_sequentially(", question")
    at_rest(page, app, "first left at once, language, question")
    card = page.locator(".question-inline", has=page.locator("input[type=radio]")).last
    if card.locator("form").count():
        card.locator("input[type=radio]").last.check()
        card.locator("form button").last.click()
        page.wait_for_load_state()
    expect(page.locator("#work")).to_have_value("first left at once, language, question")


def reached_the_server(app: Flask, wanted: str) -> None:
    limit = time.monotonic() + 15
    while (text := newest(app)) != wanted and time.monotonic() < limit:
        time.sleep(0.1)
    assert text == wanted


def test_nothing_typed_is_lost_when_the_page_dies_offline(typing: Page, house: tuple[Flask, House]) -> None:
    """The network goes in the middle of a sentence and the page is killed; the next one brings all of it."""
    page, context, wanted = typing, typing.context, ""
    text, status = page.locator("#work"), page.locator("#practice-status")
    older = page.request.get(page.url).text()
    text.fill("saved")
    expect(status).to_have_text(page.locator("#practice-form").get_attribute("data-saved") or "")
    reload_as(page, older)  # and the server wrote the page before the text reached it
    expect(text).to_have_value("saved")
    expect(status).to_have_text(page.locator("#practice-form").get_attribute("data-saved") or "")
    for round_number in range(3):
        context.set_offline(True)
        text.press("Control+End")
        text.press_sequentially(f" and typed {round_number}")
        expect(page.locator("#practice-status")).to_have_text(
            page.locator("#practice-form").get_attribute("data-offline") or "", timeout=15_000
        )
        wanted = text.input_value()
        page.wait_for_function(KEPT, arg=wanted)
        page.close()
        context.set_offline(False)
        page = context.new_page()
        page.goto(MODULE)
        text = page.locator("#work")
        expect(text).to_have_value(wanted)
        reached_the_server(house[0], wanted)
    assert wanted == "saved and typed 0 and typed 1 and typed 2"


def test_the_message_is_in_view_and_the_page_keeps_its_width(typing: Page) -> None:
    page = typing
    page.set_viewport_size({"width": 1280, "height": 900})
    width = page.locator("#text").bounding_box()
    page.locator("#work").fill("")
    page.locator("#practice-form button[name=hand_in]").click()
    page.wait_for_url("**#practice-form")
    expect(page.locator("#practice-form .flash-error:not(#practice-conflict)")).to_be_in_viewport()
    after = page.locator("#text").bounding_box()
    assert width and after and abs(width["width"] - after["width"]) < 2
