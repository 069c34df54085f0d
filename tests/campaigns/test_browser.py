"""HR sets up an assessment who has never seen Hmut: twelve clicks and one paste at most."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from tests.face.test_pages import check, is_armenian

PEOPLE = "Ani Petrosyan, ani@invited.example\nDavit Grigoryan, davit@invited.example\nnarine@invited.example"
MOST = 12


class Hand:
    """Clicks, counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def click(self, role: str, name: str) -> None:
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]
        self.clicks += 1


def test_a_campaign_in_twelve_clicks_and_one_paste(page: Page, enter: Callable[[Page, str], str]) -> None:
    page.goto(enter(page, "hr"))
    if page.locator("html").get_attribute("lang") != "en":
        with page.expect_navigation():
            page.locator("form.language button").first.click()
    hand = Hand(page)
    hand.click("link", "Campaigns")
    hand.click("link", "New campaign")
    hand.click("link", "Choose SMM manager")
    hand.page.locator("label.option", has_text="Full test").click()
    hand.clicks += 1
    hand.click("button", "Make the campaign")
    page.locator("#people").click()
    hand.clicks += 1
    page.keyboard.insert_text(PEOPLE)
    hand.click("button", "Invite")
    expect(page.locator("input[readonly]")).to_have_count(3, timeout=20_000)
    hand.click("link", "To the campaign")
    expect(page.locator("#board tbody tr")).to_have_count(3)
    assert hand.clicks <= MOST, hand.clicks
    page.locator("#board input[type=checkbox]").first.check()
    page.evaluate("document.querySelector('#board tbody tr:last-child').remove()")
    page.evaluate("document.getElementById('board').dataset.refresh = 1")
    expect(page.locator("#board tbody tr")).to_have_count(3, timeout=30_000)  # read again, without a reload
    expect(page.locator("#board input[type=checkbox]").first).to_be_checked()


@pytest.mark.parametrize("language", ["hy", "en"])
def test_a_form_that_is_being_measured(page: Page, hr: FlaskClient, language: str) -> None:
    """No server of the tests is asked to measure: the page comes from an application that does not."""
    hr.post("/language", data={"language": language})
    body = hr.get("/campaigns/new/smm_manager").text
    page.route("**/campaigns/new/*", lambda route: route.fulfill(body=body, content_type="text/html"))
    problems: list[str] = []
    page.goto("/campaigns/new/smm_manager")
    expect(page.locator("#offers[data-refresh] .flash")).to_have_count(2)
    assert is_armenian(page) == (language == "hy")
    check(page, problems)
    assert not problems, "\n".join(problems)
