"""Ids are identity, paths are not: what a refused file took with it stays in force, wherever it went."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from lms import clock, publishing
from lms.app import create_app
from lms.config import ROOT
from lms.content.content_files import read_files
from lms.database import db
from lms.publishing.plan import Plan, plan
from lms.publishing.publish import shipped_owner
from tests.bench.publish import Files, copied, course_of
from tests.databases import settings

C50, C51, BANKS = "courses/c50/", "courses/c51/", "quizzes/practice/c50/"
Edit = Callable[[Files], None]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Files]]:
    """Two small courses on the shelf; what a test does there is undone."""
    folder = tmp_path_factory.mktemp("moves")
    below = ("quizzes/reference/", "courses/smm-foundations/", "quizzes/practice/smm-foundations/03")
    shipped = {path: data for path, data in read_files(ROOT).items() if path.startswith(below)}
    files = {path: data for path, data in shipped.items() if path.startswith("quizzes/reference/")}
    for course, modules in ((50, 2), (51, 1)):
        files |= course_of(shipped, course, modules)
        for number in range(1, modules + 1):
            files |= copied(shipped, course, number)
    app = create_app(settings(f"sqlite:///{folder / 'moves.db'}", folder))
    with app.app_context():
        db.create_all(None)
        report = publishing.publish(shipped_owner(), files)
        assert not report.findings
        db.session.commit()
        yield app, files


@pytest.fixture
def planned(published: tuple[Flask, Files]) -> Iterator[Callable[[Edit], Plan]]:
    def after(edit: Edit) -> Plan:
        files = dict(published[1])
        edit(files)
        return plan(shipped_owner(), files, clock.now().date())

    yield after
    db.session.rollback()


def gone(proposed: Plan) -> set[str]:
    return {unit.name[1] for unit in proposed.gone if unit.name[0] in ("course", "module", "item")}


def told(proposed: Plan, language: str = "en") -> str:
    return "\n".join(finding.said(language) for finding in proposed.findings)


def move(files: Files, old: str, new: str) -> None:
    """Every file whose path begins so."""
    for path in [path for path in files if path.startswith(old)]:
        files[new + path.removeprefix(old)] = files.pop(path)


def edit(files: Files, path: str, old: str, new: str) -> None:
    assert old.encode() in files[path]
    files[path] = files[path].replace(old.encode(), new.encode())


def moved_and_mended(files: Files) -> None:
    move(files, C50, "courses/c60/")
    edit(files, "courses/c60/course.yaml", "slug: c50", "slug: c60")
    move(files, BANKS, "quizzes/practice/c60/")
    for number in ("01", "02"):
        edit(files, f"quizzes/practice/c60/{number}-copy.md", "bank: practice/c50", "bank: practice/c60")


def moved_with_old_banks(files: Files) -> None:
    move(files, C50, "courses/c60/")
    edit(files, "courses/c60/course.yaml", "slug: c50", "slug: c60")
    move(files, BANKS, "quizzes/practice/c60/")


def moved_with_old_slug(files: Files) -> None:
    move(files, C50, "courses/c60/")


def module_renamed(files: Files) -> None:
    move(files, f"{C50}02-copy", f"{C50}02-new")
    edit(files, f"{C50}course.yaml", "02-copy", "02-new")


def bank_renamed(files: Files) -> None:
    move(files, f"{BANKS}02-copy", f"{BANKS}02-new")


def bank_in_capitals(files: Files) -> None:
    move(files, f"{BANKS}02-copy", f"{BANKS}02-Copy")


def swapped(files: Files) -> None:
    move(files, C50, "courses/x/")
    move(files, C51, C50)
    move(files, "courses/x/", C51)


def banks_swapped_and_one_mended(files: Files) -> None:
    first, second = f"{BANKS}01-copy.md", f"{BANKS}02-copy.md"
    files[first], files[second] = files[second], files[first]
    edit(files, first, "bank: practice/c50/02-copy", "bank: practice/c50/01-copy")


def split(files: Files) -> None:
    files["courses/c60/course.yaml"] = files[f"{C51}course.yaml"].replace(b"C51", b"C60").replace(b"c51", b"c60")
    move(files, f"{C50}02-copy", "courses/c60/01-copy")
    edit(files, f"{C50}course.yaml", "  - 02-copy\n", "")


def module_to_another_course(files: Files) -> None:
    move(files, f"{C50}02-copy", f"{C51}02-copy")
    edit(files, f"{C50}course.yaml", "  - 02-copy\n", "")
    edit(files, f"{C51}course.yaml", "  - 01-copy\n", "  - 01-copy\n  - 02-copy\n")


def practice_to_closed(files: Files) -> None:
    """Once with what is asked of a closed bank, once by the file's place alone."""
    move(files, f"{BANKS}02-copy.md", "quizzes/closed/c50.md")
    bank = "quizzes/closed/c50.md"
    edit(files, bank, "bank: practice/c50/02-copy", "bank: closed/c50")
    edit(files, bank, "pool: practice\ncourse: C50\nmodule: C50.2\n", "pool: closed\n")


