"""A judge on a phone: the link of a letter, slider and number as one, an item of the second language; no barrier."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.face.test_pages import check, speak


def test_a_judge_rates_by_touch(page: Page, enter: Callable[[Page, str], str]) -> None:
    problems: list[str] = []
    enter(page, "hr")
    page.goto("/panels/new")
    page.fill("#count", "8")
    page.fill("#about", "Մեկ փորձագետ")
    page.locator("main form button").click()
    page.fill("#people", "Անի, ani@judges.example")
    page.select_option("#spoken", "hy")
    page.locator("form[action$='/judges'] button").click()
    check(page, problems)
    link = page.locator("input[readonly]").input_value()
    page.context.clear_cookies()
    page.goto("/judge/" + link.rpartition("/")[2])
    speak(page, "hy")
    check(page, problems)
    page.set_viewport_size({"width": 360, "height": 740})
    page.locator(".button-primary").click()
    page.locator("#slide").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#value")).to_have_value("55")
    page.fill("#value", "20")
    expect(page.locator("#slide")).to_have_value("20")
    page.locator("form.card-next button").click()
    page.wait_for_url("**/judge/items/2")
    page.go_back()
    page.reload()
    expect(page.locator("#value")).to_have_value("20")
    page.get_by_role("button", name="Ցույց տալ ճիշտ պատասխանը").click()
    expect(page.locator("#key")).to_be_visible()
    page.goto("/judge/items/1")
    for language in ("hy", "en"):
        speak(page, language)
        check(page, problems)
    assert not problems, "\n".join(problems)
