"""A whole run in a browser: by touch at 360 px with its script in Armenian, and in English without any script, by
keyboard and plain forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import reload_as
from tests.face.axe import at_hand, violations
from tests.lab import player
from tests.servers import LiveServer

BY_TAB = (1, 2, 6)  # steps that hold every kind of field; the others have no other
COLD = 120_000  # bytes of a step's page with all that it asks for


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 360, "height": 780}, has_touch=True, locale="hy-AM"
    )
    page = at_hand(context.new_page())
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, errors


@pytest.fixture
def plain(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="en-GB")
    yield context.new_page()
    context.close()


def fill(page: Page, step: int) -> None:
    """Choose what `player.STEPS` says, each field as its kind wants it."""
    wanted = player.STEPS[step]
    kinds = page.evaluate("names => names.map(name => document.getElementsByName(name)[0].type)", list(wanted))
    for (name, values), kind in zip(wanted.items(), kinds, strict=True):
        for value in values:
            if kind in ("radio", "checkbox"):
                page.locator(f"[name='{name}'][value='{value}']").check()
            elif kind == "select-one":
                page.locator(f"[name='{name}']").select_option(value)
            else:
                page.locator(f"[name='{name}']").fill(value)


FOCUSED = """() => {
  const it = document.activeElement, all = it.options ? [...it.options].map(one => one.value) : [];
  return {name: it.name || "", value: it.value || "", type: it.type || "", checked: it.checked || false, all};
}"""


def tab_through(page: Page, step: int) -> None:
    """Choose the same with Tab, arrows and Space alone, up to the button that ends the step."""
    wanted = player.STEPS[step]
    for _press in range(200):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        given = wanted.get(at["name"], [])
        if at["type"] == "submit" and at["value"] == "next":
            return
        if at["all"] and given:
            down = at["all"].index(given[0]) - at["all"].index(at["value"])  # from where it stands
            for _press in range(abs(down)):
                page.keyboard.press("ArrowDown" if down > 0 else "ArrowUp")
        elif at["type"] == "checkbox" and at["value"] in given and not at["checked"]:
            page.keyboard.press("Space")
        elif at["type"] == "radio" and given:
            page.keyboard.press("Space")
            while page.evaluate(FOCUSED)["value"] != given[0]:
                page.keyboard.press("ArrowDown")
        elif at["type"] == "text" and given:
            page.keyboard.type(given[0])
    raise AssertionError(f"step {step} does not end: {at}")


def look(page: Page, problems: list[str]) -> None:
    problems += [f"{page.url} {one}" for one in violations(page)]
    if page.evaluate("document.documentElement.scrollWidth") > 360:
        problems.append(f"{page.url} scrolls sideways")


def lose_the_reply(route: Route) -> None:
    """The server has the choice, the page does not know: what is chosen next must not be taken for another page's."""
    assert route.fetch().ok
    route.fulfill(status=502, body="{}")


def come_too_early(page: Page, older: str) -> None:
    """The server wrote the page while the last choices were still on their way: they stand there, the next follows."""
    status = page.locator("#status")
    saved = page.locator("#lab-form").get_attribute("data-saved") or ""
    expect(status).to_have_text(saved)
    reload_as(page, older)
    expect(page.locator("#p3_style")).to_have_value("loud")
    expect(status).to_have_text(saved)
    for style in ("calm", "loud"):
        page.locator("#p3_style").select_option(style)
        expect(status).to_have_text(saved)


def test_by_touch_with_every_choice_saved_at_once(phone: Page, enter: Callable[[Page, str], str]) -> None:
    page, problems = phone, list[str]()
    enter(page, "trainee")
    page.goto("/lab/")
    look(page, problems)
    with page.expect_navigation():
        page.locator("form[action$='/kodanur/runs'] .button-primary").tap()
    with page.expect_navigation():
        page.locator("button[value=interviews]").tap()
    weights: list[int] = []
    page.route("**/steps/3", lose_the_reply, times=1)
    for step in range(1, 8):
        older = page.request.get(page.url).text() if step == 3 else ""
        fill(page, step)
        if step == 3:
            expect(page.locator("#live-work")).to_contain_text("8,0")
            expect(page.locator("#live-post-2")).to_contain_text("Facebook")
            come_too_early(page, older)
            page.reload()
            expect(page.locator("#p3_style")).to_have_value("loud")
            weights = page.evaluate(
                "[...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]"
                ".map(one => one.encodedBodySize)"
            )
        look(page, problems)
        with page.expect_navigation():
            page.locator("button[value=next]").tap()
    page.wait_for_url("**/result")
    look(page, problems)
    assert not problems, problems
    assert 10_000 < sum(weights) < COLD


