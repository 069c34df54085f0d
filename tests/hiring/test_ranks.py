"""Ranks of the few people on a page are counted by the database, and are those that all intervals leave open."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, event, insert, select, update

from lms import evidence
from lms.competency import role_profiles
from lms.database import db
from lms.hiring import standings, team
from lms.hiring.comparison import ranks_among
from lms.hiring.models import NO_ROLE, Standing
from lms.hiring.ranks import ranks_of
from lms.hiring.team import TeamQuery
from lms.identity import membership
from lms.identity.models import Membership, Person
from tests.cast import Cast

SignIn = Callable[[str], FlaskClient]
ROLE = "smm_manager"
MANY = 60


@pytest.fixture
def house(context: Flask, cast: Cast) -> Iterator[int]:
    organisation = cast.person("hr").organisation
    for number in range(MANY):
        membership.add(organisation, f"n{number}@example.org", f"Number {number % 7} {number:02}", ("trainee",))
    db.session.commit()
    yield organisation.id


def asked(house: int, number: int = 1, name: str = "") -> TeamQuery:
    return TeamQuery(house, ROLE, role_profiles(evidence.framework(house))[ROLE], number, name)


def people() -> list[Person]:
    return list(db.session.scalars(select(Person).where(Person.email.like("n%@example.org")).order_by(Person.id)))


def standing(person: Person, draw: random.Random, steps: int, **other: Any) -> dict[str, Any]:
    """Few steps on the scale make many ties."""
    low = draw.randrange(steps) / 4
    width = draw.randrange(steps // 2 + 1) / 4
    return {
        "person_id": person.id, "role": ROLE, "organisation_id": person.organisation_id, "ranked": True, "listed": True,
        "composite": low + width / 2, "low": low, "high": low + width, "outcome": draw.choice(("met", "not_met")),
    } | other  # fmt: skip


def fill(draw: random.Random, steps: int, without: float = 0.3) -> list[dict[str, Any]]:
    """Standings of everybody: most count; a share is not ranked, not listed, or of another role and of none."""
    others: tuple[dict[str, Any], ...] = ({"ranked": False}, {"listed": False}, {"role": "another"})
    nowhere = {"role": NO_ROLE, "ranked": False}
    rows = []
    for person in people():
        other = draw.choice(others) if draw.random() < without else {}
        person.active = other.get("listed", True)
        rows += [standing(person, draw, steps, **each) for each in ((other, nowhere) if "role" in other else (other,))]
    db.session.flush()
    db.session.execute(delete(Standing).where(Standing.person_id.in_({row["person_id"] for row in rows})))
    db.session.execute(insert(Standing), rows)
    db.session.commit()
    return [row for row in rows if row["ranked"] and row["listed"] and row["role"] == ROLE]


def gaps(rows: list[dict[str, Any]]) -> Mapping[int, Any]:
    return {
        row["person_id"]: SimpleNamespace(composite=0.0, assessed=1.0, low=row["low"], high=row["high"]) for row in rows
    }


@pytest.mark.both_engines
@pytest.mark.parametrize("steps", [1, 4, 40])
def test_ranks_are_those_among_all_intervals(house: int, steps: int) -> None:
    draw = random.Random(steps)
    for _ in range(8):
        counted = fill(draw, steps)
        shown = gaps(draw.sample(counted, min(len(counted), draw.choice((0, 1, 9, 50)))))
        every = [(row["low"], row["high"]) for row in counted]
        assert ranks_of(team._standing(asked(house)), shown) == ranks_among(every, shown)


def test_whoever_has_too_little_evidence_has_no_rank(house: int) -> None:
    shown = gaps(fill(random.Random(5), 4)[:3])
    shown[min(shown)].assessed = 0.4
    assert set(ranks_of(team._standing(asked(house)), shown)) == set(shown) - {min(shown)}


@pytest.mark.both_engines
@pytest.mark.parametrize("steps", [1, 4, 40])
def test_pages_put_together_are_the_whole_list_in_order(
    house: int, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = {row["person_id"]: row for row in fill(random.Random(steps), steps)}
    monkeypatch.setattr(team, "PAGE", 7)
    for name in ("", "number 3"):
        learners = db.session.scalars(team._learners(asked(house, name=name))).all()
        estimates = {key: row["composite"] for key, row in counted.items()}
        whole = sorted(
            learners,
            key=lambda each: (each.id not in estimates, -estimates.get(each.id, 0), each.name, each.id),
        )
        pages = [team.team(asked(house, number, name)) for number in range(1, -(-len(whole) // 7) + 1)]
        assert [row.person.id for page in pages for row in page.rows] == [person.id for person in whole]
        assert {page.unranked for page in pages} == {sum(person.id not in counted for person in whole)}
        able = {key: row for key, row in counted.items() if row["outcome"] != "not_met"}
        first = {key for key, row in able.items() if row["high"] >= max(each["low"] for each in able.values())}
        assert {person.id for person in pages[0].first} <= first and len(pages[0].first) == min(len(first), team.NAMED)
        assert len(pages[0].first) + pages[0].unnamed == len(first)


def moved_lines(house: int) -> list[str]:
    return [line for line in standings.check(house) if "learns here" in line]


@pytest.mark.both_engines
def test_a_closed_account_and_a_role_taken_count_no_longer(house: int) -> None:
    """At once, in the transaction that says so, and again when it is taken back; a new person with a role too."""
    fill(random.Random(2), 40, without=0)
    closed, moved, renamed = people()[:3]
    count = lambda: team._count(team._places(asked(house)))  # noqa: E731
    membership.deactivate(closed)
    membership.set_roles(moved, ())
    renamed.name = "Somebody else"
    db.session.commit()
    assert count() == MANY - 2 and moved_lines(house) == []
    closed.active = True
    db.session.add(Membership(person_id=moved.id, role="trainee"))
    db.session.commit()
    assert count() == MANY and moved_lines(house) == []


def test_the_check_names_who_is_kept_wrongly(house: int) -> None:
    fill(random.Random(2), 40, without=0)
    db.session.execute(update(Standing).where(Standing.person_id == people()[0].id).values(listed=False))
    db.session.commit()
    assert len(moved_lines(house)) == 1


@pytest.mark.both_engines
def test_whoever_learns_has_a_standing_at_once(house: int, app: Flask) -> None:
    """Of no role, until there is evidence; a colleague has none until a role is given. The check names who lacks it."""
    colleague = membership.add(people()[0].organisation, "colleague@example.org", "Colleague", ("hr",))
    db.session.commit()
    lacking = lambda: {line for line in standings.check(house) if "has no standing" in line}  # noqa: E731
    bare = lambda: set(db.session.scalars(select(Standing.person_id).where(Standing.role == NO_ROLE)))  # noqa: E731
    assert {person.id for person in people()} <= bare() and colleague.id not in bare() and lacking() == set()
    membership.set_roles(colleague, ("hr", "trainee"))
    db.session.commit()
    assert colleague.id in bare()
    db.session.execute(delete(Standing).where(Standing.person_id == colleague.id))
    db.session.commit()
    assert lacking() == {f"person {colleague.id} learns here and has no standing"}
    standings.refresher()()
    assert colleague.id in bare() and lacking() == set()
    assert app.test_cli_runner().invoke(args=["team", "rebuild"]).exit_code == 0
    assert colleague.id in bare() and lacking() == set()


@pytest.mark.both_engines
def test_few_without_a_place_are_named_as_by_looking_through_everybody(
    house: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(random.Random(3), 40)
    by_standing = team._others(asked(house), team._count(team._places(asked(house))), behind=False)
    monkeypatch.setattr(team, "FEW", 0)
    for other in (
        team._others(asked(house), team._count(team._places(asked(house))), behind=False),
        team._others(asked(house), team._count(team._places(asked(house))), behind=True),
    ):
        assert other.count == by_standing.count > 10
        assert [person.id for person in other.by_name(3, 9)] == [person.id for person in by_standing.by_name(3, 9)]


def test_the_statements_of_a_page_do_not_grow_with_the_people(house: int, signed_in: SignIn) -> None:
    hr = signed_in("hr")
    few = statements(hr)
    db.session.rollback()
    fill(random.Random(2), 40)
    many = statements(hr)
    assert not [line for line in many if line.startswith("SELECT standing.low, standing.high")]
    assert len(many) <= len(few) + 5 and len(many) <= 25


def statements(client: FlaskClient) -> list[str]:
    lines: list[str] = []
    engine, note = db.engine, lambda *call: lines.append(call[2])
    assert client.get("/team").status_code == 200
    event.listen(engine, "before_cursor_execute", note)
    assert client.get("/team").status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    return lines
