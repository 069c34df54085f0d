"""Greenhouse and Workable hear that a candidate has finished, at the address that came with the order, once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock
from lms.api import callbacks, tokens
from lms.api.models import SCOPES, ApiToken, PartnerCallback
from lms.campaigns import Candidate
from lms.database import db
from tests.cast import Cast
from tests.hiring.test_team import matrix
from tests.selection.world import campaign_of, with_matrices

URL = "https://partner.example.org/results/12345"
Sent = Callable[[str], tuple[str, str]]


class Partner:
    """Takes calls as told and keeps them."""

    def __init__(self, *answers: int) -> None:
        self.answers, self.calls = list(answers), list[tuple[str, str, str, str]]()

    def __call__(self, method: str, url: str, body: str, headers: Mapping[str, str]) -> tuple[int, str]:
        self.calls.append((method, url, body, headers["Authorization"]))
        return (self.answers.pop(0) if self.answers else 200), ""


def greenhouse(client: FlaskClient, token: str, package: str, url: str) -> Any:
    who = {"first_name": "Ani", "last_name": "Sargsyan", "email": "ani@example.org"}
    body = {"partner_test_id": package, "candidate": who, "url": url}
    return client.post("/api/greenhouse/send_test", json=body, auth=(token, ""))


def workable(client: FlaskClient, token: str, package: str, url: str) -> Any:
    body = {"test_id": package, "candidate": {"name": "Ani", "email": "ani@example.org"}, "callback_url": url}
    return client.post("/api/workable/assessments", json=body, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def world(app: Flask, cast: Cast) -> tuple[str, str]:
    """(token, package)"""
    with app.app_context():
        package = str(campaign_of(cast, parts=[{"kind": "test", "minutes": 25}]).id)
        home = cast.person("hr").organisation_id
        _, token = tokens.make(home, "ATS", list(SCOPES), cast.hr, answer_key="key-of-workable")
        db.session.commit()
        return token, package


def finish(patch: pytest.MonkeyPatch) -> None:
    candidate = db.session.scalars(select(Candidate)).one()
    candidate.started_at = candidate.finished_at = clock.now()
    with_matrices(patch, {candidate.person_id: matrix(2.4, 0.1)})
    db.session.commit()


@pytest.mark.both_engines
@pytest.mark.parametrize("send", [greenhouse, workable])
def test_the_partner_is_told_once_when_the_candidate_has_finished(
    app: Flask, client: FlaskClient, world: tuple[str, str], send: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, package = world
    assert {send(client, token, package, URL).status_code for _ in range(2)} <= {200, 201}
    there = Partner(503)
    with app.app_context():
        assert callbacks.tell_finished(there) == 0, "nothing before the end"
        finish(monkeypatch)
        assert [callbacks.tell_finished(there) for _ in range(2)] == [1, 0], "a refusal is tried again later"
        row = db.session.scalars(select(PartnerCallback)).one()
        assert token not in row.key and "key-of-workable" not in row.key and row.answer == 503
        row.due_at = clock.now()
        db.session.commit()
        assert [callbacks.tell_finished(there) for _ in range(2)] == [1, 0]
        assert db.session.scalars(select(PartnerCallback)).one().told_at
    method, url, body, key = there.calls[-1]
    assert url == URL
    if send is greenhouse:  # it asks for the status then
        assert (method, body) == ("PATCH", "") and key.startswith("Basic ")
    else:
        told = json.loads(body)
        assert (method, key, told["status"]) == ("PUT", "Bearer key-of-workable", "completed")
        assert told["results_url"].startswith("http") and "levels from what the role asks" in told["summary"]


@pytest.mark.parametrize("url", ["http://10.0.0.1/", "javascript:alert(1)", "https://a@b.example/", "", None])
def test_an_address_that_may_not_be_called_is_left_out_and_the_order_stands(
    app: Flask, client: FlaskClient, world: tuple[str, str], url: Any
) -> None:
    assert workable(client, *world, url).status_code == 201
    with app.app_context():
        assert not db.session.scalars(select(PartnerCallback)).all() and db.session.scalars(select(Candidate)).one()


def test_a_revoked_token_tells_nobody(
    app: Flask, client: FlaskClient, world: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    workable(client, *world, URL)
    with app.app_context():
        finish(monkeypatch)
        db.session.scalars(select(ApiToken)).one().revoked_at = clock.now()
        db.session.commit()
        assert callbacks.tell_finished(Partner()) == 0