def test_by_keyboard_and_plain_forms(plain: Page, enter: Callable[[Page, str], str]) -> None:
    page = plain
    enter(page, "trainee")
    page.goto("/lab/")
    with page.expect_navigation():
        page.locator("form[action$='/sarahetq/runs'] .button-primary").press("Enter")
    with page.expect_navigation():
        page.locator("button[value=heatmap]").press("Enter")
    for step in range(1, 8):
        if step == 2:
            with page.expect_navigation():
                page.locator("button[value=next]").press("Enter")
            expect(page.locator("[role=alert]")).to_contain_text("Choose exactly three topics.")
            expect(page.locator("[role=alert]")).to_be_focused()
        if step in BY_TAB:
            tab_through(page, step)
        else:
            fill(page, step)
            page.locator("button[value=next]").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
    page.wait_for_url("**/result")
    expect(page.locator("h1")).to_have_text("What your decisions brought")


def start(page: Page, task: str) -> None:
    page.goto("/lab/")
    with page.expect_navigation():
        page.locator(f"#{task} .button-primary").tap()


def end_step(page: Page) -> None:
    with page.expect_navigation():
        page.locator("button[value=next]").tap()


def test_the_shorter_tasks_by_touch(phone: Page, enter: Callable[[Page, str], str]) -> None:
    """What their scripts do: a tap in the week, a table that is filtered below an answer that stays, undo."""
    page, problems = phone, list[str]()
    enter(page, "trainee")
    start(page, "scheduler")
    page.locator("#cell-13").tap()
    expect(page.locator("#slot_0")).to_have_value("13")
    expect(page.locator("#pick-1")).to_be_checked()
    page.locator("#cell-13").tap()
    expect(page.locator("#slot_1")).to_have_value("13")
    expect(page.locator("#slot_0")).to_have_value("")
    page.locator("button[value=undo]").tap()
    expect(page.locator("#slot_0")).to_have_value("13")
    for at in range(1, 6):
        page.locator(f"#slot_{at}").select_option(str(2 * at))
    expect(page.locator("#live-week")).to_contain_text("6 / 6")
    look(page, problems)
    end_step(page)
    look(page, problems)
    start(page, "metrics_desk")
    page.locator("#rate").fill("4,2")
    page.locator("#ask-format").select_option("poll")
    for sign in ("clicks", "/", "reach"):
        page.locator(f"[data-insert='{sign}']").tap()
    page.locator(".lab-ask .row button").tap()
    expect(page.locator("#live-export .lab-total")).to_be_visible()
    expect(page.locator("#rate")).to_have_value("4,2")
    look(page, problems)
    for _step in range(6):
        for name in ("pooled", "cost"):
            if page.locator(f"#{name}").count():
                page.locator(f"#{name}").fill("3")
        first_of_each(page)
        end_step(page)
    page.wait_for_url("**/result")
    look(page, problems)
    assert not problems, problems


def first_of_each(page: Page) -> None:
    for group in page.locator("#lab-form fieldset").all():
        group.locator("input").first.check()


def test_an_inbox_and_a_profile_by_touch(phone: Page, enter: Callable[[Page, str], str]) -> None:
    """A shift that goes on without leaving the page, its letters staying open; and a profile with its marks."""
    page, problems = phone, list[str]()
    enter(page, "trainee")
    start(page, "inbox")
    first_of_each(page)
    expect(page.locator("#live-sorted")).to_contain_text("12 / 12")
    look(page, problems)
    end_step(page)
    for count in range(1, 5):
        page.locator("details.lab-letter summary").first.tap()
        page.locator("details[open].lab-letter button").first.tap()
        expect(page.locator(".lab-done > li")).to_have_count(count)
    for at in (12, 13, 14):
        page.locator(f"#letter-{at} summary").tap()
        page.locator(f"#prio-{at}-today").tap()
        expect(page.locator(f"#letter-{at} summary")).to_contain_text("Այսօր")
        expect(page.locator(f"#letter-{at}")).to_have_attribute("open", "")
    look(page, problems)
    end_step(page)
    page.wait_for_url("**/result")
    look(page, problems)
    start(page, "profile_audit")
    for name in ("admins", "phone", "cover"):
        page.locator(f"[name=faults][value={name}]").check()
    expect(page.locator("#live-marked")).to_contain_text("3 / 12")
    look(page, problems)
    end_step(page)
    first_of_each(page)
    end_step(page)
    for at, name in enumerate(("admins", "phone", "cover")):
        page.locator(f"#urgent_{at}").select_option(name)
    look(page, problems)
    end_step(page)
    page.wait_for_url("**/result")
    look(page, problems)
    assert not problems, problems
