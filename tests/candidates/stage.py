"""A campaign and its candidates, made by the models; closed questions whose keys and feedback bear a mark."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import assess, clock, publishing
from lms.campaigns import Campaign, Candidate, add_candidate
from lms.campaigns.parts import PURPOSE, TITLE
from lms.database import db
from lms.identity.models import Organisation
from lms.publishing.files import saved_files
from lms.publishing.publish import shipped_owner
from tests.assess.forms import controls, hidden

CANARY = "canarykey"
BANKS = ("quizzes/closed/content-copy.md", "quizzes/closed/platforms-profile.md")
TEST = assess.Specification(
    PURPOSE,
    title=TITLE,
    result_endpoint="candidates.way",
    pool="closed",
    selection="adaptive",
    least=2,
    most=4,
    usual=(3, 4),
    blueprint={"content": 2.0, "content.copy": 2.0, "platforms": 2.0, "platforms.profile": 2.0},
    seconds=1500,
    revisit=False,
    unanswered="left_out",
    gives_evidence=True,
    explained=False,
)


def campaign(slug: str = "aygi", **changes: Any) -> Campaign:
    """An open campaign with one adaptive test of four questions, flushed."""
    house = db.session.scalars(select(Organisation).filter_by(slug=slug)).one()
    now = clock.now()
    values: dict[str, Any] = {
        "name": "SMM manager, spring",
        "role": "smm_manager",
        "form": "own",
        "parts": [{"kind": "test", "minutes": 25, "rules": TEST.plain()}],
        "opens_at": now - timedelta(hours=1),
        "closes_at": now + timedelta(days=7),
        "delete_on": (now + timedelta(days=90)).date(),
    }
    made = Campaign(organisation_id=house.id, **values | changes)
    db.session.add(made)
    db.session.flush()
    return made


def invited(app: Flask, name: str = "Anna Candidate", language: str = "en", **changes: Any) -> str:
    """The token of a candidate of a new campaign; a second one bears the mark."""
    with app.test_request_context("/", method="POST"):
        extra = {"extra_time": changes.pop("extra_time", 1.0)}
        made = campaign(**changes)
        add_candidate(made, f"Other {CANARY}", f"other-{CANARY}@example.org", "en")
        _, token = add_candidate(made, name, f"{name.split()[0].lower()}@example.org", language, **extra)
        db.session.commit()
        return token


def the_candidate(name: str = "Anna Candidate") -> Candidate:
    return db.session.scalars(select(Candidate).filter_by(name=name)).one()


def mark_keys() -> None:
    """Every feedback and every reason of two closed banks becomes the mark, published."""
    files = dict(saved_files())
    for path in BANKS:
        text = re.sub(r"(?m)^(\s*>) .*$", rf"\1 {CANARY}.", files[path].decode())
        files[path] = re.sub(r"(?m)^because: .*$", f"because: {CANARY} is the reason why somebody fails", text).encode()
    publishing.publish(shipped_owner(), files)
    db.session.commit()


def enter(client: FlaskClient, token: str) -> FlaskClient:
    client.get(f"/c/{token}")
    assert client.post("/c").status_code == 303
    return client


def begin(client: FlaskClient) -> str:
    """Agree and begin: the address of the sitting."""
    client.post("/candidate/consent", data={"agree": "1"})
    return str(client.post("/candidate/start").location)


def save(client: FlaskClient, address: str, skip: bool = False) -> Any:
    """Answer the question that is open, as a browser without scripts would."""
    page = client.get(address).text
    form = BeautifulSoup(page, "html.parser").select_one("form.question")
    assert form
    position = int(str(form["data-item"]))
    given = {"skip": "1"} if skip else controls(page, position)
    return client.post(f"{address}/responses", data=hidden(page, position) | given)


def short(most: int) -> dict[str, Any]:
    return {"parts": [{"kind": "test", "minutes": 25, "rules": replace(TEST, most=most).plain()}]}
