"""HR's comparison: the own trainees, ranks that the data can tell apart, and no "met" while evidence is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from lms import clock, evidence, publishing
from lms.competency import role_profiles
from lms.database import db
from lms.evidence.models import Evidence
from lms.hiring import comparison, standing_chart
from lms.hiring.interview import guide
from lms.identity import membership
from lms.identity.models import Membership, Person
from lms.psychometrics.items import ItemParameters
from lms.psychometrics.matrix import Cell, Matrix
from lms.psychometrics.profile import RoleProfile, role_gap
from tests.cast import Cast
from tests.framework import RULES
from tests.hiring.in_full import compare
from tests.html import page, words

pytestmark = pytest.mark.both_engines

SignIn = Callable[[str], FlaskClient]
DEFAULT = "smm_manager"
UNIT = ItemParameters(a=0.8, b=(-0.5, 0.5, 1.5), sd_b=0.7)


def roles() -> dict[str, RoleProfile]:
    return role_profiles(evidence.framework())


def cell(key: str, theta: float, sd: float) -> Cell:
    """A cell that many answers of every kind stand behind, when its error is small."""
    margin, enough = RULES.margin(sd), sd <= RULES.max_sd
    low, high = theta - margin, theta + margin
    level = RULES.level(theta) if enough else None
    return Cell(
        key, theta, sd, level, RULES.level(low), RULES.level(high), low, high, 40 if enough else 0, {"single": 40},
        enough, () if enough else ("not_assessed",), 5 if enough else None, (), (),
    )  # fmt: skip


def matrix(theta: float, sd: float = 0.2, **other: tuple[float, float]) -> Matrix:
    """The same in every cell, but for those named."""
    skills = evidence.skills()
    keys = [*skills, *(sub for subs in skills.values() for sub in subs)]
    values = {key: other.get(key.replace(".", "_"), (theta, sd)) for key in keys}
    return Matrix({key: cell(key, *pair) for key, pair in values.items()}, skills, RULES)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> dict[int, Matrix]:
    """What each person's matrix is to be, by id."""
    found: dict[int, Matrix] = {}
    monkeypatch.setattr(comparison.evidence, "matrices_of", lambda ids: {person: found[person] for person in ids})
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
    told = page(hr.get("/team")).text()
    assert "Անահիտ Սարգսյան" in told and "Davit Grigoryan" in told
    assert not [name for name in ("Olga Outsider", "Karen Hakobyan", "Նարեկ Ավետիսյան") if name in told]
    for shut in (cast.outsider, cast.hr, cast.instructor):
        assert hr.get(f"/team/{shut}").status_code == 404
    with app.app_context():
        cast.person("candidate").active = False
        db.session.commit()
    assert "Davit Grigoryan" not in hr.get("/team").text and hr.get(f"/team/{cast.candidate}").status_code == 404
    outsider = page(signed_in("outsider").get("/team"))
    assert "Անահիտ Սարգսյան" not in outsider.text()
    assert any(link.partition("?")[0] == f"/team/{cast.outsider}" for link in outsider.links())


def test_a_person_page_says_what_is_open_for_each_role(signed_in: SignIn, cast: Cast) -> None:
    """Without evidence: every critical minimum is open and becomes a question; an unknown role is the usual one."""
    hr = signed_in("hr")
    for role, minima in (("smm_intern", 2), ("social_media_analyst", 3), ("no_such_role", 5)):
        opened = page(hr.get(f"/team/{cast.trainee}?role={role}"))
        told, tags = opened.text(), [words(tag) for tag in opened.all(".tag")]
        assert "not decided yet" in told and "role met" not in tags
        assert told.count("open: needs more evidence") == told.count("critical minimum open") == minima
        assert "mailto:trainee@example.org" in opened.links() and "#interview" not in opened.links()


def test_hr_reads_what_each_work_sample_showed(signed_in: SignIn, app: Flask, cast: Cast) -> None:
    with app.app_context():
        for work, raters, units in (
            ("campaign tonir", 0, {"analytics.goals": 0}),
            ("reply", 2, {"communication.reviews": 3}),
        ):
            shown = evidence.WorkShown(work, 1, work.split()[0], UNIT, clock.now(), human_raters=raters)
            evidence.record_work(cast.trainee, shown, units)
        db.session.commit()
    told = page(signed_in("hr").get(f"/team/{cast.trainee}?role={DEFAULT}")).text()
    assert "rated by people: 2" in told
    assert "a professional's work" in told
    assert "nothing shown" in told