def new_id_in_the_same_edit(files: Files) -> None:
    move(files, f"{C50}02-copy", "courses/c60/02-copy")
    edit(files, f"{C50}course.yaml", "  - 02-copy\n", "")
    for language in ("hy", "en"):
        edit(files, f"courses/c60/02-copy.{language}.md", "id: C50.2", "id: C60.2")


def item_to_a_bank_that_is_refused(files: Files) -> None:
    first, second = f"{BANKS}01-copy.md", f"{BANKS}02-copy.md"
    head, *items = files[first].split(b"\n## ")
    files[first] = b"\n## ".join([head, *items[:-1]])
    files[second] += b"\n## " + items[-1]
    edit(files, second, "type: ", "type: not-a-")


def language_missing(files: Files) -> None:
    del files[f"{C50}02-copy.hy.md"]


def moved_and_no_utf8(files: Files) -> None:
    files[f"{BANKS}02-new.md"] = files.pop(f"{BANKS}02-copy.md").decode().encode("utf-16")
    files[f"{C50}01-copy.hy.md"] = files[f"{C50}01-copy.hy.md"] + b"\xff"


def half_written(files: Files) -> None:
    whole = files.pop(f"{BANKS}02-copy.md")
    files["quizzes/practice/c50/02-new.md"] = whole[: len(whole) // 2]
    files[f"{BANKS}01-copy.md"] = b""


def empty_elsewhere(files: Files) -> None:
    move(files, BANKS, "quizzes/practice/c60/")
    move(files, C50, "courses/c60/")
    for path in [path for path in files if "/c60/" in path and path.endswith((".md", ".yaml"))]:
        files[path] = b""


def emptied_under_another_name(files: Files) -> None:
    del files[f"{BANKS}02-copy.md"]
    files[f"{BANKS}02-new.md"] = b""


def course_file_gone(files: Files) -> None:
    del files[f"{C50}course.yaml"]


def embedded_item_taken_away(files: Files) -> None:
    del files[f"{BANKS}02-copy.md"]


def figure_of_a_refused_module(files: Files) -> None:
    name = next(path for path in files if path.startswith(f"{C50}figures/") and path.encode()[-12:] in files[MODULE])
    move(files, name, f"{C50}figures/another.svg")
    for language in ("hy", "en"):
        path = f"{C50}02-copy.{language}.md"
        files[path] = files[path].replace(name.removeprefix(C50).encode(), b"figures/another.svg")
        edit(files, path, "minutes: ", "minutes: x")


MODULE = f"{C50}02-copy.en.md"
PUT = "moved or renamed? put `"
REFUSED: tuple[tuple[Edit, str], ...] = (
    (moved_with_old_banks, f"{PUT}bank: practice/c60/01-copy`"),
    (moved_with_old_slug, f"{PUT}slug: c60`"),
    (module_renamed, "put `slug: new` in both languages"),
    (bank_renamed, f"{PUT}bank: practice/c50/02-new`"),
    (bank_in_capitals, f"{PUT}bank: practice/c50/02-Copy`"),
    (swapped, f"{PUT}slug: c51`"),
    (banks_swapped_and_one_mended, f"{PUT}bank: practice/c50/02-copy`"),
    (split, "give it a new id here: then progress stays with C50.2"),
    (module_to_another_course, "give it a new id here: then progress stays with C50.2"),
    (practice_to_closed, "its key is known"),
    (new_id_in_the_same_edit, "needs its course.yaml"),
    (item_to_a_bank_that_is_refused, "what stands here went to quizzes/practice/c50/02-copy.md"),
    (language_missing, "this language of the module is missing"),
    (moved_and_no_utf8, "not valid UTF-8"),
    (half_written, "went to quizzes/practice/c50/02-new.md, which is refused"),
    (empty_elsewhere, "no front matter"),
    (emptied_under_another_name, "what stands here went to quizzes/practice/c50/02-new.md"),
    (course_file_gone, "needs its course.yaml"),
    (embedded_item_taken_away, "does not go with courses/c50/02-copy.en.md"),
    (figure_of_a_refused_module, "figures/"),
)


@pytest.mark.parametrize(("edit", "words"), REFUSED, ids=lambda value: getattr(value, "__name__", ""))
def test_nothing_is_withdrawn_because_of_a_refused_file(
    planned: Callable[[Edit], Plan], edit: Edit, words: str
) -> None:
    proposed = planned(edit)
    assert gone(proposed) == set()
    assert proposed.refused and words in told(proposed)
    assert edit is not moved_with_old_slug or f"{PUT}slug: c60`" in told(proposed).splitlines()[0], "the cause first"


def test_what_moved_and_was_mended_is_published_there(planned: Callable[[Edit], Plan]) -> None:
    proposed = planned(moved_and_mended)
    assert not proposed.findings and not gone(proposed)
    assert [(rename.slug, rename.new) for rename in proposed.renames] == [("c50", "c60")]
    assert {unit.path for unit in proposed.publish if unit.kind == "item"} == {
        f"quizzes/practice/c60/{number}-copy.md" for number in ("01", "02")
    }
