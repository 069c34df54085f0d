"""Calls to strangers' addresses: signed, told once, tried again, never into the house's own network."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
import time
from contextlib import suppress
from datetime import timedelta

import pytest
from flask import Flask

from lms import clock
from lms.api import calls, orders, tokens, webhooks
from lms.api.models import SCOPES, Webhook, WebhookDelivery
from lms.campaigns import Candidate
from lms.database import db
from tests.cast import Cast
from tests.selection.world import campaign_of

URL = "https://ats.example.org/hmut"
PERSON = {"name": "Ani", "email": "ani@example.org", "language": "hy", "external_id": None}


class Listener:
    """Takes calls as a partner would: keeps them and answers as told."""

    def __init__(self, *answers: int) -> None:
        self.answers, self.calls = list(answers), []  # type: ignore[var-annotated]

    def __call__(self, url: str, body: str, secret: str, at: int, inside: bool) -> int:
        self.calls.append((url, json.loads(body), calls.signature(body, secret, at)))
        answer = self.answers.pop(0) if self.answers else 200
        if not answer:
            raise TimeoutError("no answer")
        return answer


def ordered(app: Flask, cast: Cast) -> Candidate:
    """An order in a house that has one address."""
    home = cast.person("hr").organisation_id
    campaign = campaign_of(cast)
    token, _ = tokens.make(home, "ATS", list(SCOPES), cast.hr)
    db.session.flush()
    with app.test_request_context():
        placed = orders.place(token, "key-0001", {"package": str(campaign.id), "candidate": PERSON})
    webhooks.add(home, URL, cast.hr)
    db.session.commit()
    return placed.candidate


def test_each_event_is_told_once_with_a_signature_that_the_partner_can_check(app: Flask, cast: Cast) -> None:
    with app.app_context():
        candidate = ordered(app, cast)
        listener = Listener()
        assert webhooks.tell_due(listener) == 0
        candidate.started_at = clock.now()
        db.session.commit()
        assert [webhooks.tell_due(listener) for _ in range(2)] == [1, 0]
        candidate.finished_at, candidate.stage = clock.now(), "hired"
        db.session.commit()
        assert [webhooks.tell_due(listener) for _ in range(2)] == [2, 0]
        secret = webhooks.unseal(Webhook.query.one().secret)
        assert secret and secret not in Webhook.query.one().secret
        body = WebhookDelivery.query.first().body
    assert [told["event"] for _, told, _ in listener.calls] == ["order.started", "order.finished", "order.decided"]
    stamp, mac = listener.calls[0][2].removeprefix("t=").split(",v1=")
    assert mac == hmac.new(secret.encode(), f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()


def test_what_is_not_taken_comes_again_later_and_is_given_up_at_last(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        candidate, listener = ordered(app, cast), Listener(500, 0, *[503] * 20)
        candidate.started_at = now = clock.now()
        db.session.commit()
        for pause in (0, *webhooks.PAUSES, 10**6, 10**6):
            now += timedelta(seconds=pause + 1)
            monkeypatch.setattr(clock, "now", lambda moment=now: moment)
            webhooks.tell_due(listener)
        row = WebhookDelivery.query.one()
        assert len(listener.calls) == len(webhooks.PAUSES) + 1 == row.tries
        assert row.delivered_at is None and row.answer == 503
        webhooks.again(row)
        db.session.commit()
        listener.answers = []
        assert webhooks.tell_due(listener) == 1 and WebhookDelivery.query.one().delivered_at


@pytest.mark.parametrize(
    "url",
    ["http://example.org", "ftp://example.org", "https://", "https://user:pass@example.org", "https://a.b/#x", "//x",
     "https://exa mple.org", "https://example.org:99999", "https://example.org/" + "a" * 500, "javascript:alert(1)"],
)  # fmt: skip
def test_what_is_no_address_of_a_partner_is_refused(url: str) -> None:
    with pytest.raises(calls.AddressRefused):
        calls.checked(url)


@pytest.mark.parametrize(
    "place",
    [
        *("127.0.0.1", "10.0.0.7", "169.254.169.254", "192.168.1.1", "::1", "fe80::1%eth0", "0.0.0.0", "100.64.0.1"),
        *("64:ff9b::a9fe:a9fe", "2002:a00:1::", "::127.0.0.1", "::ffff:10.0.0.7", "224.0.0.1", "ff02::1"),
    ],
)
def test_a_name_that_leads_inside_is_not_called(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    kind = socket.AF_INET6 if ":" in place else socket.AF_INET
    found = [(socket.AF_INET, 1, 6, "", ("93.184.216.34", 443)), (kind, 1, 6, "", (place, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kinds: found)
    with pytest.raises(calls.AddressRefused, match="inside"):
        calls.post(URL, "{}", "secret", 1)


def test_who_answers_letter_by_letter_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each letter comes within the patience for one; letters of the house and ends of tests wait behind the call."""
    monkeypatch.setattr(calls, "LIMIT", 0.4)
    listener, done = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def drip() -> None:
        with suppress(OSError):
            call = listener.accept()[0]
            while not done.wait(0.05):
                call.sendall(b"x")

    threading.Thread(target=drip, daemon=True).start()
    begun = time.monotonic()
    with pytest.raises(calls.NO_ANSWER):
        calls.post(f"http://127.0.0.1:{listener.getsockname()[1]}/", "{}", "secret", 1, inside=True)
    done.set()
    listener.close()
    assert time.monotonic() - begun < 5
