"""HR's comparison: the own trainees, ranks that the data can tell apart, and no "met" while evidence is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import record
from lms.db import db
from lms.hire import comparison
from lms.hire.comparison import compare
from lms.people.models import Membership, Person
from lms.record.roles import DEFAULT, roles
from lms.score.matrix import Cell, Matrix, Rules
from tests.cast import Cast

SignIn = Callable[[str], FlaskClient]
RULES = Rules()


def cell(key: str, theta: float, sd: float) -> Cell:
    """A cell that many answers of every kind stand behind, when its error is small."""
    margin, enough = RULES.margin(sd), sd <= RULES.max_sd
    low, high = theta - margin, theta + margin
    level = RULES.level(theta) if enough else None
    return Cell(
        key, theta, sd, level, RULES.level(low), RULES.level(high), low, high, 40 if enough else 0, {"single": 40}, 0.1,
        enough, () if enough else ("not_assessed",), 5 if enough else None, (), (),
    )  # fmt: skip


def matrix(theta: float, sd: float = 0.2, **other: tuple[float, float]) -> Matrix:
    """The same in every cell, but for those named."""
    skills = record.skills()
    keys = [*skills, *(sub for subs in skills.values() for sub in subs)]
    values = {key: other.get(key.replace(".", "_"), (theta, sd)) for key in keys}
    return Matrix({key: cell(key, *pair) for key, pair in values.items()}, skills, RULES)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> dict[int, Matrix]:
    """What each person's matrix is to be, by id."""
    found: dict[int, Matrix] = {}
    monkeypatch.setattr(comparison.record, "matrices_of", lambda ids: {person: found[person] for person in ids})
    return found


def ranks(people: Mapping[str, Matrix], measured: dict[int, Matrix]) -> list[tuple[str, tuple[int, int] | None]]:
    persons = [Person(id=number, name=name) for number, name in enumerate(people)]
    measured |= dict(enumerate(people.values()))
    return [(row.person.name, row.ranks) for row in compare(persons, roles()[DEFAULT])]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_people_stand_by_their_estimate_with_the_ranks_left_open(context: Flask, measured: dict[int, Matrix]) -> None:
    people = {
        "new": matrix(0.0, 1.0),
        "last": matrix(-1.0, 0.1),
        "unsure": matrix(1.4, 0.5),
        "best": matrix(1.5, 0.1),
        "also last": matrix(-1.02, 0.1),
        "also new": matrix(0.0, 1.0),
    }
    expected = [("best", (1, 2)), ("unsure", (1, 2)), ("last", (3, 4)), ("also last", (3, 4))]
    assert ranks(people, measured) == [*expected, ("also new", None), ("new", None)]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_who_is_hardly_assessed_has_no_rank(context: Flask, measured: dict[int, Matrix]) -> None:
    role, known = roles()[DEFAULT], {}
    for skill, weight in sorted(role.weights.items(), key=lambda pair: pair[1]):
        if sum(role.weights[key] for key in known) + weight < 0.5 * sum(role.weights.values()):
            known[skill] = (2.5, 0.1)
    assert known and ranks({"half": matrix(0.0, 1.0, **known)}, measured) == [("half", None)]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_role_is_never_met_while_evidence_is_open(context: Flask, measured: dict[int, Matrix]) -> None:
    """Somebody far above everything: met. Without evidence in any one of the minima or skills: undecided."""
    for name, role in roles().items():
        measured[0] = matrix(4.0, 0.1)
        (row,) = compare([Person(id=0, name="x")], role)
        assert row.gap.outcome == "met", name
        for key in [*role.critical, *(skill for skill in role.required if role.required[skill])]:
            measured[0] = matrix(4.0, 0.1, **{key.replace(".", "_"): (4.0, 1.0)})
            (row,) = compare([Person(id=0, name="x")], role)
            assert row.gap.outcome == "inconclusive", f"{name}: {key}"


def test_only_the_own_trainees_with_open_accounts_are_shown(signed_in: SignIn, cast: Cast, app: Flask) -> None:
    hr = signed_in("hr")
    page = hr.get("/team").text
    assert "Անահիտ Սարգսյան" in page and "Davit Grigoryan" in page
    assert not [name for name in ("Olga Outsider", "Karen Hakobyan", "Նարեկ Ավետիսյան") if name in page]
    for shut in (cast.outsider, cast.hr, cast.instructor):
        assert hr.get(f"/team/{shut}").status_code == 404
    with app.app_context():
        cast.person("candidate").active = False
        db.session.commit()
    assert "Davit Grigoryan" not in hr.get("/team").text and hr.get(f"/team/{cast.candidate}").status_code == 404
    outsider = signed_in("outsider").get("/team").text
    assert "Անահիտ Սարգսյան" not in outsider and f"/team/{cast.outsider}" in outsider


def test_a_person_page_says_what_is_open_for_each_role(signed_in: SignIn, cast: Cast) -> None:
    hr = signed_in("hr")
    for role in ("smm_intern", "social_media_analyst", "no_such_role"):
        page = hr.get(f"/team/{cast.trainee}?role={role}").text
        assert "not decided yet" in page and "role met" not in page and "nothing is known yet" in page


def test_without_trainees_the_page_says_so(signed_in: SignIn, app: Flask) -> None:
    with app.app_context():
        for membership in db.session.scalars(select(Membership).filter_by(role="trainee")):
            db.session.delete(membership)
        db.session.commit()
    assert "Nobody in your organisation learns here yet" in signed_in("hr").get("/team").text
