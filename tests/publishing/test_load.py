"""Files become immutable revisions; what has not changed writes nothing, what is broken leaves the rest alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lms import publishing
from lms.database import db
from lms.identity.models import Organisation
from lms.publishing.models import Publication, Rendering, Revision, SearchSection
from lms.publishing.publish import shipped_owner
from tests.publishing.conftest import BANK, MODULE, change

pytestmark = pytest.mark.both_engines

PRETEST = "quizzes/practice/smm-foundations/pretest.md"
TABLES = (Revision, Publication, Rendering, SearchSection)


def counts() -> list[int]:
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


def current(kind: str, key: str) -> Publication | None:
    return db.session.scalar(select(Publication).filter_by(kind=kind, key=key, withdrawn_at=None))


def test_an_unchanged_folder_writes_nothing(context: Flask, loaded: Path) -> None:
    before = counts()
    report = publishing.load(loaded)
    assert (report.revisions, report.published, report.withdrawn) == (0, 0, 0)
    assert counts() == before


def test_a_changed_item_is_one_new_revision_and_the_old_one_stays_for_attempts(context: Flask, loaded: Path) -> None:
    old = publishing.revision_of("c11-expand")
    assert old
    change(loaded, BANK, "What do the letters SMM stand for", "Write out the letters SMM")
    report = publishing.load(loaded)
    new = publishing.revision_of("c11-expand")
    assert (report.revisions, report.published) == (1, 1)
    assert new and new != old
    assert publishing.item(old).languages["en"].stem.startswith("What do the letters")
    assert publishing.item(new).languages["en"].stem.startswith("Write out")


def test_going_back_publishes_the_old_revision_again(context: Flask, loaded: Path) -> None:
    old = publishing.revision_of("c11-expand")
    change(loaded, BANK, "What do the letters SMM stand for", "Write out the letters SMM")
    publishing.load(loaded)
    change(loaded, BANK, "Write out the letters SMM", "What do the letters SMM stand for")
    assert publishing.load(loaded).revisions == 0
    assert publishing.revision_of("c11-expand") == old


def test_a_changed_table_makes_new_revisions_of_the_items_that_stand_beside_it(context: Flask, loaded: Path) -> None:
    table, beside = next((item.stimulus, item) for _, item in publishing.items("practice") if item.stimulus)
    old = publishing.revision_of(beside.id)
    assert table and old
    stem = table.languages["en"].stem
    change(loaded, table.path, stem, stem.replace("|", "| 7 ", 1) if "|" in stem else stem + "\n\nMore.")
    publishing.load(loaded)
    new = publishing.revision_of(beside.id)
    assert new and new != old
    pinned, fresh = publishing.item(old).stimulus, publishing.item(new).stimulus
    assert pinned and fresh and pinned.languages["en"].stem == stem != fresh.languages["en"].stem


def test_a_broken_file_is_reported_keeps_its_last_version_and_the_rest_loads(context: Flask, loaded: Path) -> None:
    before = publishing.library().modules["C1.1"].languages["en"].source
    change(loaded, MODULE.format("en"), "---", "--")
    change(loaded, MODULE.format("hy"), "Ալրատուն", "Ալրատունը")
    report = publishing.load(loaded)
    assert [finding.path for finding in report.findings if "01-what-is-smm.en" in finding.path]
    assert report.revisions == 1
    assert publishing.library().modules["C1.1"].languages["en"].source == before


def test_a_bank_with_a_broken_item_is_refused_and_keeps_its_last_good_version(context: Flask, loaded: Path) -> None:
    before = publishing.items("practice", module="C1.1")
    good = (loaded / BANK).read_bytes()
    change(loaded, BANK, "type: short", "type: shrt")
    report = publishing.load(loaded)
    assert any(finding.path == BANK for finding in report.findings) and report.refused == (BANK,)
    assert publishing.items("practice", module="C1.1") == before
    publishing.save(loaded)
    assert (loaded / BANK).read_bytes() == good


def test_a_file_that_was_taken_away_leaves_the_shelf(context: Flask, loaded: Path) -> None:
    (loaded / PRETEST).unlink()
    assert publishing.load(loaded).withdrawn > 12
    assert publishing.items("pretest", course="C1") == []
    assert current("bank", PRETEST) is None


def test_the_database_holds_one_current_publication_of_an_entry(context: Flask) -> None:
    one = current("course", "C1")
    assert one
    copy = {name: getattr(one, name) for name in ("revision_id", "organisation_id", "kind", "key", "language", "path")}
    db.session.add(Publication(**copy))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_an_id_that_is_no_items_is_not_found(context: Flask) -> None:
    course = current("course", "C1")
    assert course
    for number in (course.revision_id, 2**31 - 1):
        with pytest.raises(Exception, match="404"):
            publishing.item(number)


def test_an_item_of_the_first_release_has_the_newest_head_of_its_own_bank(context: Flask) -> None:
    """The head was not kept beside the item then."""
    own, other = shipped_owner(), db.session.scalars(select(Organisation).filter_by(slug="aygi")).one().id
    settings = "```yaml\ntype: short\nsub: content.copy\n```"
    item = stored(own, "item", f"## gone\n\n{settings}\n\n### en\n\nWhat?\n\n- = x\n")
    for owner, pool in ((own, "pretest"), (own, "placement"), (other, "closed")):
        stored(owner, "bank", f"---\nbank: practice/gone\npool: {pool}\n---\n")
    assert publishing.item(item.id).pool == "placement"


def stored(owner: int, kind: str, source: str) -> Revision:
    path = "quizzes/practice/gone.md"
    row = Revision(organisation_id=owner, kind=kind, key="gone" if kind == "item" else path, path=path)
    row.source, row.sha256 = source.encode(), source[-64:]
    db.session.add(row)
    db.session.flush()
    return row