def test_without_trainees_the_page_says_so(signed_in: SignIn, app: Flask) -> None:
    with app.app_context():
        for membership in db.session.scalars(select(Membership).filter_by(role="trainee")):
            db.session.delete(membership)
        db.session.commit()
    assert "Nobody in your organisation learns here yet" in signed_in("hr").get("/team").text


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_guide_asks_about_every_minimum_and_gap_once(context: Flask, measured: dict[int, Matrix]) -> None:
    """Failed before open before the other skills with a gap; of these the weakest, or least known, sub-competency."""
    role = RoleProfile(
        {"content": 3, "analytics": 3, "communication": 3, "platforms": 2},
        {"content": 40, "analytics": 30, "communication": 20, "platforms": 10},
        {"content.copy": 3, "content.video": 4, "analytics.goals": 3},
    )
    person = matrix(
        1.0, content=(-1.0, 0.2), content_copy=(-1.0, 0.2), analytics_goals=(1.0, 1.0), communication=(-1.0, 0.2),
        communication_reviews=(-2.0, 0.3), platforms=(0.0, 1.0), platforms_paid=(0.0, 1.0),
    )  # fmt: skip
    gap = role_gap(person, role)
    asked = [
        (question.sub, question.why, question.required)
        for question in guide(evidence.framework(), person, role, gap, "en")
    ]
    assert asked == [
        ("content.copy", "failed", 3),
        ("content.video", "failed", 4),
        ("analytics.goals", "open", 3),
        ("communication.reviews", "gap", 3),
        ("platforms.paid", "unknown", 2),
    ]
    assert guide(evidence.framework(), matrix(2.0), role, role_gap(matrix(2.0), role), "en") == []


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("language", ["hy", "en"])
def test_every_sub_competency_has_a_question_of_its_own_and_anchors(context: Flask, language: str) -> None:
    nothing = matrix(0.0, 1.0)
    asked = []
    for sub in (sub for subs in evidence.skills().values() for sub in subs):
        role = RoleProfile({sub.split(".")[0]: 3}, {sub.split(".")[0]: 1}, {sub: 3})
        (question,) = guide(evidence.framework(), nothing, role, role_gap(nothing, role), language)
        asked.append(question.ask)
        assert question.ask.endswith("։" if language == "hy" else (".", "?")), sub
        assert len({question.below, question.good, question.above, ""}) == 4, sub
    assert len(set(asked)) == 25


def test_the_number_of_queries_does_not_grow_with_the_team(signed_in: SignIn, app: Flask, cast: Cast) -> None:
    hr = signed_in("hr")
    counted: list[str] = []

    def queries() -> int:
        counted.clear()
        assert hr.get("/team").status_code == 200
        return len(counted)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *call: counted.append(call[2]))
    queries()  # whatever a process reads once
    small = queries()
    with app.app_context():
        house = cast.person("hr").organisation
        revision, item = publishing.items(pool="placement")[0]
        for number in range(12):
            person = membership.add(house, f"n{number}@example.org", f"Number {number}", ("trainee",))
            db.session.add(Evidence(person_id=person.id, item_key=item.id, revision_id=revision, attempt_id=1,
                                    purpose="check", sub=item.sub, kind=item.type, category=0, categories=2,
                                    answered_at=clock.now()))  # fmt: skip
        db.session.commit()
    assert small <= queries() <= small + 2, counted  # whoever has evidence needs parameters, once for all
    assert hr.get("/team").text.count("Number 11") == 2


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_standing_is_drawn_in_levels(context: Flask) -> None:
    """Where cuts lie half as far apart, the same ability is twice as many levels."""
    gap = role_gap(matrix(0.8, 0.1), roles()[DEFAULT])
    places = [
        str(page(standing_chart.standing(cuts, gap)).one("circle")["cx"])
        for cuts in (RULES.cuts, [cut / 2 for cut in RULES.cuts])
    ]
    near, far = (float(place) - standing_chart.MIDDLE for place in places)
    assert near and far == pytest.approx(2 * near, abs=0.2)
