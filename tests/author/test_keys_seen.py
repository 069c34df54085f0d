"""Whoever has seen a key, in whatever role, gives no evidence on that item; and no key is shown during its test."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from lms import clock, evidence, publishing
from lms.assess import Attempt, Specification, begin, open_questions, start
from lms.campaigns import add_candidate
from lms.content import Item
from lms.database import db, read_only
from lms.evidence.models import Evidence, Seen
from lms.identity.models import Person
from lms.learn.specifications import CHECK, PLACEMENT
from tests.candidates.stage import TEST, campaign
from tests.cast import Cast
from tests.security.world import World, build, methods

LANGUAGE = "hy"  # of the pages that a client without a choice of its own is shown


def seen(app: Flask, person: int) -> set[str]:
    with app.app_context(), read_only():
        return set(db.session.scalars(select(Seen.item_key).filter_by(person_id=person)))


def items_of(app: Flask, pool: str) -> list[Item]:
    with app.app_context(), read_only():
        return [item for _, item in publishing.items(pool)]


@pytest.fixture
def world(app: Flask, cast: Cast) -> World:
    return build(app, Cast(dict(cast.ids)))


@pytest.fixture
def instructor(signed_in: Callable[[str], FlaskClient]) -> FlaskClient:
    return signed_in("instructor")


def letters(page: str) -> str:
    return re.sub(r"<[^>]+>|\W+", "", page).lower()


def secret(item: Item) -> str:
    """Words that stand nowhere but beside the item's key: its explanation, else the longest word about an option; none
    where both are too short to tell."""
    text = item.text(LANGUAGE)
    said = text.general if len(text.general) > 60 else max((part.feedback for part in text.parts), key=len, default="")
    words = re.sub(r"\W+", "", said)[:60].lower()
    return words if len(words) > 20 else ""


def told(page: str, item: Item) -> bool:
    """Whether a page gives away an item's explanation."""
    return bool(secret(item)) and secret(item) in letters(page)


def test_every_page_that_shows_a_key_notes_it(world: World) -> None:
    """Over all routes there are, each by itself: a new page that forgets it fails here."""
    person, client = world.cast.ids["everyone"], world.client("everyone")
    pools = [item for pool in ("practice", "pretest", "placement") for item in items_of(world.app, pool)]
    secrets = {item.id: words for item in pools if (words := secret(item))}
    world.values["key"] = next(iter(secrets))
    showing = set()
    for rule in world.rules():
        if "GET" in methods(rule) and world.access(rule) not in (("public",), ("token",)):
            with world.app.app_context():
                db.session.execute(delete(Seen).where(Seen.person_id == person))
                db.session.commit()
            page = letters(client.get(world.address(rule), follow_redirects=True).get_data().decode("utf-8", "ignore"))
            keys = {item for item, words in secrets.items() if words in page}
            assert keys <= seen(world.app, person), rule.rule
            showing |= {rule.endpoint} if keys else set()
    assert "author.item" in showing, "the page of an item shows its key: the test looks for the wrong words"


def test_a_bank_or_an_item_that_was_read_is_seen(app: Flask, cast: Cast, instructor: FlaskClient) -> None:
    first, *others = items_of(app, "placement")
    assert instructor.get(f"/content/items/{first.id}").status_code == 200
    assert seen(app, cast.ids["instructor"]) == {first.id}
    assert instructor.get(f"/content/banks/{first.path}").status_code == 200
    bank = {item.id for item in [first, *others] if item.path == first.path}
    assert bank <= seen(app, cast.ids["instructor"])


def test_what_was_seen_gives_no_evidence(app: Flask, cast: Cast, instructor: FlaskClient) -> None:
    known = items_of(app, "practice")[0]
    instructor.get(f"/content/items/{known.id}")
    with app.app_context():
        answer = evidence.Answer(publishing.revision_of(known.id) or 0, known, 1, 2, clock.now())
        sitting = evidence.Sitting(cast.ids["instructor"], 1, "check", None)
        assert evidence.record_answers(sitting, [answer]) == 0
        assert db.session.scalars(select(Evidence)).all() == []


@pytest.mark.parametrize("test", [CHECK, PLACEMENT])
def test_pages_with_keys_are_shut_during_a_test(app: Flask, world: World, test: Specification) -> None:
    """The item's page and its bank's; open before, open again afterwards."""
    client, person = world.client("everyone"), world.cast.ids["everyone"]
    item = next(item for item in items_of(app, test.pool) if item.module == "C1.1" or test is PLACEMENT)
    pages = [f"/content/items/{item.id}", f"/content/banks/{item.path}"]
    with app.app_context():
        attempt = begin(world.cast.person("everyone"), test.name, "C1.1")
        db.session.commit()
        number = attempt.id
    for address in pages:
        reply = client.get(address)
        assert reply.status_code == 403
        assert not told(reply.text, item)
    assert item.id not in seen(app, person)
    assert client.get("/content").status_code == 200
    with app.app_context():
        db.session.get_one(Attempt, number).finish()
        db.session.commit()
    assert [client.get(address).status_code for address in pages] == [200, 200]


def test_an_author_who_is_invited_as_a_candidate_is_the_same_person(app: Flask, cast: Cast) -> None:
    """A candidacy is an account of its own; what its address has met elsewhere in the house is met."""
    author, item = cast.ids["instructor"], next(one for one in items_of(app, "closed") if one.sub == "content.copy")
    with app.test_request_context("/", method="POST"):
        made = campaign()
        mine, _ = add_candidate(made, "Anna", "instructor@example.org", "en")
        other, _ = add_candidate(made, "Other", "somebody@example.org", "en")
        evidence.mark_seen(author, item.id, "author")
        assert item.id in evidence.seen_keys(mine.person_id) and not evidence.seen_keys(other.person_id)
        answer = evidence.Answer(publishing.revision_of(item.id) or 0, item, 1, 2, clock.now())
        person = db.session.get_one(Person, mine.person_id)
        attempt = start(person, TEST, f"{made.id}/1", None, [publishing.revision_of(item.id) or 0])
        assert evidence.record_answers(evidence.Sitting(mine.person_id, attempt.id, TEST.name, None), [answer]) == 0
        assert open_questions(author).hold(item) and not open_questions(cast.ids["trainee"]).hold(item)
        attempt.finish()
        assert not open_questions(author).hold(item)
