"""The reader in a real browser: the place is noticed while reading, kept, and carried through a language switch."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect


def _read_to(page: Page, anchor: str) -> None:
    with page.expect_request(lambda request: request.url.endswith("/reading") and request.method == "POST") as sent:
        page.evaluate(f"document.getElementById('{anchor}').scrollIntoView()")
        for _ in range(100):  # until whoever reads has stayed there for two seconds
            page.clock.run_for(500)
            page.wait_for_timeout(20)  # real time, in which the page scrolls
            if sent.is_done():
                break
    reply = sent.value.response()
    assert reply and reply.status == 204


def test_the_place_is_noticed_kept_and_carried_along(page: Page, enter: Callable[[Page, str], str]) -> None:
    page.clock.install()
    enter(page, "trainee")
    page.goto("/courses/audience-and-customer")
    with page.expect_navigation():
        page.locator(".module-card a").first.click()
    _read_to(page, "mistake")
    expect(page.locator("#contents a[aria-current]")).to_have_attribute("href", "#mistake")
    language = page.locator("html").get_attribute("lang")
    page.evaluate("document.querySelector('form.language button').click()")
    page.wait_for_url("**#mistake")
    assert page.locator("html").get_attribute("lang") != language
    assert page.evaluate("Math.abs(document.getElementById('mistake').getBoundingClientRect().top)") < 200


def test_reading_progress_only_grows(page: Page, enter: Callable[[Page, str], str]) -> None:
    page.clock.install()
    enter(page, "trainee")
    page.goto("/courses/smm-foundations/value-for-business")
    before = page.locator("#meter").get_attribute("value")
    _read_to(page, "practice")
    _read_to(page, "why")
    page.reload()
    after = page.locator("#meter").get_attribute("value")
    assert int(after or 0) >= max(5, int(before or 0))


def test_a_question_in_the_text_is_answered_in_place(page: Page, enter: Callable[[Page, str], str]) -> None:
    enter(page, "trainee")
    page.goto("/courses/smm-foundations/what-is-smm")
    card = page.locator(".question-inline", has=page.locator("input[type=radio]")).first
    name = card.get_attribute("id")
    for group in {one.get_attribute("name") for one in card.locator("input[type=radio]").all()}:
        card.locator(f"input[name='{group}']").nth(0 if group == "answer.best" else -1).check()
    card.locator("form button").last.click()
    page.wait_for_url(f"**#{name}")
    expect(page.locator(f"#{name} .explained")).to_be_visible()
