"""Every page opens for its person in both languages, and for nobody else; reading writes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.database import db
from lms.identity.models import Person
from tests.cast import Cast

PAGES = (
    "/home",
    "/courses",
    "/courses/smm-foundations",
    "/courses/smm-foundations/what-is-smm",
    "/matrix",
    "/matrix/content",
    "/matrix/content.copy",
    "/certificates",
    "/reviews",
    "/search",
    "/search?q=SMM",
)


@pytest.mark.parametrize("language", ["hy", "en"])
def test_pages_open_in_both_languages_with_one_primary_action(
    trainee: FlaskClient, app: Flask, cast: Cast, language: str
) -> None:
    with app.app_context():
        db.session.get_one(Person, cast.trainee).language = language
        db.session.commit()
    for page in PAGES:
        reply = trainee.get(page)
        assert reply.status_code == 200, page
        assert f'<html lang="{language}">' in reply.text
        assert reply.text.count("button-primary") <= 1, f"{page} has several primary actions"
        assert "%%" not in reply.text and "%(" not in reply.text, page


def test_a_result_with_evidence_opens_every_page_too(trainee: FlaskClient, finish: Callable[..., int]) -> None:
    number = finish(trainee.post("/modules/C1.1/checks").location, wrong=1)
    for page in (*PAGES, f"/attempts/{number}/result"):
        assert trainee.get(page).status_code == 200, page
    assert f"/attempts/{number}/result#item-" in trainee.get("/matrix/content.copy").text
    trainee.post("/language", data={"language": "hy", "next": "/home"})
    assert trainee.get(f"/attempts/{number}/result").status_code == 200


def test_a_cell_names_the_question_that_would_narrow_it_most(trainee: FlaskClient) -> None:
    text = trainee.get("/matrix/content.copy").text
    found = re.search(r"from ±([\d.]+) to ±([\d.]+) levels", text)
    assert found and float(found[1]) > float(found[2]) > 0
    assert "/matrix/" in trainee.get("/matrix").text.split("would narrow the matrix most")[1][:200]


def test_what_is_not_there_is_not_found(trainee: FlaskClient) -> None:
    for page in (
        "/courses/none",
        "/courses/smm-foundations/none",
        "/matrix/none",
        "/attempts/1/result",
        "/certificates/x",
    ):
        assert trainee.get(page).status_code == 404, page
    for place in ("/modules/C9.9/checks", "/modules/none/reading", "/modules/none/practice", "/courses/none/pretests"):
        assert trainee.post(place).status_code == 404, place
    assert trainee.post("/matrix/role", data={"role": "king"}).status_code == 400


def test_another_person_sees_nothing_of_it(
    trainee: FlaskClient, signed_in: Callable[[str], FlaskClient], finish: Callable[..., int]
) -> None:
    number = finish(trainee.post("/modules/C1.1/checks").location)
    trainee.post("/modules/C1.1/practice", data={"text": "A secret text", "hand_in": "1"})
    for name in ("candidate", "outsider"):
        other = signed_in(name)
        assert other.get(f"/attempts/{number}/result").status_code == 404
        assert "A secret text" not in other.get("/courses/smm-foundations/what-is-smm").text
    assert signed_in("hr").get("/home").status_code == 403
    assert trainee.application.test_client().get("/home").status_code == 303


def test_the_role_one_aims_at_is_kept(trainee: FlaskClient) -> None:
    assert trainee.post("/matrix/role", data={"role": "social_media_analyst"}).location == "/matrix#role"
    assert '<option value="social_media_analyst" selected>' in trainee.get("/matrix").text


def test_a_course_page_weighs_little(trainee: FlaskClient) -> None:
    """HTML, style and script over the wire; fonts come on top and are kept for a year."""
    zipped = {"Accept-Encoding": "gzip"}
    page = trainee.get("/courses/smm-foundations/what-is-smm", headers=zipped)
    files = [trainee.get(f"/static/{name}", headers=zipped) for name in ("hmut.css", "learn.css", "reader.js")]
    assert len(page.data) + sum(len(file.data) for file in files) < 26_000
