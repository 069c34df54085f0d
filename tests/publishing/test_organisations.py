"""What an organisation publishes is read by its own people; everybody reads what is shipped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import publishing
from lms.author import overview
from lms.content import Finding
from lms.database import db
from lms.identity.models import Organisation
from lms.publishing.content_cache import ContentCache
from lms.publishing.current_content import own_shelf
from lms.publishing.files import saved_files
from lms.publishing.search import search
from tests.publishing.conftest import BANK, MODULE

COURSE = "courses/smm-foundations/course.yaml"
PICTURES = ("courses/smm-foundations/figures/", "courses/smm-foundations/sheets/")
OWN = {
    "courses/own-course/course.yaml": b"""id: C11
slug: own-course
level: 1
prerequisites: []
title: {hy: "\xd4\xb2\xd5\xa1\xd5\xbc", en: "Own"}
about: {hy: "\xd4\xb2\xd5\xa1\xd5\xbc\xd6\x89", en: "Own course."}
modules: [01-what-is-smm]
"""
}


def organisation(slug: str) -> int:
    return db.session.scalars(select(Organisation.id).filter_by(slug=slug)).one()


def own_edition(old: str, new: str, *paths: str) -> dict[str, bytes]:
    shipped = saved_files()
    return {path: shipped[path].replace(old.encode(), new.encode()) for path in paths}


def seen_by(slug: str) -> str:
    """The English title of the first module, as this organisation's people read it; "" is nobody's organisation."""
    if not slug:
        return publishing.library().modules["C1.1"].languages["en"].title
    with publishing.content_of(organisation(slug)):
        return publishing.library().modules["C1.1"].languages["en"].title


def own_course() -> dict[str, bytes]:
    """A course of one's own with one module, made from a shipped one."""
    shipped = saved_files()
    pictures = {path: source for path, source in shipped.items() if path.startswith(PICTURES)}
    files = OWN | {path.replace("smm-foundations", "own-course"): source for path, source in pictures.items()}
    for language in ("hy", "en"):
        source = shipped[MODULE.format(language)].replace(b"id: C1.1\n", b"id: C11.1\n")
        source = source.replace(b"practice: practice/smm-foundations/01-what-is-smm\n", b"")
        files[f"courses/own-course/01-what-is-smm.{language}.md"] = source
    return files


def test_an_edited_copy_changes_what_its_own_people_read_and_nobody_else(context: Flask) -> None:
    title = seen_by("")
    report = publishing.publish(organisation("elsewhere"), own_edition(title, "Otherwise", MODULE.format("en")))
    assert not report.findings and report.published == 1
    db.session.commit()
    assert seen_by("elsewhere") == "Otherwise"
    assert seen_by("aygi") == seen_by("") == title


def test_another_organisations_course_yaml_takes_no_course_off_a_shelf(context: Flask) -> None:
    before = {name: course.modules for name, course in publishing.library().courses.items()}
    elsewhere = organisation("elsewhere")
    publishing.publish(elsewhere, {COURSE: b"not: [a course"})
    publishing.publish(elsewhere, own_edition("id: C1\n", "id: C7\n", COURSE))
    publishing.publish(elsewhere, {"courses/zzz/course.yaml": saved_files()[COURSE]})
    db.session.commit()
    assert {name: course.modules for name, course in publishing.library().courses.items()} == before
    with publishing.content_of(organisation("aygi")):
        assert {name: course.modules for name, course in publishing.library().courses.items()} == before


def test_a_doubled_id_stops_the_newcomer_and_leaves_the_course_on_the_shelf(context: Flask) -> None:
    shipped = organisation("hmut")
    files = dict(saved_files())
    newcomer = "courses/aaa-before-all-others/course.yaml"  # read before the course whose id it claims
    files[newcomer] = files[COURSE].replace(b"slug: smm-foundations", b"slug: aaa-before-all-others")
    report = publishing.publish(shipped, files)
    assert report.refused == (newcomer,)
    assert next((finding.path, finding.code) for finding in report.findings) == (newcomer, "duplicate-id")
    assert publishing.library().courses["C1"].path == COURSE


def test_an_item_id_of_another_bank_stops_the_bank_that_is_new(context: Flask) -> None:
    files = dict(saved_files())
    other = next(path for path in files if path > BANK and path.startswith("quizzes/practice/smm-foundations/"))
    item = publishing.library().banks[other].items[0]
    early = "quizzes/practice/placement/00-early.md"
    files[early] = b"---\nbank: practice/placement/00-early\npool: placement\n---\n\n" + item.source.encode()
    report = publishing.publish(organisation("hmut"), files)
    assert early in report.refused and other not in report.refused
    assert publishing.library().items[item.id].path == other


