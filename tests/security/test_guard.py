"""The second line behind the scoped queries: a view that forgets whose rows it wants fails instead of showing them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select, delete, select, update

from lms.assess import Attempt
from lms.assess.models import Response
from lms.background.mail import OutboxMail
from lms.database import Base, db
from lms.database.audit import AuditEntry
from lms.identity.models import Membership, Organisation, Person, Session
from lms.identity.tenant_guard import OWNERS, UNSCOPED, owned
from lms.learn.models import Certificate

pytestmark = pytest.mark.both_engines

SignIn = Callable[[str], FlaskClient]
FORGETFUL = {
    "a person by id": lambda: select(Person).where(Person.id == 1),
    "a column of all people": lambda: select(Person.email),
    "everybody of a role": lambda: select(Person).join(Membership).where(Membership.role == "hr"),
    "an attempt by id": lambda: select(Attempt).filter_by(id=1),
    "answers of everybody": lambda: select(Response).join(Attempt, Attempt.id == Response.attempt_id),
    "all mail": lambda: select(OutboxMail).order_by(OutboxMail.id),
    "the trail by number": lambda: select(AuditEntry).where(AuditEntry.number == 1),
    "not this organisation": lambda: select(Person).where(Person.organisation_id != 1),
    "a change by id": lambda: update(Person).where(Person.id == 1).values(name="x"),
    "an end of all sessions": lambda: delete(Session),
    "in a subquery": lambda: select(Organisation).where(Organisation.id.in_(select(Person.organisation_id))),
}
CAREFUL = {
    "people of an organisation": lambda: select(Person).where(Person.organisation_id == 1),
    "attempts of a person": lambda: select(Attempt).filter_by(person_id=1, id=1),
    "members through people": lambda: select(Membership).join(Person).where(Person.organisation_id.in_([1])),
    "by a secret": lambda: select(Certificate).where(Certificate.code == "x"),
    "what nobody owns": lambda: select(Organisation).where(Organisation.slug == "aygi"),
    "on purpose": lambda: select(Person).execution_options(**UNSCOPED),
}


def view_of(app: Flask, statement: Select[Any], tell: bool = False) -> None:
    def look() -> str:
        try:
            db.session.execute(statement)
        except RuntimeError as error:
            if tell:
                return str(error)
            raise
        db.session.rollback()
        return "seen"

    look.access = ("public",)  # type: ignore[attr-defined]
    app.add_url_rule("/look", "look", look, methods=["POST"])


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("name", FORGETFUL)
def test_a_statement_that_forgets_the_owner_is_refused(app: Flask, name: str) -> None:
    view_of(app, FORGETFUL[name](), tell=True)
    assert "does not say whose" in app.test_client().post("/look").text


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("name", CAREFUL)
def test_a_statement_that_names_the_owner_passes(app: Flask, name: str) -> None:
    view_of(app, CAREFUL[name]())
    assert app.test_client().post("/look").text == "seen"


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_visitors_get_a_page_and_no_rows(app: Flask) -> None:
    view_of(app, FORGETFUL["a column of all people"]())
    app.testing = False
    reply = app.test_client().post("/look")
    assert reply.status_code == 500 and "example.org" not in reply.text


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_commands_and_jobs_look_everywhere(app: Flask) -> None:
    with app.app_context():
        assert len(db.session.scalars(select(Person)).all()) == 6


def test_every_table_is_owned_or_declares_itself_shared() -> None:
    """A new table has to say where it belongs; who declares one shared tells it here as well."""
    tables = Base.metadata.tables
    assert tables.keys() - owned() == {
        "organisation",
        "throttle",
        "heartbeat",
        "parameter_set",
        "item_parameter",
        "revision",
        "publication",
        "rendering",
        "search_section",
        "expectation",
    }
    assert all(OWNERS & set(tables[name].columns.keys()) for name in owned())
