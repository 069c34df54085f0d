"""What is written outlives its page: lost offline with its tab, it is back in the next one, and then it is rated."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import reload_as
from tests.face.axe import violations
from tests.rating import writer


def test_a_text_lost_offline_is_back_and_is_handed_in(page: Page, enter: Callable[[Page, str], str]) -> None:
    enter(page, "trainee")
    page.goto("/written/")
    with page.expect_navigation():
        page.locator("#ideas button[name=practice]").click()
    assert violations(page) == []
    status, address = page.locator("#written-status"), page.url
    older = page.request.get(address).text()
    page.locator("#f-idea_1").fill("Լավաշի թերթ")
    page.locator("#f-idea_1").press("Enter")
    expect(page.locator("#f-idea_2")).to_be_focused()  # whoever writes line after line hands nothing in
    expect(status).to_have_text("Saved")
    reload_as(page, older)  # and the server wrote the page before the text reached it
    expect(page.locator("#f-idea_1")).to_have_value("Լավաշի թերթ")
    expect(status).to_have_text("Saved")
    page.evaluate("() => { window.fetch = () => Promise.reject(new Error('off')); }")
    page.locator("#f-idea_2").fill("Խաղ")
    page.locator("input[name=best]").first.check()
    expect(status).to_contain_text("offline")
    page.close()
    again = page.context.new_page()
    again.goto(address)
    expect(again.locator("#f-idea_2")).to_have_value("Խաղ")
    expect(again.locator("input[name=best]").first).to_be_checked()
    expect(again.locator("#written-status")).to_have_text("Saved")
    again.locator("#f-why").fill(writer.REPLY)
    with again.expect_navigation():  # what is on its way arrives first
        again.locator("button[name=hand_in]").click()
    expect(again).to_have_url(f"{address}/result")
    expect(again.locator("main")).to_contain_text("Խաղ")
    expect(again.locator("main")).to_contain_text(writer.REPLY)
    assert violations(again) == []