def test_a_course_of_ones_own_stands_beside_the_shipped_ones(
    app: Flask, signed_in: Callable[[str], FlaskClient]
) -> None:
    with app.app_context():
        report = publishing.publish(organisation("elsewhere"), own_course())
        assert not report.findings and not report.refused
        db.session.commit()
    for name, status in (("outsider", 200), ("trainee", 404)):
        assert signed_in(name).get("/courses/own-course").status_code == status
        assert signed_in(name).get("/courses/own-course/what-is-smm").status_code == status
        assert signed_in(name).get("/courses/smm-foundations/what-is-smm").status_code == 200


def test_search_finds_what_ones_own_organisation_may_read(context: Flask) -> None:
    title = seen_by("")
    publishing.publish(organisation("elsewhere"), own_edition(title, "Qwertyuiop", MODULE.format("en")))
    assert search("Qwertyuiop", "en") == []
    with publishing.content_of(organisation("elsewhere")):
        assert {hit.module for hit in search("Qwertyuiop", "en")} == {"C1.1"}
        assert "C1.1" not in {hit.module for hit in search(title, "en") if title in hit.heading}


def test_a_revision_of_another_organisation_is_not_found(app: Flask, signed_in: Callable[[str], FlaskClient]) -> None:
    with app.app_context():
        publishing.publish(organisation("elsewhere"), own_edition("What do the letters", "Which words", BANK))
        db.session.commit()
        with publishing.content_of(organisation("elsewhere")):
            revision = publishing.revision_of("c11-expand")
    assert revision
    with app.test_request_context(), publishing.content_of(organisation("aygi")):
        assert publishing.find_item(revision) is None
    with app.test_request_context(), publishing.content_of(organisation("elsewhere")):
        assert publishing.item(revision).id == "c11-expand"


def test_closed_keys_are_their_owners_alone(
    app: Flask, signed_in: Callable[[str], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        closed = next(bank for bank in publishing.library().banks.values() if bank.pool == "closed")
        item = next(item for item in closed.items if item.answerable)
    remark = Finding(closed.path, item.line, "p", "a remark")  # the check itself takes seconds
    monkeypatch.setattr(overview, "findings_of_today", lambda _today: (remark,))
    for name in ("instructor", "outsider"):
        client = signed_in(name)
        assert client.get(f"/content/items/{item.id}").status_code == 404
        assert client.get(f"/content/banks/{closed.path}").status_code == 404
        assert closed.path.encode() not in client.get("/content").data
    with app.app_context():
        publishing.publish(organisation("elsewhere"), {closed.path: saved_files()[closed.path]})
        db.session.commit()
    assert signed_in("outsider").get(f"/content/items/{item.id}").status_code == 200
    assert signed_in("instructor").get(f"/content/items/{item.id}").status_code == 404


def test_what_a_rolled_back_publication_read_is_forgotten(context: Flask) -> None:
    title, elsewhere = seen_by(""), organisation("elsewhere")
    for new in ("First", "Second"):
        publishing.publish(elsewhere, own_edition(title, new, MODULE.format("en")))
        assert seen_by("elsewhere") == new
        db.session.rollback()
        assert seen_by("elsewhere") == title


@pytest.mark.both_engines
def test_a_process_reads_only_what_changed_since_it_looked(context: Flask) -> None:
    context.extensions["publishing"] = ContentCache()  # as a process that has looked just now
    before = publishing.library()
    shelf = own_shelf(organisation("hmut"))
    files = dict(saved_files())
    files[MODULE.format("en")] = files[MODULE.format("en")].replace(b"Alratun", b"Alratoon")
    publishing.publish(organisation("hmut"), files)
    db.session.commit()
    after, now = publishing.library(), own_shelf(organisation("hmut"))
    assert now.version == shelf.version + 1
    assert [name for name, unit in now.units.items() if shelf.units.get(name) is not unit] == [("module", "C1.1", "en")]
    assert [key for key, module in after.modules.items() if before.modules[key] is not module] == ["C1.1"]
    assert all(after.banks[path] is bank for path, bank in before.banks.items())
    assert after.reference is before.reference
