"""An example of Lever: it tells of a stage, is asked who that is, gets tags and a note; nothing without its word."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock
from lms.api import lever, lever_orders
from lms.api.models import ApiOrder, ApiToken, LeverLink, LeverOpportunity
from lms.campaigns import Candidate
from lms.database import db
from tests.cast import Cast
from tests.hiring.test_team import matrix
from tests.selection.world import campaign_of, with_matrices

SIGNING, KEY, WHO = "signing-token-of-lever", "key-of-lever", "8bd304b4-b8e7-41cd-bca8-607be2544325"


class Lever:
    """Its side: signs what it tells, shows its candidate to whoever holds the key, keeps tags and notes."""

    def __init__(self, package: str, stage: str = "Assessment", **changes: Any) -> None:
        about = {"name": "Ani  Sargsyan", "emails": ["Ani@Example.org"], "tags": ["smm", f"hmut-{package}"]}
        self.data = about | {"stage": {"id": "x", "text": stage}} | changes
        self.written: list[tuple[str, Any]] = []
        self.answers: list[int] = []

    def told(self, **changes: Any) -> dict[str, Any]:
        token, at = "0b675964867d265468240fc53", 1764201600123
        mac = hmac.new(SIGNING.encode(), f"{token}{at}".encode(), hashlib.sha256).hexdigest()
        data = {"opportunityId": WHO, "contactId": "c", "toStageId": "x", "fromStageId": "y"}
        event = {"event": "candidateStageChange", "token": token, "triggeredAt": at, "signature": mac, "data": data}
        return event | changes

    def __call__(self, method: str, url: str, body: str, headers: Mapping[str, str]) -> tuple[int, str]:
        answer = self.answers.pop(0) if self.answers else 200
        assert headers["Authorization"] == "Basic a2V5LW9mLWxldmVyOg==", "the customer's key is the user name"
        if answer == 200 and method == "POST":
            self.written.append((url.rpartition("/")[2], json.loads(body)))
        return answer, json.dumps({"data": self.data}) if url.endswith(f"/{WHO}?expand=stage") else ""


@pytest.fixture
def package(app: Flask, cast: Cast) -> str:
    with app.app_context():
        made = campaign_of(cast, parts=[{"kind": "test", "minutes": 25}], languages=["en", "hy"])
        lever_orders.add_link(made.organisation_id, "Assessment", SIGNING, KEY, cast.hr)
        db.session.commit()
        return str(made.id)


def rounds(app: Flask, there: Lever) -> int:
    """How many calls the job made until nothing was due."""
    with app.app_context():
        return sum(iter(lambda: lever_orders.work_due(there), 0))


@pytest.mark.both_engines
def test_a_candidate_at_the_stage_is_invited_once_tagged_and_noted(
    app: Flask, client: FlaskClient, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Lever(package)
    for _ in range(2):  # Lever tells everything at least once
        assert client.post("/api/lever/1", json=there.told()).status_code == 200
    assert rounds(app, there) == 2 and there.written == [("addTags", {"tags": ["hmut: sent"]})]
    with app.app_context():
        candidate = db.session.scalars(select(Candidate)).one()
        assert (candidate.name, candidate.email, candidate.language) == ("Ani Sargsyan", "ani@example.org", "en")
        assert candidate.external_id == WHO and candidate.letter_id
        candidate.started_at = clock.now()
        db.session.commit()
    assert client.post("/api/lever/1", json=there.told()).status_code == 200
    assert rounds(app, there) == 1 and there.written[1:] == [("addTags", {"tags": ["hmut: started"]})]
    with app.app_context():
        candidate = db.session.scalars(select(Candidate)).one()
        candidate.finished_at = clock.now()
        with_matrices(monkeypatch, {candidate.person_id: matrix(2.4, 0.1)})
        db.session.commit()
    assert rounds(app, there) == 1 and there.written[2][0] == "notes"
    told = there.written[2][1]["value"]
    assert (
        "meets" in told and "levels from what the role asks" in told and "A person decides" in told and "http" in told
    )
    assert rounds(app, there) == 0
    with app.app_context():
        assert db.session.scalars(select(ApiOrder)).one().idempotency_key == f"lever:{WHO}:{package}"


@pytest.mark.parametrize(
    ("stage", "changes"),
    [("Phone screen", {}), ("Assessment", {"tags": ["hmut-999", "hmut-x"]}), ("Assessment", {"tags": None})],
)
def test_who_is_at_another_stage_or_bears_no_tag_of_ours_is_forgotten(
    app: Flask, client: FlaskClient, package: str, stage: str, changes: dict[str, Any]
) -> None:
    there = Lever(package, stage, **changes)
    client.post("/api/lever/1", json=there.told())
    assert rounds(app, there) == 1 and not there.written
    with app.app_context():
        assert not db.session.scalars(select(Candidate)).all()
        assert not db.session.scalars(select(LeverOpportunity)).all()


def test_only_what_lever_signed_for_a_live_link_is_taken(
    app: Flask, client: FlaskClient, package: str, signed_in: Any
) -> None:
    there = Lever(package)
    wrong = [{"signature": "0" * 64}, {"signature": None}, {"token": "other"}, {"triggeredAt": 1}]
    replies = [client.post("/api/lever/1", json=there.told(**change)) for change in wrong]
    replies.append(client.post("/api/lever/77", json=there.told()))
    assert {(reply.status_code, reply.mimetype) for reply in replies} == {(401, "application/problem+json")}
    assert len({reply.data for reply in replies}) == 1
    assert client.post("/api/lever/1", data="no json").status_code == 401
    for event in ({"event": "candidateHired"}, {"data": None}, {"data": {"opportunityId": "../../users"}}):
        assert client.post("/api/lever/1", json=there.told(**event)).status_code == 200
    assert rounds(app, there) == 0
    assert signed_in("administrator").post("/integration/lever/1/end").status_code == 303
    assert client.post("/api/lever/1", json=there.told()).status_code == 401
    with app.app_context():
        assert db.session.scalars(select(ApiToken)).one().revoked_at


def test_what_lever_does_not_answer_comes_again_and_is_given_up_at_last(
    app: Flask, client: FlaskClient, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Lever(package)
    client.post("/api/lever/1", json=there.told())
    there.answers, now = [503] * 30, clock.now()
    with app.app_context():
        for pause in (0, *lever_orders.PAUSES, 10**6, 10**6):
            now += timedelta(seconds=pause + 1)
            monkeypatch.setattr(clock, "now", lambda moment=now: moment)
            lever_orders.work_due(there)
        row = db.session.scalars(select(LeverOpportunity)).one()
        assert (row.answer, row.tries) == (503, len(lever_orders.PAUSES) + 1) and len(there.answers) == 30 - row.tries


@pytest.mark.parametrize(
    "reply", ["", "[]", '{"data": 7}', '{"data": {"name": null, "emails": []}}', "{" * 5000, "[" * 100_000]
)
def test_a_reply_that_describes_nobody_is_an_error_and_no_crash(reply: str) -> None:
    with pytest.raises(lever.UnreadableReply):
        lever.read(WHO, KEY, lambda *_: (200, reply))


def test_the_administrator_connects_lever_and_no_key_is_shown(app: Flask, package: str, signed_in: Any) -> None:
    client = signed_in("administrator")
    form = {"stage": "Assessment", "signing": "another-signing-token", "api_key": "another-key"}
    assert client.post("/integration/lever", data=form | {"api_key": "ключ-ключ"}).status_code == 422
    assert client.post("/integration/lever", data=form).status_code == 303
    page = client.get("/integration").text
    assert "/api/lever/2" in page and "another-key" not in page and "another-signing-token" not in page
    with app.app_context():
        kept = db.session.scalars(select(LeverLink).filter_by(id=2)).one()
        assert "another-key" not in kept.api_key and "another" not in kept.signing
    assert signed_in("hr").get("/integration").status_code == 403
