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
from tests.html import page, words

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
    for address in PAGES:
        reply = trainee.get(address)
        assert reply.status_code == 200, address
        opened = page(reply)
        assert opened.one("html")["lang"] == language
        assert len(opened.all(".button-primary")) <= 1, f"{address} has several primary actions"
        assert "%%" not in reply.text and "%(" not in reply.text, address


def test_a_result_with_evidence_opens_every_page_too(trainee: FlaskClient, finish: Callable[..., int]) -> None:
    number = finish(trainee.post("/modules/C1.1/checks").location, wrong=1)
    for address in (*PAGES, f"/attempts/{number}/result"):
        assert trainee.get(address).status_code == 200, address
    links = page(trainee.get("/matrix/content.copy")).links()
    assert [link for link in links if link.startswith(f"/attempts/{number}/result#item-")]
    trainee.post("/language", data={"language": "hy", "next": "/home"})
    assert trainee.get(f"/attempts/{number}/result").status_code == 200


def test_a_cell_names_the_question_that_would_narrow_it_most(trainee: FlaskClient) -> None:
    told = page(trainee.get("/matrix/content.copy")).text()
    found = re.search(r"from ±([\d.]+) to ±([\d.]+) levels", told)
    assert found and float(found[1]) > float(found[2]) > 0
    (line,) = [line for line in page(trainee.get("/matrix")).all("p") if "would narrow the matrix most" in words(line)]
    assert [link for link in line.select("a") if str(link["href"]).startswith("/matrix/")]


def test_what_is_not_there_is_not_found(trainee: FlaskClient) -> None:
    for address in (
        "/courses/none",
        "/courses/smm-foundations/none",
        "/matrix/none",
        "/attempts/1/result",
        "/certificates/x",
    ):
        assert trainee.get(address).status_code == 404, address
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
    form = page(trainee.get("/matrix")).form('form[action="/matrix/role"]')
    assert form.fields["role"] == "social_media_analyst"


def test_a_course_page_weighs_little(trainee: FlaskClient) -> None:
    """HTML, style and script over the wire; fonts come on top and are kept for a year."""
    zipped = {"Accept-Encoding": "gzip"}
    reply = trainee.get("/courses/smm-foundations/what-is-smm", headers=zipped)
    files = [trainee.get(f"/static/{name}", headers=zipped) for name in ("hmut.css", "learn.css", "reader.js")]
    assert len(reply.data) + sum(len(file.data) for file in files) < 26_000
