"""The link: opening starts nothing, the same place from any device, nothing told to who has none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock
from lms.assess import Attempt
from lms.campaigns import Candidate, by_token, revoke
from lms.candidates.models import CandidateEvent
from lms.database import db, read_only
from lms.identity.models import Session
from lms.identity.sessions import digest
from tests.applications import written
from tests.candidates.stage import begin, campaign, enter, invited, the_candidate

PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/120"}
LAPTOP = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/120"}


def test_opening_a_link_starts_nothing_and_leaves_no_token(app: Flask, client: FlaskClient) -> None:
    token = invited(app)
    for method in ("GET", "HEAD") * 10:
        reply = client.open(f"/c/{token}", method=method)
        assert (reply.status_code, reply.location) == (303, "/c")
    page = client.get("/c").text
    assert token not in page and "no clock runs" in page and "Anna" in page
    with app.app_context(), read_only():
        candidate = the_candidate()
        assert candidate.opened_at is candidate.started_at is None
        assert not db.session.scalars(select(Session)).all() and not db.session.scalars(select(Attempt)).all()
    assert client.post("/c").location == "/candidate"
    assert client.get("/candidate").status_code == 200


def test_another_device_comes_to_the_same_place(app: Flask) -> None:
    token, phone, laptop = invited(app), app.test_client(), app.test_client()
    phone.get(f"/c/{token}", headers=PHONE)
    phone.post("/c", headers=PHONE)
    sitting = begin(phone)
    laptop.get(f"/c/{token}", headers=LAPTOP)
    assert "in the middle" in laptop.get("/c", headers=LAPTOP).text
    laptop.post("/c", headers=LAPTOP)
    laptop.post("/c", headers=LAPTOP)
    assert laptop.post("/candidate/start").location == sitting
    assert laptop.get(sitting).status_code == phone.get(sitting).status_code == 200
    with app.app_context(), read_only():
        events = db.session.scalars(select(CandidateEvent).order_by(CandidateEvent.id)).all()
        assert [(event.kind, event.device) for event in events] == [
            ("opened", "Chrome, Android"),
            ("device", "Firefox, Linux"),
        ]


def test_unknown_revoked_and_expired_links_look_alike(app: Flask) -> None:
    token, held = invited(app), app.test_client()
    enter(held, token)
    unknown = app.test_client().get("/c/nothing-like-it", follow_redirects=True)
    with app.test_request_context("/", method="POST"):
        revoke(the_candidate())
        db.session.commit()
    revoked = app.test_client().get(f"/c/{token}", follow_redirects=True)
    assert held.get("/candidate").location == "/c"  # every browser that came in is out
    with app.test_request_context("/", method="POST"):
        candidate = the_candidate()
        candidate.revoked_at, candidate.token_hash = None, digest(token)
        candidate.token_expires_at = clock.now() - timedelta(seconds=1)
        db.session.commit()
    expired = app.test_client().get(f"/c/{token}", follow_redirects=True)
    assert unknown.status_code == revoked.status_code == expired.status_code == 404
    assert unknown.text == revoked.text == expired.text and "չի գործում" in unknown.text
    assert app.test_client().get("/c").status_code == app.test_client().post("/c").status_code == 404


def test_before_it_opens_nobody_enters(app: Flask, client: FlaskClient) -> None:
    token = invited(app, opens_at=clock.now() + timedelta(days=1))
    client.get(f"/c/{token}")
    assert "opens on" in client.get("/c").text and client.post("/c").status_code == 200
    assert client.get("/candidate").status_code == 303


def test_whose_session_is_over_is_shown_the_way_by_the_link_and_no_password(app: Flask, client: FlaskClient) -> None:
    client.set_cookie("language", "en")
    sitting = begin(enter(client, invited(app)))
    with app.test_request_context("/", method="POST"):
        revoke(the_candidate())
        db.session.commit()
    for path in ("/candidate", "/candidate/result", sitting):
        assert client.get(path).location == "/c", path
    page = client.get("/c").text
    assert "no password" in page and "newest letter" in page and "/sign-in" not in page
    told = client.get(f"{sitting}/state", headers={"Accept": "application/json"})
    assert (told.status_code, told.json) == (401, {"error": "signed_out"}), "a script keeps what it holds"
    stranger = app.test_client()
    assert stranger.get("/candidate").location == "/c" and stranger.get(sitting).location.startswith("/sign-in")


@pytest.mark.both_engines
def test_the_link_for_many_tells_nobody_who_is_in(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context("/", method="POST"):
        campaign(open_link_hash=digest("many"), languages=["en"])
        db.session.commit()
    client.set_cookie("language", "en")
    assert client.get("/c/many").location == "/c"
    form = {"name": "Hay Ani", "email": "Ani@Example.org", "language": "en"}
    assert "look at it" in client.get("/c").text
    assert client.post("/c", data=form | {"language": "hy"}).status_code == 422
    with written(app) as first_work:
        first = client.post("/c", data=form).text
    with written(app) as second_work:
        again = client.post("/c", data=form | {"name": "Somebody Else"}).text
    assert first == again and "Thank you" in first
    assert first_work == second_work, "no time tells that the address is known"
    with app.app_context(), read_only():
        (candidate,) = db.session.scalars(select(Candidate)).all()
        assert (candidate.name, candidate.email, candidate.approved_at) == ("Hay Ani", "ani@example.org", None)
    for n in range(12):  # a machine that tries is answered the same and stored no more
        assert client.post("/c", data=form | {"email": "x@example.org", "name": f"N {n}"}).text == first
    with app.app_context(), read_only():
        assert len(db.session.scalars(select(Candidate)).all()) == 2
        assert by_token("many") is None


def test_a_candidate_opens_nothing_else_of_the_house(app: Flask, client: FlaskClient) -> None:
    enter(client, invited(app))
    for path in ("/profile", "/profile/data", "/profile/security", "/figures/smm-foundations/ladder.en.svg"):
        reply = client.get(path)
        assert reply.status_code in (200, 303, 404) and (reply.status_code != 200 or path.startswith("/figures")), path
    assert client.get("/profile").location == "/candidate"
    for path in ("/profile/password", "/profile/data/erasure", "/profile/data/copy"):
        assert client.post(path).status_code == 404
    for path in ("/home", "/matrix", "/team", "/people", "/content", "/contests"):
        assert client.get(path).status_code in (403, 404), path
