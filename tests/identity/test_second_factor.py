"""A second step at the door: apps, passkeys, recovery codes, whom an organisation asks for one, and every way back."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from lms import clock
from lms.background.mail import OutboxMail
from lms.database import db
from lms.database.audit import AuditEntry
from lms.identity import app_codes, factors, passkeys, passwords, recovery, sealing, throttle
from lms.identity.factor_models import AuthenticatorApp, Passkey, RecoveryCode
from lms.identity.models import Organisation, Person, Session
from tests.cast import Cast
from tests.html import page
from tests.identity.conftest import Look
from tests.identity.device import Device

PASSWORD = "a long walk in Dilijan"
STRONG = {"present": PASSWORD}
SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def hr(app: Flask, cast: Cast, signed_in: SignIn) -> FlaskClient:
    """Signed in as somebody with a password."""
    with app.app_context():
        for name in ("hr", "administrator"):
            cast.person(name).password_hash = passwords.hash_password(PASSWORD)
        db.session.commit()
    return signed_in("hr")


def enter(client: FlaskClient, name: str = "hr"):
    return client.post("/sign-in", data={"email": f"{name}@example.org", "password": PASSWORD})


def code(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(clock.now().timestamp()) + 30 * steps)


def set_up_app(client: FlaskClient) -> tuple[str, list[str]]:
    """The secret and the recovery codes."""
    shown = page(client.get("/profile/factors/app"))
    secret = shown.text("main code").replace(" ", "")
    form = STRONG | {"sealed": shown.form().fields["sealed"], "code": code(secret)}
    reply = client.post("/profile/factors/app", data=form)
    assert reply.status_code == 200, page(reply).text("main")
    return secret, [tag.text for tag in page(reply).all("main li code")]


@pytest.fixture
def secret(hr: FlaskClient) -> str:
    """Of an app whose code of now is used up; time went on by a minute."""
    made = set_up_app(hr)[0]
    clock.shift(timedelta(minutes=1))
    return made


def second(client: FlaskClient, code: str):
    return client.post("/sign-in/second", data={"code": code})


def test_an_app_is_set_up_by_picture_or_text_and_asked_for_at_the_door(hr: FlaskClient, client: FlaskClient) -> None:
    shown = page(hr.get("/profile/factors/app"))
    assert shown.has("svg path") and re.fullmatch(r"[A-Z2-7]{32}", shown.text("main code").replace(" ", ""))
    wrong = hr.post("/profile/factors/app", data=STRONG | shown.form().fields | {"code": "000000"})
    assert wrong.status_code == 422 and page(wrong).text("main code") == shown.text("main code"), "the secret stays"
    secret, codes = set_up_app(hr)
    assert len(set(codes)) == 10
    clock.shift(timedelta(minutes=1))
    assert enter(client).location == "/sign-in/second"
    assert client.get("/profile").status_code == 303, "the password alone opens nothing"
    assert second(client, "123456").status_code == 422
    assert second(client, code(secret)).status_code == 303
    assert client.get("/profile").status_code == 200


def test_the_secret_of_a_form_is_its_persons_alone(hr: FlaskClient, app: Flask, cast: Cast, look: Look) -> None:
    with app.app_context():
        stolen = sealing.seal(f"{cast.trainee} JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    hr.post("/profile/factors/app", data=STRONG | {"sealed": stolen, "code": code("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")})
    assert not look(select(AuthenticatorApp))


def test_nobody_adds_or_removes_without_the_password(hr: FlaskClient, look: Look) -> None:
    shown = page(hr.get("/profile/factors/app"))
    form = {"sealed": shown.form().fields["sealed"], "code": code(shown.text("main code").replace(" ", ""))}
    for present in ("", "wrong"):
        assert hr.post("/profile/factors/app", data=form | {"present": present}).status_code == 422
    set_up_app(hr)
    for address in ("app/removal", "codes"):
        assert hr.post(f"/profile/factors/{address}", data={"present": "wrong"}).status_code == 422
    assert len(look(select(AuthenticatorApp))) == 1
    assert hr.post("/profile/factors/app/removal", data=STRONG).status_code == 303
    assert not look(select(AuthenticatorApp)) and not look(select(RecoveryCode))


def test_who_has_no_password_removes_by_a_code(signed_in: SignIn, look: Look) -> None:
    client = signed_in("instructor")
    shown = page(client.get("/profile/factors/app"))
    form = {"sealed": shown.form().fields["sealed"], "code": code(shown.text("main code").replace(" ", ""))}
    codes = [tag.text for tag in page(client.post("/profile/factors/app", data=form)).all("main li code")]
    assert client.post("/profile/factors/app/removal", data={"code": "nothing"}).status_code == 422
    assert client.post("/profile/factors/app/removal", data={"code": codes[0]}).status_code == 303
    assert not look(select(AuthenticatorApp))


@pytest.mark.parametrize(("steps", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_differ_by_one_step(secret: str, client: FlaskClient, steps: int, opens: bool) -> None:
    moment = clock.now().timestamp() % 30
    clock.shift(timedelta(minutes=1) + timedelta(seconds=15 - moment))  # the middle of a step
    enter(client)
    assert (second(client, code(secret, steps)).status_code == 303) is opens


@pytest.mark.both_engines
def test_a_code_works_once_even_for_two_at_once(app: Flask, secret: str, context: Flask) -> None:
    used = code(secret)
    results: list[bool] = []

    def use() -> None:
        with app.app_context():
            results.append(app_codes.use(db.session.scalars(select(AuthenticatorApp)).one(), used))
            db.session.commit()

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, False, False, True]
    assert not app_codes.use(db.session.scalars(select(AuthenticatorApp)).one(), code(secret, -1)), "nor an older one"


def test_a_clock_that_was_days_ahead_shuts_nobody_out(secret: str, client: FlaskClient) -> None:
    clock.shift(timedelta(days=15))
    enter(client)
    assert second(client, code(secret)).status_code == 303
    clock.shift(timedelta(minutes=2))
    enter(client)
    assert second(client, code(secret)).status_code == 303


def test_five_wrong_codes_close_the_second_step(secret: str, client: FlaskClient) -> None:
    enter(client)
    for _ in range(throttle.SECOND):
        assert second(client, "000000").status_code == 422
    assert second(client, code(secret)).status_code == 429
    enter(client)
    assert second(client, code(secret)).status_code == 429, "the right password does not buy five more"
    clock.shift(timedelta(minutes=17))
    enter(client)
    assert second(client, code(secret)).status_code == 303


def test_the_first_step_is_this_browsers_for_ten_minutes(secret: str, client: FlaskClient, app: Flask) -> None:
    enter(client)
    assert app.test_client().post("/sign-in/second", data={"code": code(secret)}).location == "/sign-in"
    clock.shift(timedelta(minutes=12))
    assert second(client, code(secret)).location == "/sign-in"
    assert client.get("/profile").status_code == 303


def test_the_page_asked_for_comes_after_both_steps(secret: str, client: FlaskClient) -> None:
    form = {"email": "hr@example.org", "password": PASSWORD}
    client.post("/sign-in?next=/team", data=form)
    assert second(client, code(secret)).location == "/team"
    client.post("/sign-in?next=//evil.example", data=form)
    clock.shift(timedelta(minutes=2))
    assert second(client, code(secret)).location == "/team"  # hr's own first page


def test_recovery_codes_work_once_each_and_new_ones_replace_them(hr: FlaskClient, app: Flask, look: Look) -> None:
    _, codes = set_up_app(hr)
    client = app.test_client()
    for typed, status in ((codes[0].upper().replace("-", " "), 303), (codes[0], 422), (codes[1], 303)):
        enter(client)
        assert second(client, typed).status_code == status, typed
    assert not set(codes) & set(look(select(RecoveryCode.code_hash)))
    renewed = hr.post("/profile/factors/codes", data=STRONG)
    fresh = [tag.text for tag in page(renewed).all("main li code")]
    assert len(fresh) == 10 and not set(fresh) & set(codes)
    enter(client)
    assert second(client, codes[2]).status_code == 422
    assert second(client, fresh[2]).status_code == 303
    told = look(select(AuditEntry.action).order_by(AuditEntry.id))
    assert told == ["factor_added", *["recovery_code_used"] * 2, "codes_renewed", "recovery_code_used"]


def test_codes_are_read_as_they_are_copied_and_hold_enough() -> None:
    assert recovery._bare("ABC-l1i") == recovery._bare("abc iii") and len(recovery.LETTERS) == 32
    assert 5 * recovery.GROUPS * recovery.GROUP >= 112, "bits that a plain hash asks for (ASVS 6.5.2)"


def test_the_database_opens_no_second_factor(app: Flask, secret: str, look: Look) -> None:
    (kept,) = look(select(AuthenticatorApp.secret))
    assert secret not in kept
    with app.app_context():
        assert sealing.unseal(kept) == secret
        assert sealing.unseal(kept[:-3] + "AAA") is None, "an altered one opens nothing"
        app.config["SECRET_KEY"], app.config["SECRET_KEY_FALLBACKS"] = "another", [app.config["SECRET_KEY"]]
        assert sealing.unseal(kept) == secret, "a new secret in front of the old"
        app.config["SECRET_KEY_FALLBACKS"] = []
        assert sealing.unseal(kept) is None


# What an organisation asks


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
    assert signed_in("hr").get("/profile/factors").status_code == 403


# Passkeys


@pytest.fixture
def device(hr: FlaskClient) -> Device:
    made = Device()
    assert add(hr, made).status_code == 200
    return made


def add(client: FlaskClient, device: Device, **other: str):
    options = client.post("/profile/factors/passkeys/options", data=STRONG | {"name": "My phone"})
    answer = device.make(json.loads(options.text) | other)
    return client.post("/profile/factors/passkeys", data={"credential": answer})


def asked(client: FlaskClient) -> dict[str, object]:
    return json.loads(str(page(client.get("/sign-in/second")).one("#passkey-use")["data-options"]))


def answer(client: FlaskClient, credential: str):
    return client.post("/sign-in/second/passkey", data={"credential": credential})


def test_a_passkey_is_added_and_opens_the_second_step(device: Device, app: Flask, look: Look) -> None:
    client = app.test_client()
    assert enter(client).location == "/sign-in/second"
    assert answer(client, device.use(asked(client))).location == "/team"
    assert client.get("/team").status_code == 200
    assert look(select(Passkey.uses)) == [1] and look(select(Passkey.name)) == ["My phone"]


def test_what_a_passkey_says_counts_once_here_and_for_this_question(device: Device, app: Flask, look: Look) -> None:
    client, other = app.test_client(), app.test_client()
    enter(client)
    good = device.use(asked(client))
    stranger = Device()
    stranger.id = device.id
    wrong = {
        "another key": stranger.use(asked(client)),
        "another site": Device("https://evil.example").use(asked(client)),
        "no answer": "",
        "no JSON": "{",
        "deep JSON": "[" * 19_000,
        "a list": "[]",
        "numbers": json.dumps({"id": 1, "rawId": 2, "type": 3, "response": 4}),
        "other bytes": good.replace('"signature": "', '"signature": "AAAA'),
    }
    for name, credential in list(wrong.items())[:4]:
        assert answer(client, credential).status_code == 422, name
        clock.shift(timedelta(0))
    with app.test_request_context():
        for name, credential in wrong.items():
            person = db.session.scalars(select(Person).filter_by(email="hr@example.org")).one()
            assert not passkeys.use(person, credential, str(asked(client)["challenge"])), name
    with client.session_transaction() as cookie:
        kept = cookie["second_step"]
    assert answer(client, good).status_code == 303
    client.post("/sign-out")
    with client.session_transaction() as cookie:
        cookie["second_step"] = kept  # somebody kept the cookie of before
    assert answer(client, good).location == "/sign-in", "the question is used up"
    enter(other)
    assert answer(other, good).status_code == 422, "another question"


def test_a_copied_passkey_falls_behind(device: Device, app: Flask) -> None:
    client = app.test_client()
    enter(client)
    assert answer(client, device.use(asked(client))).status_code == 303
    device.count = 0  # a copy that was made before
    enter(client)
    assert answer(client, device.use(asked(client))).status_code == 422


def test_adding_needs_the_password_and_the_question_of_now(hr: FlaskClient, look: Look) -> None:
    refused = hr.post("/profile/factors/passkeys/options", data={"name": "x", "present": "wrong"})
    assert refused.status_code == 422 and "password" in json.loads(refused.text)["error"]
    assert add(hr, Device(), challenge="AAAA").status_code == 303
    assert add(hr, Device("https://evil.example")).status_code == 303
    made = Device()
    assert add(hr, made).status_code == 200
    assert hr.post("/profile/factors/passkeys", data={"credential": "{}"}).status_code == 303
    assert len(look(select(Passkey))) == 1


def test_a_passkey_is_its_owners(device: Device, hr: FlaskClient, signed_in: SignIn, look: Look) -> None:
    (number,) = look(select(Passkey.id))
    for name in ("trainee", "administrator", "outsider"):
        assert signed_in(name).post(f"/profile/factors/passkeys/{number}/removal", data=STRONG).status_code == 404
    assert hr.post(f"/profile/factors/passkeys/{number}/removal", data=STRONG).status_code == 303
    assert not look(select(Passkey)) and not look(select(RecoveryCode))


def test_a_lost_session_leaves_no_half_open_door(device: Device, app: Flask, look: Look) -> None:
    client = app.test_client()
    before = len(look(select(Session)))
    enter(client)
    assert len(look(select(Session))) == before


@pytest.mark.parametrize(("base", "offered"), [("https://hmut.example.am", True), ("https://10.0.0.7", False)])
def test_passkeys_are_offered_where_they_work(app: Flask, hr: FlaskClient, base: str, offered: bool) -> None:
    app.config["HMUT_BASE_URL"] = base
    assert page(hr.get("/profile/factors")).has("#passkey-new") is offered
    status = hr.post("/profile/factors/passkeys/options", data=STRONG | {"name": "x"}).status_code
    assert status == (200 if offered else 409)
