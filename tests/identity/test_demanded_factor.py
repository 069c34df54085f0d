"""Whom an organisation asks for a second factor, and every way back for who lost it."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from lms.background.mail import OutboxMail
from lms.database import db
from lms.database.audit import AuditEntry
from lms.identity import factors
from lms.identity.factor_models import AuthenticatorApp, RecoveryCode
from lms.identity.models import Organisation
from tests.cast import Cast
from tests.html import page
from tests.identity.conftest import Look
from tests.identity.factor_steps import PASSWORD, STRONG, SignIn, code, enter, set_up_app


def demand(administrator: FlaskClient, *roles: str) -> int:
    form = {"name": "Aygi", "language": "en", "factor_roles": list(roles)}
    return administrator.post("/settings", data=form).status_code


def test_staff_reach_nothing_but_setting_it_up(hr: FlaskClient, signed_in: SignIn, app: Flask) -> None:
    trainee = signed_in("trainee")
    assert demand(signed_in("administrator"), "hr", "instructor") == 303
    assert hr.get("/team").status_code == 303 and trainee.get("/home").status_code == 200
    client = app.test_client()
    assert enter(client).location == "/profile/factors"
    open_to_them = {"/profile/factors", "/profile/factors/app"}
    for rule in app.url_map.iter_rules():
        access = app.view_functions[rule.endpoint].access  # type: ignore[attr-defined]
        plain = not rule.arguments and "GET" in (rule.methods or ()) and access not in (("public",), ("token",))
        if plain and rule.rule not in open_to_them:
            reply = client.get(rule.rule)
            assert (reply.status_code, reply.location) == (303, "/profile/factors"), rule.rule
    assert client.post("/profile", data={"name": "X", "language": "en"}).location == "/profile/factors"
    shown = page(client.get("/profile/factors/app"))
    form = {"sealed": shown.form().fields["sealed"], "code": code(shown.text("main code").replace(" ", ""))}
    assert client.post("/profile/factors/app", data=form).status_code == 200, "the password was given a minute ago"
    assert client.get("/team").status_code == 200


def test_the_last_factor_stays_where_one_is_asked_for(hr: FlaskClient, signed_in: SignIn, look: Look) -> None:
    set_up_app(hr)
    demand(signed_in("administrator"), "hr")
    assert hr.get("/team").status_code == 200, "who has one is not signed out"
    hr.post("/profile/factors/app/removal", data=STRONG)
    assert len(look(select(AuthenticatorApp))) == 1


def test_the_administrator_who_asks_meets_it_too_and_a_new_role_asks(
    signed_in: SignIn, hr: FlaskClient, cast: Cast
) -> None:
    administrator, trainee = signed_in("administrator"), signed_in("trainee")
    demand(administrator, "administrator", "hr")
    assert administrator.get("/people").location == "/profile/factors"
    hr_too = signed_in("administrator")  # as another browser, opened before
    form = {"name": "Ani", "roles": ["trainee", "hr"], "extra_time": "1", "active": "y"}
    hr_too.post(f"/people/{cast.trainee}", data=form)
    assert trainee.get("/home").status_code == 303


def test_a_new_password_does_not_go_round_the_second_step(
    secret: str, client: FlaskClient, newest_link: Callable[[], str], app: Flask
) -> None:
    client.post("/reset", data={"email": "hr@example.org"})
    client.get(newest_link())
    reply = client.post("/reset/password", data={"password": PASSWORD + " twice"})
    assert reply.location == "/sign-in/second" and client.get("/profile").status_code == 303
    told = app.test_cli_runner().invoke(args=["people", "reset", "hr@example.org"]).output
    client.get(re.search(r"/links/\S+", told)[0])
    assert client.post("/sign-in/link").location == "/sign-in/second"


def test_an_administrator_resets_what_somebody_lost_and_a_letter_says_so(
    secret: str, hr: FlaskClient, signed_in: SignIn, cast: Cast, app: Flask, look: Look
) -> None:
    administrator = signed_in("administrator")
    assert page(administrator.get(f"/people/{cast.hr}")).has("form[action$=reset]")
    assert administrator.post(f"/people/{cast.hr}/factors/reset").status_code == 303
    assert administrator.post(f"/people/{cast.administrator}/factors/reset").status_code == 403
    assert hr.get("/profile").status_code == 303
    entry = look(select(AuditEntry).order_by(AuditEntry.id.desc()))[0]
    assert (entry.actor, entry.action, entry.subject) == (cast.administrator, "factor_reset", cast.hr)
    letter = look(select(OutboxMail).order_by(OutboxMail.id.desc()))[0]
    assert letter.recipient == "hr@example.org" and "was reset" in letter.body
    assert enter(app.test_client()).location == "/team"
    assert "Second factor reset" in administrator.get("/audit").text


def test_the_operator_opens_the_last_door(secret: str, app: Flask, look: Look) -> None:
    done = app.test_cli_runner().invoke(args=["people", "reset-factor", "hr@example.org"])
    assert done.exit_code == 0 and not look(select(AuthenticatorApp)) and not look(select(RecoveryCode))
    assert enter(app.test_client()).location == "/team"


def test_the_demos_people_share_their_accounts_and_get_no_factor(app: Flask, cast: Cast, signed_in: SignIn) -> None:
    app.config["HMUT_DEMO"] = True
    with app.app_context():
        db.session.execute(text("UPDATE person SET is_demo = true"))
        db.session.scalars(select(Organisation).filter_by(slug="aygi")).one().factor_roles = ["hr"]
        db.session.commit()
        assert not factors.is_due(cast.person("hr"))
    refused = signed_in("hr").get("/profile/factors")
    assert refused.status_code == 403 and "share the accounts of the demo" in refused.text
