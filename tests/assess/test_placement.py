"""A placement does not end by one tap, is never skipped through in silence, and says how long it takes."""

from __future__ import annotations

import re
from dataclasses import replace

from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from lms.assess import Attempt, start
from lms.assess.models import Response
from lms.database import db, read_only
from lms.learn.specifications import PLACEMENT
from lms.publishing.models import Revision
from tests.assess.forms import SignIn, controls, hidden
from tests.assess.small import TITLE, shelve
from tests.storm.house import House
from tests.storm.stage import signed_cookie, trainee


def test_its_end_is_asked_for_on_a_page_of_its_own(signed_in: SignIn) -> None:
    client = signed_in("trainee")
    address = client.post("/placements").location
    page = client.get(address).text
    assert re.search(r'<section id="end" class="card" hidden>', page), "no button that ends it beside the question"
    assert f'href="{address}?item=end"' in page and '<progress class="meter" max="20" value="0"' in page
    asked = client.get(f"{address}?item=end").text
    assert '<section id="end" class="card">' in asked and 'action="' + address + '/submission"' in asked
    assert re.search(r'<form id="q1"[^>]* hidden>', asked)


def test_going_on_without_an_answer_is_said_first(app: Flask, signed_in: SignIn) -> None:
    client = signed_in("trainee")
    address = client.post("/placements").location
    blank = hidden(client.get(address).text, 1)
    told = client.post(f"{address}/responses", data=blank)
    assert told.status_code == 422
    assert 'name="skip"' in told.text and 'role="alert"' in told.text
    with app.app_context(), read_only():
        assert db.session.scalars(select(Response)).all() == []
        assert len(db.session.scalars(select(Attempt)).one().items) == 1
    assert client.post(f"{address}/responses", data=blank | {"skip": "1"}).status_code == 303
    page = client.get(address).text
    assert 'value="1" aria-label' in page, "the bar has moved"
    assert client.post(f"{address}/responses", data=hidden(page, 2) | controls(page, 2)).status_code == 303


def test_home_offers_no_second_placement(signed_in: SignIn) -> None:
    client = signed_in("trainee")
    home = client.get("/home").text
    assert 'action="/placements"' in home and "25" in home, "how long it takes is said before it"
    address = client.post("/placements").location
    page = client.get(address).text
    client.post(f"{address}/responses", data=hidden(page, 1) | controls(page, 1))
    result = client.post(f"{address}/submission").location
    home = client.get("/home").text
    assert 'action="/placements"' not in home
    assert f'href="{result}"' in home


def test_the_script_asks_too_and_one_tap_ends_nothing(house: tuple[Flask, House], browser: Browser) -> None:
    """In a browser: an empty save comes back with the question, the skip goes on, the end is two taps away."""
    app, running = house
    with app.test_request_context("/", method="POST"):
        person = trainee("placement")
        if not db.session.scalar(select(Revision.id).filter_by(key="one")):
            shelve()
        keys = ("one", "seven", "eight")
        bank = [db.session.scalar(select(Revision.id).filter_by(key=key)) or 0 for key in keys]
        forward = replace(PLACEMENT, selection="whole", least=0)
        attempt = start(person, forward, "placement", TITLE, bank)
        db.session.commit()
        cookie, _ = signed_cookie(app, person)
        address = f"http://127.0.0.1:{running.ports[0]}/attempts/{attempt.id}"
    context = browser.new_context(locale="en-GB")
    name, value = cookie.split("=", 1)
    context.add_cookies([{"name": name, "value": value, "url": address}])
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("button", name="Go on without an answer").click()
    expect(page.get_by_role("heading", name="Question 2")).to_be_visible()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", name="Question 3")).to_be_visible()
    page.get_by_role("link", name="Stop before the end").click()
    page.get_by_role("link", name="Go on with the questions").click()
    expect(page.get_by_role("heading", name="Question 3")).to_be_visible()
    context.close()
