"""Platform facts for instructors: what is due, and a check that holds for one's own organisation alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock, publishing
from lms.config import ROOT
from lms.content.fact_file import with_fact
from lms.content.reference import parse_reference
from lms.content.reference_entries import Fact
from lms.database import db, read_only
from lms.database.audit import AuditEntry
from lms.identity.models import Organisation
from lms.publishing.fact_checks import FILE, exported, notices
from tests.cast import Cast
from tests.html import page, words

SignIn = Callable[[str], FlaskClient]
KEY = "telegram.message_max"
ADDRESS = f"/content/facts/{KEY}"


def given(**other: str) -> dict[str, str]:
    today = clock.now().date().isoformat()
    return {"value": "3456", "as_of": today, "basis": "help.instagram.com, the counter"} | other


def of(app: Flask, slug: str) -> Fact:
    with app.app_context(), read_only():
        number = db.session.scalars(select(Organisation.id).filter_by(slug=slug)).one()
        with publishing.content_of(number):
            return publishing.reference().facts[KEY]


def test_the_oldest_stands_first_with_where_to_look(signed_in: SignIn) -> None:
    shown = page(signed_in("instructor").get("/content/facts"))
    facts = publishing_facts()
    due = sorted((f for f in facts.values() if f.is_due(clock.now().date())), key=lambda f: (f.valid_until, f.id))
    codes = [words(code) for code in shown.all("main table th code")]
    assert codes[: len(due)] == [fact.id for fact in due]
    assert all(fact.look and fact.look.address in shown.text("main") for fact in facts.values())


def publishing_facts() -> dict[str, Fact]:
    return dict(parse_reference({FILE: (ROOT / FILE).read_text("utf-8")}).facts)


@pytest.mark.both_engines
def test_a_changed_fact_holds_for_the_own_organisation(app: Flask, signed_in: SignIn, cast: Cast) -> None:
    client = signed_in("instructor")
    assert client.post(ADDRESS, data=given()).status_code == 303
    after = of(app, "aygi")
    assert (after.value, after.is_due(clock.now().date())) == (3456, False)
    assert of(app, "hmut").value == 4096 != after.value, "the shipped content stays as it is"
    with app.app_context(), read_only():
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry and (entry.action, entry.actor) == ("fact_changed", cast.ids["instructor"])
    shown = page(client.get(ADDRESS))
    assert "3456" in shown.text("main ol") and "3,456" in shown.text("main") + page(client.get("/content/facts")).text()
    outsider = signed_in("outsider").get(ADDRESS)
    assert outsider.status_code == 403 or "3456" not in outsider.get_data(as_text=True)


def test_a_page_that_shows_the_fact_is_remade(app: Flask, signed_in: SignIn, cast: Cast) -> None:
    signed_in("instructor").post(ADDRESS, data=given())
    with app.test_request_context(), read_only():
        mark = f"{{{{fact:{KEY}}}}}"
        module = next(m for m in publishing.library().modules.values() if mark in m.languages["en"].body)
        shipped = publishing.rendered(module.id, "en").html
        assert "4,096" in shipped and "3,456" not in shipped
    with app.test_request_context(), read_only():
        with publishing.content_of(cast.person("instructor").organisation_id):
            html = publishing.rendered(module.id, "en").html
        assert "3,456" in html and "4,096" not in html


def test_what_is_wrong_is_named_beside_its_field(signed_in: SignIn) -> None:
    client = signed_in("instructor")
    ahead = (clock.now().date() + timedelta(days=2)).isoformat()
    wrong = {"value": "many", "as_of": ahead, "basis": ""}
    for name, value in wrong.items():
        reply = client.post(ADDRESS, data=given(**{name: value}))
        assert reply.status_code == 422
        assert page(reply).has(f"#{name}-error"), name
    assert client.post(ADDRESS, data=given(as_of="2001-01-01")).status_code == 422
    client.post("/language", data={"language": "hy"})
    assert page(client.post(ADDRESS, data=given(as_of="2026-02-30"))).text("#as_of-error") == "Այդպիսի ամսաթիվ չկա։"
    assert client.get("/content/facts/nothing.of_this").status_code == 404


def test_only_instructors(signed_in: SignIn) -> None:
    for name in ("trainee", "hr"):
        assert signed_in(name).get(ADDRESS).status_code == 403


def test_a_later_load_says_what_it_leaves_and_export_keeps_every_other_byte(
    app: Flask, signed_in: SignIn, cast: Cast
) -> None:
    signed_in("instructor").post(ADDRESS, data=given(basis='it\'s: the "counter"'))
    source = (ROOT / FILE).read_text("utf-8")
    with app.app_context(), read_only():
        owner = cast.person("instructor").organisation_id
        before = parse_reference({FILE: source}).facts
        assert [KEY in line and "3456" in line for line in notices(before, None)] == [True]
        after = exported(source, owner)
        fact = parse_reference({FILE: after}).facts[KEY]
        assert (fact.value, fact.as_of, fact.basis) == (3456, clock.now().date(), 'it\'s: the "counter"')
        assert not list(notices(parse_reference({FILE: after}).facts, owner)), "then the file says the same"
    changed = [(a, b) for a, b in zip(source.splitlines(), after.splitlines(), strict=True) if a != b]
    assert len(changed) == 3 and all(a.startswith(("    value:", "    as_of:", "    basis:")) for a, _ in changed)


def test_writing_every_fact_as_it_stands_changes_no_byte() -> None:
    source = Path(ROOT / FILE).read_bytes().decode()
    for fact in parse_reference({FILE: source}).facts.values():
        if fact.as_of:
            assert with_fact(source, FILE, fact.id, fact.value, fact.as_of, fact.basis or "") == source, fact.id
