"""What keeps a role open is asked about: only what answers could decide, what says most first, nothing twice."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask
from sqlalchemy import select

from lms import clock, evidence, publishing
from lms.assess import Attempt
from lms.competency import role_profiles
from lms.database import db, read_only
from lms.evidence.models import Evidence
from lms.learn import undecided_role
from lms.learn.progress import ModuleState, Progress
from lms.learn.simulated_person import SimulatedPerson, settled
from lms.learn.specifications import CHECK, SETTLE
from lms.learn.undecided_role import EACH
from lms.psychometrics.evidence import Observation
from lms.psychometrics.items import ItemParameters
from lms.psychometrics.profile import RoleProfile
from tests.assess.forms import SignIn, controls, hidden
from tests.cast import Cast
from tests.framework import RULES
from tests.html import page

SKILLS = {"content": ("content.copy",)}
ROLE = RoleProfile({"content": 1}, {"content": 100}, {"content.copy": 3})
OPEN = replace(RULES, sub_gates=(), skill_gates=())


def answer(right: int, name: str, b: float = 0.5) -> Observation:
    return Observation("content.copy", ItemParameters(1.5, (b,), name=name), right, ref=name)


def test_sheets_go_on_until_the_role_is_decided_and_no_longer() -> None:
    given = tuple(answer(right, "") for right in (1, 0, 1, 1))
    left = tuple(answer(1, f"q{at}") for at in range(30))
    work = (tuple(answer(1, "") for _ in range(2)),)
    (able,), asked = settled([SimulatedPerson(given, left, work)], ROLE, SKILLS, OPEN)
    assert asked == EACH and able.cells["content"].n == len(given) + EACH, "one sheet was enough"
    (split,), all_asked = settled(
        [SimulatedPerson(given, tuple(answer(at % 2, f"q{at}") for at in range(8)), work)], ROLE, SKILLS, OPEN
    )
    assert all_asked == 8 and split.cells["content"].n == 4 + 8 + 2, "nothing is left, and the work was done"


def test_questions_of_a_check_are_asked_once_it_is_passed(context: Flask, cast: Cast) -> None:
    person, (passed, other) = cast.person("trainee"), list(publishing.library().modules)[:2]
    modules = {passed: ModuleState(passed, check_at=clock.now()), other: ModuleState(other)}
    left = [item for _, item in undecided_role._left(person, Progress(modules, {}, ()))]
    assert {item.module for item in left if item.pool == CHECK.pool} == {passed}
    assert len([item for item in left if item.pool == SETTLE.pool]) == len(publishing.items(SETTLE.pool))


def test_a_trainee_answers_what_keeps_the_role_open(app: Flask, cast: Cast, signed_in: SignIn) -> None:
    client, start = signed_in("trainee"), "/matrix/roles/smm_intern/questions"
    client.post("/matrix/role", data={"role": "smm_intern"})
    form = f'form[action="{start}"]'
    assert not page(client.get("/matrix")).has(form), "nothing is known yet, so a placement comes first"
    address = client.post("/placements").location
    opened = client.get(address).text
    client.post(f"{address}/responses", data=hidden(opened, 1) | controls(opened, 1))
    client.post(f"{address}/submission")
    assert page(client.get("/matrix")).has(form)
    address = client.post(start).location
    assert client.post(start).location == address, "the open one goes on"
    result = client.post(f"{address}/submission", data={}).location
    shown = page(client.get(result))
    assert shown.has('a[href="/matrix#role"]')
    with app.app_context(), read_only():
        attempt = db.session.scalars(select(Attempt).order_by(Attempt.id.desc())).first()
        asked = [publishing.item(item.revision_id) for item in attempt.items]
        critical = role_profiles(evidence.framework())["smm_intern"].critical
        assert {item.sub for item in asked} <= set(critical) and SETTLE.least <= len(asked) <= SETTLE.most
        first = db.session.scalars(select(Evidence)).first()
        assert first.item_key not in {item.id for item in asked}
    assert client.post("/matrix/roles/juggler/questions").status_code == 404
    assert signed_in("hr").post(start).status_code == 403
