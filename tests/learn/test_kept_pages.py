"""What a browser keeps is shown again only while it is exactly what would be sent: its 304 is never another's page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms import database, publishing
from lms.database import db
from lms.identity.models import Organisation
from lms.publishing.files import saved_files
from tests.bench.walker import value

pytestmark = pytest.mark.one_engine
MODULE = "/courses/smm-foundations/what-is-smm"
FILE = "courses/smm-foundations/01-what-is-smm.en.md"


@pytest.fixture(autouse=True)
def _with_tokens(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


def again(client: FlaskClient, page: TestResponse, language: str = "") -> TestResponse:
    """The same address as a browser asks for it that has kept this page."""
    said = {"Accept-Language": language} if language else {}
    return client.get(page.request.path, headers={"If-None-Match": page.headers["ETag"], **said})


@pytest.mark.parametrize("path", ["/", "/try"])
def test_a_visitors_warm_page_is_a_304_in_their_language(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers={"Accept-Language": "en"})
    assert page.headers["Cache-Control"] == "private, no-cache" and "Cookie" in page.headers["Vary"]
    warm = again(client, page, "en")
    assert warm.status_code == 304 and not warm.data
    assert again(client, page, "hy").status_code == 200
    assert again(client.application.test_client(), page, "en").status_code == 200  # its forms would bear no valid token


@pytest.mark.parametrize("path", ["/courses", MODULE])
def test_a_learners_warm_page_is_a_304_until_something_changes(
    trainee: FlaskClient, signed_in: Callable[[str], FlaskClient], path: str
) -> None:
    page = trainee.get(path)
    assert page.headers["Cache-Control"] == "private, no-cache" and "Cookie" in page.headers["Vary"]
    assert again(trainee, page).status_code == 304
    assert again(signed_in("trainee"), page).status_code == 200  # another sign-in of the same person
    assert again(signed_in("candidate"), page).status_code == 200
    assert again(trainee.application.test_client(), page).status_code == 303

    read = {"csrf_token": value(page.text, "csrf_token"), "anchor": "check", "done": "1"}
    assert trainee.post("/modules/C1.1/reading", data=read).status_code == 303  # the kept page's token is taken
    changed = again(trainee, page)
    assert changed.status_code == 200 and changed.headers["ETag"] != page.headers["ETag"]
    assert again(trainee, changed).status_code == 304

    other = {"csrf_token": value(changed.text, "csrf_token"), "language": "hy", "next": path}
    assert trainee.post("/language", data=other).status_code in (302, 303)
    spoken = again(trainee, changed)
    assert spoken.status_code == 200 and 'lang="hy"' in spoken.text


def test_a_form_sent_makes_the_browser_ask_for_what_it_kept_before(trainee: FlaskClient) -> None:
    page = trainee.get(MODULE)
    done = trainee.post("/modules/C1.1/reading", data={"csrf_token": value(page.text, "csrf_token"), "done": "1"})
    assert any(line.startswith("hmut=") for line in done.headers.getlist("Set-Cookie"))


@pytest.mark.parametrize("path", ["/courses", MODULE])
def test_a_new_revision_is_seen_at_once(trainee: FlaskClient, path: str) -> None:
    page = trainee.get(path)
    with trainee.application.app_context():
        database.mode.reading.set(False)
        shipped = db.session.scalars(select(Organisation.id).filter_by(slug="hmut")).one()
        files = dict(saved_files())
        for name in (FILE, "courses/smm-foundations/course.yaml"):
            files[name] = files[name].replace(b" SMM", b" SMM anew", 3)
        assert publishing.publish(shipped, files).published
        db.session.commit()
    assert again(trainee, page).status_code == 200


def test_a_rotated_secret_keeps_no_page_whose_token_is_void(trainee: FlaskClient) -> None:
    page, app = trainee.get("/courses"), trainee.application
    app.config["SECRET_KEY_FALLBACKS"], app.config["SECRET_KEY"] = [app.config["SECRET_KEY"]], "another secret"
    assert again(trainee, page).status_code == 200


def test_what_somebody_wrote_and_measured_lies_in_no_store(trainee: FlaskClient) -> None:
    token = value(trainee.get(MODULE).text, "csrf_token")
    trainee.post("/modules/C1.1/practice", data={"csrf_token": token, "text": "My plan for the bakery"})
    for path in (MODULE, "/home", "/matrix", "/profile"):
        reply = trainee.get(path)
        assert reply.headers["Cache-Control"] == "no-store" and "ETag" not in reply.headers, path


def test_files_are_the_same_for_every_cookie(trainee: FlaskClient) -> None:
    reply = trainee.get("/static/hmut.css")
    assert "Cookie" not in reply.headers.get("Vary", "") and "Set-Cookie" not in reply.headers
    assert "max-age=31536000" in reply.headers["Cache-Control"]
    sheet = trainee.get("/sheets/smm-foundations/" + _a_sheet(trainee))
    assert again(trainee, sheet).status_code == 304


def _a_sheet(client: FlaskClient) -> str:
    with client.application.app_context():
        return next(path for path in saved_files() if "smm-foundations/sheets/" in path).rpartition("/")[2]
