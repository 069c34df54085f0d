"""What the check rejects is not published; ids are identity; what goes is told with whom it touches."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock, evidence, publishing
from lms.content.content_files import read_files
from lms.database import db
from lms.learn.models import Reading
from lms.publishing import load_commands
from lms.publishing.models import Publication
from tests.cast import Cast
from tests.publishing.conftest import BANK, MODULE, change

COURSE = "courses/smm-foundations/course.yaml"
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(app: Flask) -> Run:
    def invoke(*arguments: str) -> tuple[int, str]:
        done = app.test_cli_runner().invoke(args=["content", *arguments])
        return done.exit_code, done.output

    return invoke


def has_read(app: Flask, person: int, module: str) -> None:
    with app.app_context():
        db.session.add(Reading(person_id=person, module=module, reached=3, anchor="", read_at=clock.now()))
        db.session.commit()


def current_paths(app: Flask) -> set[str]:
    with app.app_context():
        return set(db.session.scalars(select(Publication.path).where(Publication.withdrawn_at.is_(None))))


@pytest.mark.parametrize(
    ("path", "old", "new", "code"),
    [
        (BANK, "sub: content.copy", "sub: content.community", "unknown-id"),
        (MODULE.format("en"), "{{item:", "{{item:no-such-", "unknown-id"),
        (MODULE.format("hy"), "{#idea}", "", "parts"),
        (COURSE, "level: ", "level: 9", "schema"),
    ],
)
def test_a_file_with_errors_is_refused_with_its_place_and_the_rest_is_published(
    run: Run, loaded: Path, app: Flask, path: str, old: str, new: str, code: str
) -> None:
    with app.app_context():
        good = publishing.library()
    change(loaded, path, old, new)
    change(loaded, "courses/smm-foundations/02-smm-vs-traditional.en.md", "title: ", "title: New ")
    status, output = run("load", str(loaded))
    assert status == 1
    assert f"{path}:" in output and f" {code}: " in output
    assert f"{path}: refused, its last good version stays" in output
    with app.app_context():
        now = publishing.library()
        assert now.modules["C1.2"].languages["en"].title.startswith("New ")
        assert now.modules["C1.1"] is good.modules["C1.1"] and now.banks[BANK] is good.banks[BANK]
        assert now.courses["C1"] == good.courses["C1"]


def test_errors_that_show_in_the_other_language_stop_the_file_that_changed(run: Run, loaded: Path, app: Flask) -> None:
    change(loaded, MODULE.format("hy"), "minutes: ", "minutes: 1")  # the english file, unchanged, is told to differ
    status, output = run("load", str(loaded))
    assert status == 1 and f"{MODULE.format('hy')}: refused" in output
    with app.app_context():
        assert publishing.library().modules["C1.1"].minutes < 100


def test_who_needs_a_refused_file_is_refused_with_it(run: Run, loaded: Path) -> None:
    change(loaded, BANK, "## c11-expand", "## c11-new")
    change(loaded, BANK, "type: short", "type: shrt")
    change(loaded, MODULE.format("en"), "{{item:", "{{item:c11-new}}\n\n{{item:")
    change(loaded, MODULE.format("hy"), "{{item:", "{{item:c11-new}}\n\n{{item:")
    _, output = run("load", str(loaded))
    for path in (BANK, MODULE.format("en"), MODULE.format("hy")):
        assert f"{path}: refused" in output


def test_a_dry_run_names_what_would_be_published_and_go_and_whom_it_touches(
    run: Run, loaded: Path, app: Flask, cast: Cast
) -> None:
    has_read(app, cast.trainee, "C1.2")
    has_read(app, cast.candidate, "C1.2")
    before = current_paths(app)
    drop_module(loaded)
    change(loaded, MODULE.format("en"), "title: ", "title: New ")
    _, output = run("load", str(loaded), "--dry-run")
    assert "publish: module C1.1 en" in output
    assert "would go: module C1.2" in output and "2 people" in output
    assert current_paths(app) == before


def test_people_who_would_lose_something_are_asked_about_first(
    run: Run, loaded: Path, app: Flask, cast: Cast, signed_in: Callable[[str], FlaskClient]
) -> None:
    has_read(app, cast.trainee, "C1.2")
    with app.app_context():
        key = publishing.items("practice", module="C1.2")[0][1].id
    before = current_paths(app)
    drop_module(loaded)
    status, output = run("load", str(loaded))
    assert status == 1 and "--yes" in output and "1 people" in output
    assert current_paths(app) == before, "without a terminal nothing goes unless it is said"
    run("load", str(loaded), "--yes")
    assert not any("02-smm-vs-traditional" in path for path in current_paths(app))
    page = signed_in("instructor").get(f"/content/items/{key}")
    assert page.status_code == 200 and 'class="key"' in page.text, "a withdrawn item has a page that says so"
    with app.app_context():
        assert key in evidence.seen_keys(cast.ids["instructor"])


def drop_module(root: Path, stem: str = "02-smm-vs-traditional") -> None:
    """A module with its bank, as an author would take it out."""
    change(root, COURSE, f"  - {stem}\n", "")
    for path in root.glob(f"*/**/{stem}*"):
        path.unlink()


def test_a_changed_id_is_told_as_another_module_and_progress_stays_with_the_first(
    run: Run, loaded: Path, app: Flask, cast: Cast
) -> None:
    has_read(app, cast.trainee, "C1.1")
    for language in ("hy", "en"):
        change(loaded, MODULE.format(language), "id: C1.1\n", "id: C1.77\n")
    change(loaded, BANK, "module: C1.1\n", "module: C1.77\n")
    _, output = run("load", str(loaded), "--dry-run")
    assert "the id C1.1 became C1.77" in output and "identity" in output
    assert "would go: module C1.1 " in output and "1 people" in output


def test_a_renamed_module_and_course_keep_their_old_addresses_and_progress(
    run: Run, loaded: Path, app: Flask, cast: Cast, signed_in: Callable[[str], FlaskClient]
) -> None:
    has_read(app, cast.trainee, "C1.1")
    for language in ("hy", "en"):
        change(loaded, MODULE.format(language), "slug: what-is-smm", "slug: smm-in-short")
        (loaded / MODULE.format(language)).rename(loaded / f"courses/smm-foundations/01-smm-in-short.{language}.md")
    change(loaded, COURSE, "01-what-is-smm", "01-smm-in-short")
    status, output = run("load", str(loaded))
    assert status == 0, output
    assert "module C1.1: the address what-is-smm became smm-in-short" in output and "goes: module" not in output
    client = signed_in("trainee")
    moved = client.get("/courses/smm-foundations/what-is-smm")
    assert moved.status_code == 307 and moved.location == "/courses/smm-foundations/smm-in-short"
    assert client.get(moved.location).status_code == 200
    assert client.get("/courses/smm-foundations/never-was").status_code == 404
    change(loaded, COURSE, "slug: smm-foundations", "slug: foundations")
    (loaded / "courses/smm-foundations").rename(loaded / "courses/foundations")
    assert run("load", str(loaded))[0] == 0
    again = client.get("/courses/smm-foundations/what-is-smm", follow_redirects=True)
    assert again.status_code == 200 and again.request.path == "/courses/foundations/smm-in-short"
    with app.app_context():
        assert db.session.scalars(select(Reading.module).filter_by(person_id=cast.trainee)).all() == ["C1.1"]


def test_going_back_to_an_earlier_text_is_found_again(context: Flask, loaded: Path) -> None:
    change(loaded, MODULE.format("en"), "Alratun", "Qwertyuiop")
    publishing.load(loaded)
    change(loaded, MODULE.format("en"), "Qwertyuiop", "Alratun")
    publishing.load(loaded)
    assert ("C1.1", "en") in {(hit.module, hit.language) for hit in publishing.search("Alratun", "en")}
    with context.test_request_context():
        assert "Alratun" in publishing.rendered("C1.1", "en").plain


def test_a_course_that_moves_while_its_banks_name_the_old_place_stays_whole_for_those_in_the_middle_of_it(
    run: Run, loaded: Path, app: Flask, cast: Cast, signed_in: Callable[[str], FlaskClient]
) -> None:
    has_read(app, cast.trainee, "C1.1")
    with app.app_context():
        before = {item.id for _, item in publishing.items("practice", course="C1")}
    (loaded / "courses/smm-foundations").rename(loaded / "courses/foundations")
    change(loaded, "courses/foundations/course.yaml", "slug: smm-foundations", "slug: foundations")
    (loaded / "quizzes/practice/smm-foundations").rename(loaded / "quizzes/practice/foundations")
    status, output = run("load", str(loaded), "--language", "hy")
    assert status == 1 and "տեղափոխե՞լ կամ վերանվանե՞լ եք. գրեք `bank: practice/foundations/01-what-is-smm`" in output
    assert "հանվում է՝ item" not in output and "հանվում է՝ module" not in output
    client = signed_in("trainee")
    page = client.get("/courses/smm-foundations/what-is-smm", follow_redirects=True)
    assert page.status_code == 200 and page.request.path == "/courses/foundations/what-is-smm"
    with app.app_context():
        assert {item.id for _, item in publishing.items("practice", course="C1")} == before
    for bank in (loaded / "quizzes/practice/foundations").iterdir():
        bank.write_bytes(bank.read_bytes().replace(b"bank: practice/smm-", b"bank: practice/"))
    status, output = run("load", str(loaded))
    assert status == 0 and "refused" not in output and "goes: item" not in output
    with app.app_context():
        assert {item.id for _, item in publishing.items("practice", course="C1")} == before


def test_whoever_loads_second_withdraws_nothing_that_was_not_asked_about(
    run: Run, loaded: Path, app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_read(app, cast.trainee, "C1.2")
    has_read(app, cast.trainee, "C1.3")
    drop_module(loaded, "02-smm-vs-traditional")
    before = current_paths(app)

    def meanwhile(*_: object) -> None:
        """While somebody thinks, nobody's save waits: another connection may write. The folder loses one more."""
        with sqlite3.connect(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"), timeout=0) as other:
            other.execute("BEGIN IMMEDIATE")
        drop_module(loaded, "03-value-for-business")
        monkeypatch.setattr(load_commands, "load_files", lambda owner, _: publishing.publish(owner, read_files(loaded)))

    monkeypatch.setattr(load_commands, "_ask", meanwhile)
    status, output = run("load", str(loaded))
    assert status == 1 and "more would be withdrawn than was asked about: module C1.3" in output
    assert current_paths(app) == before
