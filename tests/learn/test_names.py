"""Names on certificates: any name is printed, a corrected one reissues, what nobody sees is no name."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import publishing
from lms.database import db, read_only
from lms.identity.forms import tidy
from lms.identity.invitees import read
from lms.identity.models import Person
from lms.learn.certificate_text import words
from lms.learn.certificates import certify
from lms.learn.models import Certificate
from lms.learn.progress import progress_of
from lms.report.glyphs import is_printable, printable
from tests.assess.forms import SignIn
from tests.cast import Cast


@pytest.fixture
def issued(app: Flask, cast: Cast) -> str:
    """The code of a certificate of C1 that the trainee holds; nothing of the course is passed."""
    with app.test_request_context("/", method="POST"):
        course = publishing.library().courses["C1"]
        person = db.session.get_one(Person, cast.trainee)
        certificate = certify(person, course, progress_of(person.id))
        db.session.commit()
        return certificate.code


def test_the_page_of_a_certificate_leads_its_owner_to_the_mend_of_a_name(
    app: Flask, cast: Cast, issued: str, signed_in: SignIn
) -> None:
    owner, page = signed_in("trainee"), f"/certificates/{issued}"
    assert 'href="/profile">Is the name wrong?' in owner.get(page, headers={"Cookie": "language=en"}).text
    rename(app, cast, "Ani Renamed")
    assert (
        "Ani Renamed" in owner.get(page).text and 'href="/certificates"' in owner.get(page).text.split("</header>")[1]
    )
    assert "Ani Renamed" not in signed_in("hr").get(page).text


def rename(app: Flask, cast: Cast, name: str) -> None:
    with app.app_context():
        db.session.get_one(Person, cast.trainee).name = name
        db.session.commit()


@pytest.mark.parametrize(
    "name",
    [
        "Անի 😀",
        "王",
        "Ani 王",
        "👩‍🎓",
        "عبد الله",
        "Z̸a̸l̸g̸o̸",
        "Ա" * 120,
        "Łukasz Żółć",
        "Μαρία",
        "#eval(1)",
        "\ue000\U0010ffff",
    ],
)
def test_any_name_makes_a_pdf(app: Flask, cast: Cast, issued: str, name: str) -> None:
    with app.app_context():
        row = db.session.scalars(select(Certificate)).one()
        row.data = row.data | {"name": name}
        db.session.commit()
    reply = app.test_client().get(f"/certificates/{issued}/certificate.pdf")
    assert reply.status_code == 200 and reply.data.startswith(b"%PDF")


def test_what_can_be_drawn_stays_as_it_is() -> None:
    for text in ("Անի Սարգսյան", "Łukasz Żółć", "Пётр", "«2–3» 90%", "a\nb"):
        assert is_printable(text) and printable(text) == text
    assert printable({"name": ["Անի 😀", 5, None]}) == {"name": ["Անի", 5, None]}
    assert printable("王") == "?"


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", ""), lambda code: code.replace("-", " "),
                                    lambda code: f" {code} ", lambda code: code.replace("-", "–")])  # fmt: skip
def test_a_code_is_found_however_it_was_copied(app: Flask, issued: str, change) -> None:
    assert app.test_client().get(f"/certificates/{change(issued)}").status_code == 200


def test_a_corrected_name_reissues_and_the_old_one_says_so(
    app: Flask, cast: Cast, signed_in: SignIn, issued: str
) -> None:
    trainee, stranger = signed_in("trainee"), app.test_client()
    assert trainee.post("/courses/smm-foundations/certificates").location.endswith(issued), "the name is the same"
    rename(app, cast, "Անահիտ Սարգսյան-Մելքոնյան")
    assert "Սարգսյան-Մելքոնյան" in trainee.get("/certificates").text
    place = trainee.post("/courses/smm-foundations/certificates").location
    assert not place.endswith(issued)
    new, old = stranger.get(place), stranger.get(f"/certificates/{issued}")
    assert "Սարգսյան-Մելքոնյան" in new.text.split("<main")[1] and issued in new.text
    assert place in old.text and "flash-error" in old.text
    assert stranger.get(f"/certificates/{issued}/certificate.pdf").location.endswith(issued)
    assert stranger.get(f"{place}/certificate.pdf").data.startswith(b"%PDF")
    rename(app, cast, "Third Name")
    trainee.post("/courses/smm-foundations/certificates")
    with app.app_context(), read_only():
        rows = db.session.scalars(select(Certificate).order_by(Certificate.id)).all()
        assert [row.withdrawn_at is None for row in rows] == [False, False, True]
        assert [row.replaces for row in rows] == [None, rows[0].code, rows[1].code]
        assert {frozenset(set(row.data) - {"name"}) for row in rows} == {frozenset(set(rows[0].data) - {"name"})}


UNSEEN = [
    "\u200b",
    "\u2060",
    "\u00ad",
    "\u202e",
    "\u3164",
    "\u2800",
    "\ufeff \u200b",
    "\u0301",
    "...",
    "\U000e0041",
    "\ufe0f",
]


@pytest.mark.parametrize("name", UNSEEN)
def test_a_name_that_nobody_sees_is_none(
    name: str, client: FlaskClient, signed_in: SignIn, app: Flask, cast: Cast
) -> None:
    assert tidy(name) == ""
    trainee = signed_in("trainee")
    trainee.post("/profile", data={"name": name, "language": "hy"})
    with app.app_context(), read_only():
        assert db.session.get_one(Person, cast.trainee).name != name
    assert read(f"{name} <a@example.am>")[0][0].name == ""


def test_names_keep_what_people_need() -> None:
    assert tidy(" A\u202en\u200bi \n") == "Ani"
    assert tidy("O’Neill-Smith Jr.") == "O’Neill-Smith Jr."
    assert tidy("नी\u200dल") == "नी\u200dल"
    assert tidy("A\u200dni") == "Ani"
    assert tidy("Z" + "\u0335" * 30) == "Z" + "\u0335" * 3


@pytest.mark.parametrize(("spoken", "first", "last"), [("hy", "«", "»"), ("en", "“", "”")])
def test_the_course_is_quoted_as_the_language_quotes(
    app: Flask, cast: Cast, issued: str, spoken: str, first: str, last: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": spoken}):
        course = words(db.session.scalars(select(Certificate)).one())["course"]
    assert course.startswith(first) and course.endswith(last)
