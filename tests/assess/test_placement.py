"""A placement does not end by one tap, is never skipped through in silence, and says how long it takes."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from lms.assess import Attempt
from lms.assess.models import Response
from lms.database import db, read_only
from tests.assess.forms import SignIn, controls, hidden


def test_its_end_is_asked_for_on_a_page_of_its_own(signed_in: SignIn) -> None:
    client = signed_in("trainee")
    address = client.post("/placements").location
    page = " ".join(client.get(address).text.split())
    assert re.search(r'<section id="end" class="card" hidden>', page), "no button that ends it beside the question"
    assert f'href="{address}?item=end"' in page and '<progress class="meter" max="12" value="0"' in page
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
    page = " ".join(client.get(address).text.split())
    assert 'value="1" aria-label' in page, "the bar has moved"
    assert client.post(f"{address}/responses", data=hidden(page, 2) | controls(page, 2)).status_code == 303


def test_home_offers_no_second_placement(signed_in: SignIn) -> None:
    client = signed_in("trainee")
    home = client.get("/home").text
    assert 'action="/placements"' in home and "15" in home, "how long it takes is said before it"
    address = client.post("/placements").location
    page = client.get(address).text
    client.post(f"{address}/responses", data=hidden(page, 1) | controls(page, 1))
    client.post(f"{address}/submission")
    assert 'action="/placements"' not in client.get("/home").text
