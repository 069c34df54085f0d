"""What an administrator may do, and what nobody may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from lms.background.mail import OutboxMail
from lms.database import audit, db, mode
from lms.identity import letters, membership, tokens
from lms.identity.invitations import TOGETHER
from lms.identity.models import OneTimeToken, Organisation, Person
from tests.cast import Cast
from tests.html import page
from tests.identity.conftest import Look

SignIn = Callable[[str], FlaskClient]
FORM = {"name": "Անահիտ Սարգսյան", "roles": ["trainee"], "extra_time": "1", "active": "y"}


def edit(client: FlaskClient, person: int, **change: object):
    return client.post(f"/people/{person}", data=FORM | change)


def test_extra_time_lies_between_one_and_four(signed_in: SignIn, cast: Cast, look: Look) -> None:
    administrator, kept = signed_in("administrator"), 1.0
    for typed, value in (
        ("1.5", 1.5),
        ("1,25", 1.25),
        ("4", 4.0),
        ("0.99", None),
        ("4.01", None),
        ("NaN", None),
        ("1", 1),
    ):
        reply, kept = edit(administrator, cast.trainee, extra_time=typed), value or kept
        assert reply.status_code == (303 if value else 422), typed
        assert look(select(Person.extra_time).filter_by(id=cast.trainee)) == [kept]


def test_a_role_taken_away_or_an_account_closed_ends_sessions_at_once(signed_in: SignIn, cast: Cast) -> None:
    administrator, hr, trainee = signed_in("administrator"), signed_in("hr"), signed_in("trainee")
    edit(administrator, cast.hr, roles=["trainee", "hr"])
    assert hr.get("/team").status_code == 200, "a further role ends nothing"
    edit(administrator, cast.hr, roles=["trainee"])
    assert hr.get("/team").status_code == 303
    edit(administrator, cast.trainee, active="")
    assert trainee.get("/home").status_code == 303


def test_an_organisation_keeps_an_administrator(signed_in: SignIn, cast: Cast, app: Flask, look: Look) -> None:
    administrator = signed_in("administrator")
    for change in ({"roles": ["trainee"]}, {"roles": ["administrator"], "active": ""}):
        reply = edit(administrator, cast.administrator, **change)
        assert reply.status_code == 422 and page(reply).has(".error")
    edit(administrator, cast.hr, roles=["administrator"])
    assert edit(administrator, cast.administrator, roles=["trainee"]).status_code == 303
    assert administrator.get("/people").status_code == 403
    with app.app_context():
        assert membership.is_last_administrator(db.session.get_one(Person, cast.hr))


def test_a_closed_account_administers_nothing(signed_in: SignIn, cast: Cast) -> None:
    """Two administrators of whom one is closed are one."""
    administrator = signed_in("administrator")
    edit(administrator, cast.hr, roles=["administrator"])
    edit(administrator, cast.hr, roles=["administrator"], active="")
    for change in ({"roles": ["trainee"]}, {"roles": ["administrator"], "active": ""}):
        assert edit(administrator, cast.administrator, **change).status_code == 422, change
    edit(administrator, cast.hr, roles=["administrator"])
    assert edit(administrator, cast.administrator, roles=["trainee"]).status_code == 303


def test_a_person_needs_a_role_that_exists(signed_in: SignIn, cast: Cast, look: Look) -> None:
    for roles in ([], ["emperor"], ["trainee", "emperor"]):
        assert edit(signed_in("administrator"), cast.trainee, roles=roles).status_code == 422
    assert look(select(Person).filter_by(id=cast.trainee))[0].roles == {"trainee"}


def test_mail_and_cause_stand_or_fall_together(app: Flask, look: Look) -> None:
    with app.app_context():
        house = db.session.scalars(select(Organisation).filter_by(slug="aygi")).one()
        with app.test_request_context(method="POST"):
            letters.send([letters.invitation(house, "new@example.org", ["trainee"])])
            db.session.rollback()
    assert not look(select(OutboxMail)) and not look(select(OneTimeToken))


def test_the_outbox_shows_what_waits(signed_in: SignIn) -> None:
    administrator = signed_in("administrator")
    administrator.post("/invitations", data={"email": "new@example.org", "roles": "trainee"})
    told = page(administrator.get("/outbox")).text()
    assert "new@example.org" in told and "/links/" in told and "waiting" in told
    assert "new@example.org" not in signed_in("outsider").get("/outbox").text


def test_a_class_is_invited_in_few_statements_that_write(app: Flask, signed_in: SignIn, look: Look) -> None:
    """Whoever saves waits for each: letters are written before, and stored some at a time."""
    administrator, statements = signed_in("administrator"), []

    def note(*call: Any) -> None:
        if not mode.reading.get():
            statements.append(call[2])

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    lines = "\n".join(f"n{number}@example.org" for number in range(60))
    administrator.post("/invitations", data={"email": lines, "roles": "trainee"})
    event.remove(engine, "before_cursor_execute", note)
    assert 10 < len(statements) < 60
    rows, letters_sent = look(select(OneTimeToken)), look(select(OutboxMail))
    assert [row.id for row in rows] == [letter.token_id for letter in letters_sent] and len(rows) == 60
    assert all(row.email == letter.recipient for row, letter in zip(rows, letters_sent, strict=True))
    with app.app_context():
        entries = audit.newest(rows[0].organisation_id)
        assert [entry.subject for entry in reversed(entries)][-60:] == [row.id for row in rows]
        assert audit.broken_at(rows[0].organisation_id) is None


def test_only_addresses_are_invited(signed_in: SignIn, look: Look) -> None:
    administrator = signed_in("administrator")
    for email in ("", "nobody", "a@b", "a b@c.am", "x@y.am\r\nBcc: z@w.am", "a@" + "b" * 250 + ".am"):
        assert administrator.post("/invitations", data={"email": email, "roles": "trainee"}).status_code == 422, email
    assert not look(select(OutboxMail))


def test_every_wrong_line_stands_on_a_line_of_its_own(signed_in: SignIn, look: Look) -> None:
    form = {"email": "\n".join(f"nobody {n}" for n in range(25)), "roles": "trainee", "language": "en"}
    told = page(signed_in("administrator").post("/invitations", data=form)).all("ul#email-error li")
    assert len(told) == 21 and "nobody 0" in told[0].get_text() and "5" in told[-1].get_text()
    assert not look(select(OutboxMail))


def test_a_name_is_one_line(signed_in: SignIn, cast: Cast, look: Look) -> None:
    signed_in("trainee").post("/profile", data={"name": "  Anahit\r\n Sargsyan ", "language": "en"})
    assert look(select(Person.name).filter_by(id=cast.trainee)) == ["Anahit Sargsyan"]


def test_the_house_speaks_a_persons_language_on_every_page(signed_in: SignIn) -> None:
    trainee = signed_in("trainee")
    trainee.post("/profile", data={"name": "Anahit", "language": "en"})
    strangers = {"Accept-Language": "hy"}
    for path in ("/", "/sign-in", "/reset", "/profile", "/no-such-page"):  # public pages too, whatever the browser asks
        assert page(trainee.get(path, headers=strangers)).one("html")["lang"] == "en", path


def test_one_role_is_enough_for_the_browser_too(signed_in: SignIn, cast: Cast) -> None:
    """A checkbox that is required on its own would ask for every role."""
    administrator = signed_in("administrator")
    for path in ("/people", f"/people/{cast.trainee}"):
        boxes = page(administrator.get(path)).all("input[name=roles]")
        assert len(boxes) == 4 and not [box for box in boxes if box.has_attr("required")]


def test_stored_links_get_their_numbers_by_their_hash(context: Flask, cast: Cast) -> None:
    """And not out of all links of the organisation, which SQLite would look through while others wait to write."""
    asked: list[tuple[str, Any]] = []
    home = cast.person("hr").organisation_id
    rows = [tokens.drawn("invitation", home, email=f"n{number}@example.org")[1] for number in range(TOGETHER)]
    tokens.store(rows)
    event.listen(db.engine, "before_cursor_execute", lambda *call: asked.append((call[2], call[3])))
    assert set(tokens.numbers_of(rows)) == {row.token_hash for row in rows}
    statement, values = asked[-1]
    (plan,) = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    assert "(token_hash=?)" in plan.detail
