"""After the first round one skill is made surer, another round begins from what is known; every answer is evidence."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import evidence, publishing
from lms.assess import Attempt, adaptive
from lms.database import db, read_only
from lms.evidence.models import Evidence
from lms.learn.specifications import PLACEMENT, SHARPEN
from tests.assess.forms import SignIn, controls, hidden
from tests.cast import Cast

SKILL = "analytics"
OWN, BORROWED = "by its own answers alone", "leans a little on your answers in the others"


def sit(client: FlaskClient, start: str) -> str:
    """The address of the result after every question was answered somehow."""
    address = client.post(start).location
    while not address.endswith("/result"):
        page = client.get(address).text
        position = int(page.partition('<form id="q')[2].partition('"')[0])
        filled = hidden(page, position) | controls(page, position)
        address = client.post(f"{address}/responses", data=filled).location
    return address


def test_one_skill_is_sharpened_from_what_is_known(app: Flask, cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("trainee")
    result = " ".join(client.get(sit(client, "/placements")).text.split())
    assert 'id="sharpen"' in result and result.count('action="/placements/') == 6, "any of six skills"
    assert OWN in result and BORROWED in result, "the page says which picture it is"
    assert "faster than their questions can be read: 12. They count like any other" in result
    client.get(sit(client, f"/placements/{SKILL}"))
    second = client.post("/placements").location
    with app.app_context(), read_only():
        first, sharpened, again = db.session.scalars(select(Attempt).order_by(Attempt.id)).all()
        asked = [publishing.item(item.revision_id) for item in sharpened.items]
        assert {item.skill for item in asked} == {SKILL}
        assert SHARPEN.least <= len(asked) <= SHARPEN.most
        assert len(db.session.scalars(select(Evidence)).all()) == PLACEMENT.most + len(asked)
        languages = set(db.session.scalars(select(Evidence.language)))
        assert languages == {cast.person("trainee").language}, "every answer keeps the language of its page"
        assert not {item.revision_id for item in first.items} & {item.revision_id for item in sharpened.items}
        assert first.known is None and sharpened.known, "the first begins from nothing, the second from the first"
        assert adaptive.path(sharpened) == [item.revision_id for item in sharpened.items]
        assert again.known[SKILL][1] < min(sd for skill, (_, sd) in again.known.items() if skill != SKILL)
        assert publishing.item(again.items[0].revision_id).skill != SKILL, "the widest interval comes first"
    assert second.startswith("/attempts/")


def test_a_skill_without_enough_new_questions_is_not_sharpened(app: Flask, cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("trainee")
    with app.app_context():
        keys = [item.id for _, item in publishing.items(PLACEMENT.pool) if item.skill == SKILL]
        evidence.mark_seen(cast.person("trainee").id, keys[SHARPEN.least - 1 :], "placement")
        db.session.commit()
    assert client.post(f"/placements/{SKILL}").status_code == 404
    assert client.post("/placements/juggling").status_code == 404


def test_the_matrix_page_shows_both_pictures_apart(signed_in: SignIn) -> None:
    client = signed_in("trainee")
    assert 'id="portrait"' not in client.get("/matrix").text, "nothing is known yet"
    address = client.post("/placements").location
    page = client.get(address).text
    client.post(f"{address}/responses", data=hidden(page, 1) | controls(page, 1))
    client.post(f"{address}/submission")
    page = " ".join(client.get("/matrix").text.split())
    assert OWN in page and BORROWED in page
    assert page.partition('id="portrait"')[2].partition("</details>")[0].count('href="/matrix/') == 1, (
        "a skill without an answer of its own stays empty"
    )
