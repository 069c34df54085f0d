"""The audit trail: every change of people and settings is in it, and none of it can be altered unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from lms.database import audit, db
from lms.database.audit import AuditEntry
from lms.identity.models import OneTimeToken, Organisation, Person
from tests.cast import Cast
from tests.identity.conftest import Look

pytestmark = pytest.mark.both_engines

SignIn = Callable[[str], FlaskClient]
FORM = {"name": "Անահիտ Սարգսյան", "roles": ["trainee"], "extra_time": "1", "active": "y"}
PASSWORD = "a long walk in Dilijan"


def told(look: Look) -> list[tuple[int | None, str, int, dict[str, Any]]]:
    """Actor, action, subject and detail of every entry, in order."""
    entries = look(select(AuditEntry).order_by(AuditEntry.id))
    return [(entry.actor, entry.action, entry.subject, entry.detail) for entry in entries]


def test_what_an_administrator_changes_is_told_without_names(signed_in: SignIn, cast: Cast, look: Look) -> None:
    administrator, boss = signed_in("administrator"), cast.administrator
    administrator.post(f"/people/{cast.trainee}", data=FORM)
    assert told(look) == [], "nothing was changed"
    administrator.post(f"/people/{cast.trainee}", data=FORM | {"roles": ["hr", "trainee"], "name": "Ani"})
    administrator.post(f"/people/{cast.trainee}", data=FORM | {"name": "Ani", "extra_time": "2", "active": ""})
    administrator.post("/settings", data={"name": "Aygi", "language": "en", "registration_open": "y"})
    administrator.post("/invitations", data={"email": "nune@example.org", "roles": "trainee"})
    (sent,) = look(select(OneTimeToken.id).filter_by(purpose="invitation"))
    administrator.post(f"/invitations/{sent}/withdrawal")
    (house,) = look(select(Organisation.id).filter_by(slug="aygi"))
    assert told(look) == [
        (boss, "person_changed", cast.trainee, {"name": [], "roles": [["trainee"], ["hr", "trainee"]]}),
        (
            boss,
            "person_changed",
            cast.trainee,
            {"roles": [["hr", "trainee"], ["trainee"]], "extra_time": [1.0, 2.0], "active": [True, False]},
        ),
        (boss, "settings_changed", house, {"language": ["hy", "en"], "registration_open": [False, True]}),
        (boss, "invited", sent, {"roles": ["trainee"]}),
        (boss, "invitation_withdrawn", sent, {}),
    ]


def test_refused_changes_leave_no_entry(signed_in: SignIn, cast: Cast, look: Look) -> None:
    administrator = signed_in("administrator")
    administrator.post(f"/people/{cast.trainee}", data=FORM | {"roles": ["emperor"]})
    administrator.post(f"/people/{cast.administrator}", data=FORM | {"roles": ["trainee"]})
    administrator.post("/invitations", data={"email": "trainee@example.org", "roles": "trainee"})
    assert told(look) == []


def test_people_and_operators_are_told_too(
    client: FlaskClient, signed_in: SignIn, newest_link: Callable[[], str], app: Flask, look: Look
) -> None:
    signed_in("administrator").post("/invitations", data={"email": "nune@example.org", "roles": "trainee"})
    client.get(newest_link())
    client.post("/join", data={"name": "Nune", "password": PASSWORD})
    client.post("/profile/password", data={"present": PASSWORD, "password": PASSWORD + "!"})
    run = app.test_cli_runner().invoke
    run(args=["people", "add", "x@example.org", "--organisation", "aygi", "--role", "hr"])
    run(args=["people", "reset", "x@example.org"])
    for _ in range(2):  # closing what is closed changes nothing
        run(args=["people", "remove", "x@example.org"])
    pair = Person.email.in_(("nune@example.org", "x@example.org"))
    nune, other = look(select(Person.id).where(pair).order_by(Person.id))
    (sent,) = look(select(OneTimeToken.id).filter_by(purpose="invitation"))
    assert told(look)[1:] == [
        (nune, "joined", sent, {"roles": ["trainee"]}),
        (nune, "password_set", nune, {}),
        (None, "person_added", other, {"roles": ["hr"]}),
        (None, "link_made", other, {}),
        (None, "person_changed", other, {"active": [True, False]}),
    ]


def test_the_administrator_reads_it_and_nobody_else(signed_in: SignIn, cast: Cast) -> None:
    administrator = signed_in("administrator")
    administrator.post(f"/people/{cast.trainee}", data=FORM | {"roles": ["hr", "trainee"]})
    administrator.post("/invitations", data={"email": "nune@example.org", "roles": "trainee"})
    page = administrator.get("/audit").text
    for part in ("Նարեկ Ավետիսյան", "Անահիտ Սարգսյան", "Trainee, HR specialist", "nune@example.org", "Account changed"):
        assert part in page or (part == "Trainee, HR specialist" and "HR specialist, Trainee" in page), part
    assert "nune@example.org" not in signed_in("outsider").get("/audit").text
    for name in ("trainee", "instructor", "hr"):
        assert signed_in(name).get("/audit").status_code == 403 or name == "trainee"


@pytest.fixture
def house(app: Flask, cast: Cast) -> int:
    """An organisation's id with five entries in its trail, and one in another's."""
    with app.app_context():
        aygi, elsewhere = (
            db.session.scalars(select(Organisation.id).filter_by(slug=slug)).one() for slug in ("aygi", "elsewhere")
        )
        for turn in range(5):
            audit.append_entry(
                aygi, cast.administrator, "person_changed", cast.trainee, extra_time=[1.0, 1.0 + turn / 4]
            )
        audit.append_entry(elsewhere, None, "link_made", cast.outsider)
        db.session.commit()
        return int(aygi)


def seals(look: Look, house: int) -> list[str]:
    return list(look(select(AuditEntry.seal).filter_by(organisation_id=house).order_by(AuditEntry.number)))


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET actor = 1", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_alter_it(app: Flask, house: int, statement: str) -> None:
    with app.app_context(), pytest.raises(DatabaseError, match="only added to"):
        db.session.execute(text(statement))


TAMPERING = {
    "UPDATE audit_entry SET actor = 99 WHERE number = 3": 3,
    "UPDATE audit_entry SET detail = '{}' WHERE number = 2": 2,
    "UPDATE audit_entry SET seal = '0' WHERE number = 5": 5,
    "DELETE FROM audit_entry WHERE number = 1": 1,
    "DELETE FROM audit_entry WHERE number = 4": 4,
}


@pytest.mark.parametrize("statement", TAMPERING)
def test_an_altered_or_missing_entry_is_found(app: Flask, house: int, statement: str) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["audit", "check"]).exit_code == 0
    with app.app_context():
        _alter(f"{statement} AND organisation_id = {house}")
        assert audit.broken_at(house) == TAMPERING[statement]
    found = run(args=["audit", "check"])
    assert found.exit_code == 1 and f"aygi: entry {TAMPERING[statement]} " in found.output
    assert "elsewhere: 1 entries hold" in found.output


def _alter(statement: str) -> None:
    """As somebody who owns the database would."""
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("DROP TRIGGER audit_entry_no_UPDATE"))
        db.session.execute(text("DROP TRIGGER audit_entry_no_DELETE"))
    else:
        db.session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
    db.session.execute(text(statement))
    db.session.commit()


def test_a_cut_off_end_is_found_by_a_seal_written_down(app: Flask, house: int, look: Look) -> None:
    run, last = app.test_cli_runner().invoke, seals(look, house)[-1]
    known = ["audit", "check", "--organisation", "aygi", "--seal", last]
    assert run(args=known).exit_code == 0
    with app.app_context():
        _alter(f"DELETE FROM audit_entry WHERE number = 5 AND organisation_id = {house}")
        assert audit.broken_at(house) is None
    assert run(args=known).exit_code == 1


def test_each_entry_is_sealed_with_the_one_before(look: Look, house: int) -> None:
    assert len(set(seals(look, house))) == 5
    first, second = look(select(AuditEntry).filter_by(organisation_id=house).order_by(AuditEntry.number).limit(2))
    assert second.seal == second.sealed_with(first.seal) != second.sealed_with(audit.BEGINNING)
