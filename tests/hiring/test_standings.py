"""Standings that are kept equal those computed in full: after each change, day and edition; and lists by page."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from lms import clock, evidence, publishing
from lms.competency import Overlay, role_profiles
from lms.content import questions
from lms.database import db
from lms.evidence import Answer, Sitting
from lms.evidence.models import EvidenceSummary
from lms.hiring import standings, team
from lms.hiring.comparison import TeamRow
from lms.hiring.models import Standing
from lms.hiring.team import TeamQuery
from lms.identity import membership
from lms.identity.models import Person
from tests.cast import Cast
from tests.hiring.in_full import compare
from tests.html import page

SignIn = Callable[[str], FlaskClient]
ROLE = "smm_manager"


@pytest.fixture
def house(context: Flask, cast: Cast) -> Iterator[int]:
    """The organisation of forty people, some with fifty answers, some with little, some with none."""
    draw, organisation = random.Random(4), cast.person("hr").organisation
    for number in range(40):
        person = membership.add(organisation, f"n{number}@example.org", f"Number {number:02}", ("trainee",))
        answer(person.id, draw, draw.choice((0, 3, 50)), able=number / 40)
    db.session.commit()
    yield organisation.id


def answer(person_id: int, draw: random.Random, count: int, able: float = 0.5, attempt: int = 1) -> None:
    answers = []
    for revision, item in draw.sample(publishing.items(), count):
        categories = len(questions.item_scale(item).luck)
        category = min(categories - 1, sum(draw.random() < able for _ in range(categories - 1)))
        at = clock.now() - timedelta(days=draw.randrange(300))
        answers.append(Answer(revision, item, category, categories, at))
    evidence.record_answers(Sitting(person_id, attempt, "check", None), answers)


def asked(house: int, number: int = 1, name: str = "") -> TeamQuery:
    return TeamQuery(house, ROLE, role_profiles(evidence.framework(house))[ROLE], number, name)


def refresh(house: int) -> None:
    while standings.bring_up_to_date(house, 25):
        db.session.rollback()
    db.session.rollback()


def differences(house: int) -> list[str]:
    return list(standings.check(house))


def may_be_first(rows: Sequence[TeamRow]) -> set[int]:
    """Everybody whom the answers leave at the top of those not below the role, of all where there is no such person."""
    ranked = [row for row in rows if row.ranks]
    among = [row for row in ranked if row.gap.outcome != "not_met"] or ranked
    return {row.person.id for row in among if row.gap.high >= max(other.gap.low for other in among)}


@pytest.mark.both_engines
def test_what_is_kept_equals_what_is_computed(house: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """At random: new evidence, evidence withdrawn, another day, another edition; whoever is not known to be out of
    date is right, and once brought up to date all are, with the order and the ranks of the whole."""
    draw, days = random.Random(9), 0
    people = db.session.scalars(select(Person.id).where(Person.email.like("n%"))).all()
    acts = ["answer", "withdraw", "day", "edition", "answer"]
    for step, act in enumerate(acts):
        if act == "answer":
            answer(draw.choice(people), draw, 20, draw.random(), attempt=100 + step)
        elif act == "withdraw":
            evidence.withdraw(100 + step - 1)
        elif act == "day":
            days += 1
            clock.shift(timedelta(days=days))
        else:
            evidence.add_edition(house, None, Overlay(), "a new edition")
        db.session.commit()
        assert differences(house) == []
        refresh(house)
        assert differences(house) == []
        assert not evidence.outdated(house, evidence.basis_of(house), 1)
    rows = compare(db.session.scalars(team._learners(asked(house))).all(), asked(house).role)
    assert {person.id for person in team.team(asked(house)).first} == may_be_first(rows)
    monkeypatch.setattr(team, "PAGE", 12)
    pages = [team.team(asked(house, number)) for number in range(1, 5)]
    listed = [row for each in pages for row in each.rows]
    assert [(row.person.name, row.ranks) for row in listed] == [(row.person.name, row.ranks) for row in rows]
    for row, other in zip(listed, rows, strict=True):
        assert (row.gap.composite or 0, row.gap.low) == pytest.approx(
            (other.gap.composite or 0, other.gap.low), abs=1e-6
        )
    assert (pages[0].people, pages[0].pages, pages[0].unranked) == (42, 4, sum(row.ranks is None for row in rows))


def test_the_check_finds_what_differs(house: int) -> None:
    refresh(house)
    assert db.session.query(Standing).count() > 100
    db.session.execute(update(Standing).where(Standing.role == ROLE).values(composite=Standing.composite + 0.1))
    assert len(differences(house)) == len(
        db.session.scalars(select(Standing.person_id).where(Standing.role == ROLE)).all()
    )


def test_the_check_finds_who_has_lost_all_and_what_is_too_much(house: int) -> None:
    refresh(house)
    judged = select(Standing.person_id).where(Standing.role == ROLE)
    bare, other = db.session.scalars(judged.order_by(Standing.person_id).limit(2))
    db.session.execute(delete(Standing).where(Standing.person_id == bare))
    db.session.execute(update(Standing).where(Standing.person_id == other, Standing.role == ROLE).values(role="gone"))
    lines = differences(house)
    assert any(line.startswith(f"person {bare}, role {ROLE}: stored None") for line in lines)
    assert f"person {bare} learns here and has no standing" in lines
    assert any(line.startswith(f"person {other}, role gone: ") and line.endswith("computed None") for line in lines)


def test_sums_made_from_evidence_that_changed_meanwhile_are_dropped(house: int) -> None:
    basis = evidence.basis_of(house)
    person = evidence.outdated(house, basis, 1)[0]
    evidence.note_change(person[0])
    db.session.commit()
    with db.engine.begin() as connection:
        assert evidence.mark_summed(connection, [person], basis) == []
    assert db.session.get_one(EvidenceSummary, person[0]).basis == ""


def test_a_list_is_paged_and_searched(
    house: int, app: Flask, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(team, "PAGE", 10)
    hr = signed_in("hr")
    first, last = page(hr.get("/team")), page(hr.get("/team?page=99"))
    assert "Page 1 of 5" in first.text() and "Page 5 of 5" in last.text()
    assert len(first.all("table.team th a")) == 20 and len(last.all("table.team th a")) == 4
    found = page(hr.get("/team?name=number 07"))
    assert found.all("table.skill-levels th a") and "Number 08" not in found.text()
    assert hr.get("/team?name=zzz").status_code == 200


def test_many_outdated_people_wait_for_the_job(house: int, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(team, "AT_ONCE", 3)
    assert "order and ranks follow" in signed_in("hr").get("/team").text
    standings.refresher()()
    assert "order and ranks follow" not in signed_in("hr").get("/team").text
