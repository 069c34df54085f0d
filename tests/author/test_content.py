"""The instructor's pages: content as published, findings where they belong, and p and n as a hand would count them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms import clock, evidence, publishing
from lms.author import overview
from lms.author.overview import PAGE, by_path, item_lines
from lms.content import Finding, questions
from lms.database import db
from lms.evidence.models import Evidence
from tests.cast import Cast
from tests.html import page, words

pytestmark = pytest.mark.both_engines

SignIn = Callable[[str], FlaskClient]
WRITE = ("author.save_fact", "author.show_preview", "author.calibrate", "author.end_calibration")


@pytest.fixture
def instructor(signed_in: SignIn) -> FlaskClient:
    return signed_in("instructor")


def answered(cast: Cast, person: str, key: str, category: int, categories: int) -> None:
    revision = publishing.revision_of(key)
    assert revision
    db.session.add(
        Evidence(
            person_id=cast.ids[person],
            item_key=key,
            revision_id=revision,
            attempt_id=1,
            purpose="check",
            sub=publishing.item(revision).sub,
            kind="single",
            category=category,
            categories=categories,
            answered_at=clock.now(),
        )
    )
    evidence.note_change(cast.ids[person])


def test_p_and_n_are_what_a_hand_computes(
    instructor: FlaskClient, cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three of the organisation's people reached 1 of 1, 1 of 3 and 0 of 1; the outsider's answer is not theirs."""
    monkeypatch.setattr(overview, "findings_of_today", lambda _today: ())  # they take seconds, and are no figures
    with app.app_context():
        bank = next(bank for bank in publishing.library().banks.values() if bank.module)
        first, second = [item.id for item in bank.items if item.type == "single"][:2]
        for person, category, categories in (("trainee", 1, 2), ("candidate", 1, 2), ("hr", 0, 2), ("outsider", 1, 2)):
            answered(cast, person, first, category, categories)
        answered(cast, "outsider", second, 1, 2)
        db.session.commit()
        path = bank.path
    rows = page(instructor.get(f"/content/banks/{path}")).all("tbody tr")

    def figures(key: str) -> list[str]:
        (row,) = [row for row in rows if words(row.select("th, td")[0]).split()[0] == key]
        return [words(row.select(f'td[data-label="{name}"]')[0]) for name in ("p", "r", "n")]

    assert figures(first) == ["0.67", "–", "3"]
    assert figures(second) == ["–", "–", "0"]
    told = page(instructor.get(f"/content/items/{first}")).text()
    assert "First answers: 3. From 30 on" in told and "item-rest r –" in told
    assert "nobody has answered it yet" in instructor.get(f"/content/items/{second}").text


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_findings_stand_beside_their_item(context: Flask) -> None:
    bank = next(bank for bank in publishing.library().banks.values() if len(bank.items) > 2)
    items = [item for item in bank.items if item.answerable]
    found = (
        Finding(bank.path, items[0].line, "first", "", "error"),
        Finding(bank.path, items[1].line + 2, "second", "", "warning"),
        Finding("quizzes/elsewhere.md", items[1].line, "other", "", "error"),
    )
    codes = [[finding.code for finding in line.errors] for line in item_lines(bank, {}, by_path(found))]
    assert codes == [["first"], ["second"], *[[]] * (len(items) - 2)]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_every_bank_and_item_opens_with_its_key_in_both_languages(instructor: FlaskClient, app: Flask) -> None:
    with app.app_context():
        library = publishing.library()
        open_items = [item for item in library.items.values() if item.answerable and item.pool != "closed"]
        one_of_each = {item.type: item for item in open_items}
    first = instructor.get("/content")
    assert len(first.data) <= 60_000
    pages = range(2, 2 + len(library.banks) // PAGE)
    overview_page = first.text + "".join(instructor.get(f"/content?page={number}").text for number in pages)
    for path in (path for path, bank in library.banks.items() if bank.pool != "closed"):  # their owner's alone
        assert f"/content/banks/{path}" in overview_page and instructor.get(f"/content/banks/{path}").status_code == 200
    assert len(one_of_each) >= 9
    for item in one_of_each.values():
        page = instructor.get(f"/content/items/{item.id}").text
        with app.test_request_context():
            instance = questions.new_instance(item, 1, publishing.reference())
            if questions.TYPES[item.type].lettered:
                instance["order"].sort()  # the page keeps the author's order
            keys = [questions.explain(item, instance, None, code).correct_html for code in ("hy", "en")]
        assert all(key and key in page for key in keys), item.id


@pytest.mark.parametrize(
    "path", ["/content/items/none", "/content/banks/quizzes/../wsgi.py", "/content/banks//etc/passwd"]
)
def test_what_is_not_published_does_not_exist(instructor: FlaskClient, path: str) -> None:
    assert instructor.get(path, follow_redirects=True).status_code == 404


def test_the_room_is_read_only_but_for_what_is_named(instructor: FlaskClient, app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("author.") and rule.endpoint not in WRITE:
            assert rule.methods == {"GET", "HEAD", "OPTIONS"}, rule.rule
