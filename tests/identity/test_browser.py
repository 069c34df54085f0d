"""Passkeys as a browser makes and uses them, with Chromium's own virtual device; pages on the way keep axe quiet."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lms.config import ROOT
from tests.face.axe import violations
from tests.servers import LiveServer

PASSWORD = "a long walk in Dilijan"


@pytest.fixture
def instructor(live_server: LiveServer) -> str:
    """Somebody with a password; the demo's people share their accounts and have no factor."""
    email = f"passkey-{live_server.data.name}@example.am"
    add = ["people", "add", email, "--organisation", "nrneni", "--role", "instructor", "--password-stdin"]
    environment = {**os.environ, "HMUT_DATA": str(live_server.data), "FLASK_APP": "wsgi"}
    environment.pop("DATABASE_URL", None)
    flask = Path(sys.executable).with_name("flask")
    subprocess.run([flask, *add], env=environment, cwd=ROOT, input=PASSWORD, text=True, check=True)
    return email


def test_a_passkey_is_made_and_opens_the_second_step(page: Page, live_server: LiveServer, instructor: str) -> None:
    site = live_server.url.replace("127.0.0.1", "localhost")  # a passkey belongs to a name
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": kind | {"isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    sign_in(page, site, instructor)
    for language in ("hy", "en"):
        page.context.add_cookies([{"name": "language", "value": language, "url": site}])
        page.goto(f"{site}/profile/factors/app")
        assert not violations(page)
    page.goto(f"{site}/profile/factors")
    assert not violations(page)
    page.fill("#name", "This computer")
    page.fill("#present", "wrong")
    page.click("#passkey-new button")
    expect(page.locator("#passkey-said")).not_to_be_empty()
    page.fill("#present", PASSWORD)
    page.click("#passkey-new button")
    page.wait_for_selector("main li code")
    assert page.locator("main li code").count() == 10 and not violations(page)
    page.context.clear_cookies()
    sign_in(page, site, instructor)
    assert page.url == f"{site}/sign-in/second" and not violations(page)
    page.click("#passkey-use button")
    page.wait_for_url(f"{site}/content")


def sign_in(page: Page, site: str, email: str) -> None:
    page.goto(f"{site}/sign-in")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    with page.expect_navigation():
        page.click("main button.button-primary")
