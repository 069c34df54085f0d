""" "Find my level" on the real placement questions: forward only, balanced, replayable, in both languages."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import evidence, publishing
from lms.assess import Attempt, adaptive
from lms.assess.instances import pinned
from lms.assess.item_sampling import pool, unseen
from lms.database import db, read_only
from lms.evidence.models import Evidence
from lms.learn.specifications import PLACEMENT
from tests.assess.forms import SignIn, controls, hidden
from tests.cast import Cast

pytestmark = pytest.mark.both_engines


def sit(client: FlaskClient) -> tuple[int, list[str]]:
    """Sit a placement to its end by plain forms; the attempt's id and the pages seen."""
    address = client.post("/placements").headers["Location"]
    pages: list[str] = []
    while not address.endswith("/result"):
        pages.append(client.get(address).text)
        position = int(re.findall(r'<form id="q(\d+)"', pages[-1])[0])
        filled = hidden(pages[-1], position) | controls(pages[-1], position)
        address = client.post(f"{address}/responses", data=filled).headers["Location"]
    return int(re.findall(r"\d+", address)[0]), pages


def test_twelve_questions_over_six_skills_that_can_be_replayed(app: Flask, cast: Cast, signed_in: SignIn) -> None:
    number, pages = sit(signed_in("trainee"))
    with app.app_context(), read_only():
        attempt = db.session.get_one(Attempt, number)
        items = [item.revision_id for item in attempt.items]
        skills = Counter(publishing.item(revision).skill for revision in items)
        assert adaptive.path(attempt) == items
        assert len(set(items)) == len(pages) == PLACEMENT.most
        assert len(skills) == 6
        assert max(skills.values()) - min(skills.values()) <= 2
        assert len(db.session.scalars(select(Evidence)).all()) == PLACEMENT.most
        assert attempt.finished_by == "person"


@pytest.mark.one_engine
def test_another_seed_or_another_answer_leads_elsewhere(app: Flask, cast: Cast, signed_in: SignIn) -> None:
    paths = []
    for name in ("trainee", "candidate"):
        number, _ = sit(signed_in(name))
        with app.app_context(), read_only():
            paths.append([item.revision_id for item in db.session.get_one(Attempt, number).items])
    assert paths[0] != paths[1]


@pytest.mark.one_engine
def test_the_way_leads_forward_only(signed_in: SignIn, app: Flask) -> None:
    client = signed_in("trainee")
    address = client.post("/placements").headers["Location"]
    first = client.get(address).text
    client.post(f"{address}/responses", data=hidden(first, 1) | controls(first, 1))
    second = client.get(address + "?item=1").text
    assert 'id="q1"' not in second
    again = hidden(second, 2) | controls(first, 1) | {"item": "1", "key": "another-key"}
    assert client.post(f"{address}/responses", data=again).status_code == 409
    repeated = client.post(f"{address}/responses", data=hidden(first, 1) | controls(first, 1))
    assert repeated.status_code == 303
    with app.app_context(), read_only():
        assert len(db.session.scalars(select(Attempt)).one().items) == 2


@pytest.mark.one_engine
def test_a_second_start_goes_on_with_the_same_test(signed_in: SignIn) -> None:
    client = signed_in("trainee")
    assert client.post("/placements").headers["Location"] == client.post("/placements").headers["Location"]


@pytest.mark.one_engine
def test_staff_without_the_trainee_role_have_no_placement(signed_in: SignIn) -> None:
    assert signed_in("hr").post("/placements").status_code == 403


def test_a_bank_of_unseen_questions_must_last_for_the_whole_test(context: Flask, cast: Cast) -> None:
    person = cast.person("trainee")
    bank = [(revision, item.id) for revision, item in pool(PLACEMENT, "")]
    assert unseen(PLACEMENT, person, "") == sorted(revision for revision, _ in bank)
    evidence.mark_seen(person.id, [key for _, key in bank[PLACEMENT.most :]], "placement")
    enough = sorted(revision for revision, _ in bank[: PLACEMENT.most])
    assert unseen(PLACEMENT, person, "") == enough, "just enough: none is asked twice"
    evidence.mark_seen(person.id, bank[0][1], "placement")
    assert len(unseen(PLACEMENT, person, "")) == len(bank), "one too few: better a known question than a short test"


@pytest.mark.one_engine
def test_numbers_and_order_differ_by_place_and_by_person_and_are_repeated(context: Flask) -> None:
    revision = next(number for number, item in publishing.items("placement") if item.type == "single")

    def drawn(position: int, seed: int) -> str:
        return str(pinned(1, position, revision, seed)["instance"])

    assert [drawn(n, 7) for n in range(1, 9)] == [drawn(n, 7) for n in range(1, 9)]
    assert len({drawn(position, 7) for position in range(1, 30)}) > 5, "else one order would serve the whole test"
    assert len({drawn(1, seed) for seed in range(30)}) > 5, "else neighbours would see the same order"
