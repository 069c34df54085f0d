"""Inviting and registering: what strangers cannot learn or take by them."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.background.mail import OutboxMail
from lms.database import db
from lms.identity import invitees
from lms.identity.models import OneTimeToken, Organisation, Person
from tests.applications import written
from tests.cast import Cast
from tests.identity.conftest import Look
from tests.identity.test_links import JOIN, Link, SignIn

pytestmark = pytest.mark.both_engines
OPEN = {"name": "Aygi", "language": "en", "registration_open": "y"}


def test_a_strangers_registration_leaves_an_invitation_alone(
    administrator: FlaskClient, client: FlaskClient, newest_link: Link, look: Look
) -> None:
    administrator.post("/settings", data=OPEN)
    administrator.post("/invitations", data={"email": "nune@example.org", "roles": "hr"})
    invitation = newest_link()
    client.post("/register/aygi", data={"email": "nune@example.org"})
    assert newest_link() != invitation
    assert client.get(invitation).location == "/join"
    client.post("/join", data=JOIN)
    (person,) = look(select(Person).filter_by(email="nune@example.org"))
    assert "hr" in person.roles


def test_joining_by_ones_own_registration_takes_the_invitations_roles_along(
    administrator: FlaskClient, client: FlaskClient, newest_link: Link, look: Look
) -> None:
    administrator.post("/settings", data=OPEN)
    administrator.post("/invitations", data={"email": "nune@example.org", "roles": "hr"})
    client.post("/register/aygi", data={"email": "nune@example.org"})
    client.get(newest_link())
    assert client.post("/join", data=JOIN).status_code == 303
    (person,) = look(select(Person).filter_by(email="nune@example.org"))
    assert person.roles == {"trainee", "hr"} and not look(select(OneTimeToken).filter_by(used_at=None))


def test_inviting_tells_nothing_about_another_organisations_people(administrator: FlaskClient, look: Look) -> None:
    """The outsider has an account elsewhere: reply, list of people and audit trail are as for an unknown address."""
    shown = []
    for email in ("outsider@example.org", "nobody00@example.org"):
        reply = administrator.post("/invitations", data={"email": email, "roles": "trainee"})
        page = BeautifulSoup(administrator.get("/people").text, "html.parser").select_one("#waiting ~ ul li")
        shown.append((reply.status_code, reply.location, re.sub(r"\d", "", page.text.replace(email, ""))))
    assert shown[0] == shown[1]
    bodies = dict(zip(look(select(OutboxMail.recipient)), look(select(OutboxMail.body)), strict=True))
    assert "/links/" not in bodies["outsider@example.org"] and "/links/" in bodies["nobody00@example.org"]
    assert administrator.post("/invitations", data={"email": "hr@example.org", "roles": "hr"}).status_code == 422


def test_thirty_people_are_one_act(administrator: FlaskClient, look: Look) -> None:
    lines = "\n".join(f"Անուն {n}; person{n}@example.am" for n in range(30))
    reply = administrator.post("/invitations", data={"email": "Name;E-mail\n" + lines, "roles": "trainee"})
    assert reply.status_code == 303
    rows = look(select(OneTimeToken).filter_by(purpose="invitation").order_by(OneTimeToken.id))
    assert [row.data["name"] for row in rows] == [f"Անուն {n}" for n in range(30)]
    assert len(look(select(OutboxMail.id))) == 30


@pytest.mark.one_engine
def test_half_a_class_is_not_invited(administrator: FlaskClient, look: Look) -> None:
    reply = administrator.post("/invitations", data={"email": "a@b.am\nno address\nA@b.am", "roles": "trainee"})
    assert reply.status_code == 422 and not look(select(OutboxMail))
    assert "Line 2, “no address”: no e-mail address." in reply.text
    assert "Line 3, “a@b.am”: this address stands in an earlier line." in reply.text
    assert "a@b.am\nno address" in reply.text.replace("\r\n", "\n"), "what was typed is kept"


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("ani@example.am", [("ani@example.am", "")]),
        ("Ani Petrosyan <Ani@Example.am>", [("ani@example.am", "Ani Petrosyan")]),
        ('"Petrosyan, Ani" <ani@example.am>', [("ani@example.am", "Petrosyan, Ani")]),
        (
            "ani@example.am, davit@example.am; nare@example.am",
            [(f"{n}@example.am", "") for n in ("ani", "davit", "nare")],
        ),
        ("\ufeffԱնուն\tԷլ. փոստ\nԱնի\tani@example.am", [("ani@example.am", "Անի")]),
        ("Petrosyan;Ani;ani@example.am\n\n", [("ani@example.am", "Petrosyan Ani")]),
    ],
)
def test_lists_are_read_as_people_paste_them(text: str, people: list[tuple[str, str]]) -> None:
    found, unread = invitees.read(text)
    assert [(one.email, one.name) for one in found] == people and not unread


def test_an_invitation_can_be_sent_again(
    administrator: FlaskClient, client: FlaskClient, newest_link: Link, look: Look
) -> None:
    administrator.post("/invitations", data={"email": "nune@example.org", "roles": "hr", "language": "en"})
    first, number = newest_link(), look(select(OneTimeToken.id))[0]
    assert administrator.post(f"/invitations/{number}/letters").status_code == 303
    assert client.get(first).status_code == 404 and client.get(newest_link()).status_code == 303
    assert look(select(OneTimeToken).filter_by(used_at=None))[0].data["roles"] == ["hr"]


def test_without_a_mail_server_the_link_is_shown_once_to_whoever_invites(
    app: Flask, signed_in: SignIn, newest_link: Link
) -> None:
    administrator = signed_in("administrator")
    page = administrator.post("/invitations", data={"email": "nune@example.org", "roles": "hr"})
    assert page.status_code == 200 and newest_link() in page.text
    for path in ("/outbox", "/people"):
        assert not re.search(r"/links/[\w-]{43}", administrator.get(path).text)


def test_a_colleagues_reset_link_is_never_shown(
    administrator: FlaskClient, client: FlaskClient, newest_link: Link
) -> None:
    client.post("/reset", data={"email": "hr@example.org"})
    assert newest_link() not in administrator.get("/outbox").text
    assert "/links/…" in administrator.get("/outbox").text


@pytest.mark.one_engine
def test_letters_speak_the_readers_language(mailing: Flask, client: FlaskClient, cast: Cast, look: Look) -> None:
    with mailing.app_context():
        cast.person("hr").language = "hy"
        db.session.scalars(select(Organisation).filter_by(slug="aygi")).one().language = "en"
        db.session.commit()
    client.post("/reset", data={"email": "hr@example.org"})
    assert "գաղտնաբառ" in look(select(OutboxMail.body))[0]


def test_unknown_addresses_leave_no_trace_of_the_work_done_for_them(client: FlaskClient, look: Look) -> None:
    client.post("/reset", data={"email": "nobody@example.org"})
    assert not look(select(OutboxMail)) and not look(select(OneTimeToken))


@pytest.mark.one_engine
@pytest.mark.parametrize("door", ["/reset", "/register/aygi"])
def test_the_same_is_written_for_known_and_unknown(mailing: Flask, client: FlaskClient, cast: Cast, door: str) -> None:
    with mailing.app_context():
        cast.person("hr").organisation.registration_open = True
        db.session.commit()
    counts = []
    for email in ("hr@example.org", "nobody@example.org"):
        with written(mailing) as kinds:
            client.post(door, data={"email": email})
        counts.append(kinds)
    assert counts[0] == counts[1] != []
