"""The first hour in a browser: from the front page to each role's first act, in both languages, on a phone and a desk;
and the controls of questions under a finger."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from lms.config import ROOT
from tests.servers import LiveServer

FIRST_ACTS = {"trainee": "/home", "hr": "/team", "instructor": "/content", "administrator": "/people"}
FRONT = 2_400  # px that the front page may be high on a phone


@pytest.mark.parametrize("language", ["hy", "en"])
def test_the_first_hour_of_each_role(browser: Browser, live_server: LiveServer, language: str) -> None:
    """Nobody chooses a language here: the browser's own holds through every door, and each page leads on."""
    context = browser.new_context(
        base_url=live_server.url,
        viewport={"width": 360, "height": 800},
        locale="hy-AM" if language == "hy" else "en-GB",
        has_touch=True,
    )
    context.set_default_timeout(120_000)  # a busy machine
    page = context.new_page()
    page.goto("/")
    assert page.evaluate("document.documentElement.scrollHeight") <= FRONT
    looks_right(page, language)
    page.locator("a[href='/try']").first.click()
    looks_right(page, language)
    try_a_question(page)
    page.goto("/sign-in")
    expect(page.locator(".ways-in a[href='/try']")).to_be_visible()
    for role, address in FIRST_ACTS.items():
        page.goto("/")
        with page.expect_navigation():
            page.locator(f"form[action='/demo/{role}'] button").click()
        assert page.url.endswith(address), role
        looks_right(page, language)
        context.clear_cookies()
    context.close()


def looks_right(page: Page, language: str) -> None:
    assert page.locator("html").get_attribute("lang") == language, page.url
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
        first = page.locator("main .button, main button").first
        assert page.url.endswith("/try") or first.bounding_box()["y"] < 800, page.url  # type: ignore[index]


def try_a_question(page: Page) -> None:
    """A visitor answers the first question of the text and is told at once, standing at the question."""
    question = page.locator(".question-inline").first
    name = question.get_attribute("id")
    for field in question.locator("input[type=radio], input[type=text]").all()[:1]:
        field.fill("1") if field.get_attribute("type") == "text" else field.check()
    with page.expect_navigation():
        question.locator("form button").last.click()
    assert page.url.endswith(f"#{name}")
    expect(page.locator(f"#{name} .explained")).to_be_visible()


RANK = """<form><ol class="rank" data-up="Up" data-down="Down" data-moved="Place {place}">
<li class="option"><select name="answer.a"><option value="">–<option>1<option>2<option>3</select><span>one</span></li>
<li class="option"><select name="answer.b"><option value="">–<option>1<option>2<option>3</select><span>two</span></li>
<li class="option"><select name="answer.c"><option value="">–<option>1<option>2<option>3</select><span>three</span></li>
</ol><ul class="extremes">
<li class="extreme"><input type="radio" name="best" value="a"><input type="radio" name="worst" value="a"></li>
<li class="extreme"><input type="radio" name="best" value="b"><input type="radio" name="worst" value="b"></li>
</ul></form>"""


def test_questions_under_a_finger(browser: Browser) -> None:
    """Dragging moves, the arrows end at the ends, and no option is the best and the worst."""
    page = browser.new_page()
    page.set_content(RANK)
    page.add_style_tag(content=".rank-grip { display: inline-block; width: 30px; height: 30px; } li { height: 60px; }")
    page.add_script_tag(path=ROOT / "lms" / "static" / "rank.js")
    up, down = page.locator("li button:first-child"), page.locator("li button:last-child")
    assert [up.nth(n).is_disabled() for n in range(3)] == [True, False, False]
    assert [down.nth(n).is_disabled() for n in range(3)] == [False, False, True]
    page.locator(".rank-grip").first.hover()
    page.mouse.down()
    page.locator("li").nth(2).hover()
    page.mouse.up()
    values = {one.get_attribute("name"): one.input_value() for one in page.locator("select").all()}
    assert values["answer.a"] > "1" and sorted(values.values()) == ["1", "2", "3"]
    page.locator("[name=best][value=a]").check()
    page.locator("[name=worst][value=a]").check()
    assert not page.locator("[name=best][value=a]").is_checked()
    page.close()
