"""An own role, from the form to everybody's comparison: checked, with a reason, audited, for one's own house only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from lms import evidence
from lms.database import audit, db
from tests.cast import Cast
from tests.html import Page, page

SignIn = Callable[[str], FlaskClient]
BASE = "/framework/roles/smm_intern"


def filled(opened: Page, **changes: str) -> dict[str, Any]:
    """The page's form as a browser would send it, with some fields typed over."""
    values = opened.form('form[action*="/framework/roles/"]').fields
    named = {"name_hy": "Մեր ստաժորը", "name_en": "Our intern", "reason": "Our intern writes more"}
    return {**values, **named, **{name.replace("__", "-"): value for name, value in changes.items()}}


def save(client: FlaskClient, path: str = BASE, **changes: str) -> tuple[int, Page]:
    reply = client.post(path, data=filled(page(client.get(path)), **changes))
    return reply.status_code, page(reply)


def test_a_copy_is_made_changed_and_compared_with(signed_in: SignIn, app: Flask, cast: Cast) -> None:
    hr = signed_in("hr")
    status, _ = save(hr, level__content="2", weight__content="30,5", weight__platforms="9.5", floor_below="0")
    assert status == 303
    words = page(hr.get("/framework")).text()
    assert "Our intern" in words and "Our intern writes more" in words and "in force" in words
    with app.app_context():
        role = evidence.framework(cast.person("hr").organisation_id).role("smm_intern_2")
        assert (role.name.hy, role.required["content"], role.weights["content"], role.floor_below) == (
            "Մեր ստաժորը", 2, 30.5, 0)  # fmt: skip
        assert role.critical == evidence.framework().role("smm_intern").critical
        (entry,) = audit.newest(cast.person("hr").organisation_id)
        assert (entry.action, entry.actor, entry.detail) == ("edition_made", cast.hr, {"edition": [0, 1]})
    assert "Our intern" in hr.get("/team?role=smm_intern_2").text
    trainee = signed_in("trainee")
    assert trainee.post("/matrix/role", data={"role": "smm_intern_2"}).status_code == 303
    assert page(trainee.get("/matrix")).form('form[action="/matrix/role"]').fields["role"] == "smm_intern_2"
    assert "Roles and cuts changed" in signed_in("administrator").get("/audit").text


def test_of_colleagues_only_those_are_read_whom_the_page_names(signed_in: SignIn, app: Flask) -> None:
    """Not the names of a hundred thousand for the one who made an edition."""
    hr, read = signed_in("hr"), []
    save(hr)
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *call: read.append(call[2]))
    assert hr.get("/framework").status_code == 200
    (names,) = [line for line in read if line.startswith("SELECT person.id, person.name")]
    assert "person.id IN" in names


def test_an_own_role_is_changed_in_place_and_every_edition_stays(signed_in: SignIn, app: Flask, cast: Cast) -> None:
    hr = signed_in("administrator")
    save(hr)
    assert page(hr.get(f"{BASE}_2")).one("input[name=name_en]")["value"] == "Our intern"
    assert "makes a copy" in hr.get(BASE).text and "makes a copy" not in hr.get(f"{BASE}_2").text
    assert save(hr, f"{BASE}_2", level__content="2", reason="More writing")[0] == 303
    with app.app_context():
        house = cast.person("hr").organisation_id
        in_force = evidence.framework(house)
        assert [role.id for role in in_force.roles[8:]] == ["smm_intern_2"]
        assert in_force.role("smm_intern_2").required["content"] == 2 and len(evidence.editions_of(house)) == 2


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"weight__content": "21"}, "The weights must sum to 100"),
        ({"level__content": "0"}, "The weights must sum to 100"),
        ({"minimum__communication.dialogue": "3"}, "at most one level above"),
        ({"reason": ""}, "required"),
        ({"weight__content": "much"}, "valid decimal"),
        ({"level__content": "9"}, "valid choice"),
    ],
)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_what_contradicts_the_framework_is_told_and_nothing_is_kept(
    signed_in: SignIn, app: Flask, cast: Cast, changes: dict[str, str], told: str
) -> None:
    status, refused = save(signed_in("hr"), **changes)
    assert status == 422 and told in refused.text()
    with app.app_context():
        assert evidence.editions_of(cast.person("hr").organisation_id) == []
        assert audit.newest(cast.person("hr").organisation_id) == []
    assert refused.one("input[name=name_en]")["value"] == "Our intern"


def test_it_is_for_staff_and_for_ones_own_house(signed_in: SignIn) -> None:
    for name in ("trainee", "instructor"):
        for path in ("/framework", BASE):
            assert signed_in(name).get(path).status_code == 403
        assert signed_in(name).post(BASE, data={}).status_code == 403
    save(signed_in("hr"))
    outsider = signed_in("outsider")
    assert "Our intern" not in outsider.get("/framework").text
    assert outsider.get(f"{BASE}_2").status_code == 404 == outsider.post(f"{BASE}_2", data={}).status_code
    assert "Our intern" not in outsider.get("/team?role=smm_intern_2").text


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_person_whose_role_is_gone_is_held_against_the_usual_one(signed_in: SignIn, app: Flask, cast: Cast) -> None:
    with app.app_context():
        cast.person("trainee").role_wanted = "no_such_role"
        db.session.commit()
    opened = page(signed_in("trainee").get("/matrix"))
    assert opened.form('form[action="/matrix/role"]').fields["role"] == "smm_manager"
