"""A second step at the door: an app, recovery codes, and what guesses meet."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock
from lms.database import db
from lms.database.audit import AuditEntry
from lms.identity import app_codes, recovery, sealing, throttle
from lms.identity.factor_models import AuthenticatorApp, RecoveryCode
from tests.cast import Cast
from tests.html import page
from tests.identity.conftest import Look
from tests.identity.factor_steps import PASSWORD, STRONG, SignIn, code, enter, second, set_up_app


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


def test_digits_of_another_script_are_no_code(secret: str, client: FlaskClient) -> None:
    enter(client)
    assert second(client, "٣٤٥٦٧٨").status_code == 422
    assert second(client, code(secret)).status_code == 303


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
