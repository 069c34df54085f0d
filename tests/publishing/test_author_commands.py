"""An author's commands: frames that can be read at once, ids to look up, the check of one place, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from lms import clock, content
from lms.author.kept_findings import findings_of_today
from lms.config import ROOT
from lms.content import Finding, Library, load
from lms.content.new_content import item_text, with_module
from lms.content.questions import TYPES
from tests.publishing.conftest import BANK, MODULE, change

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(app: Flask) -> Run:
    def invoke(*arguments: object) -> tuple[int, str]:
        done = app.test_cli_runner().invoke(args=["content", *map(str, arguments)])
        return done.exit_code, done.output

    return invoke


def test_a_new_course_and_module_are_drafts_without_an_error(run: Run, root: Path) -> None:
    assert run("new", "course", "C20", "tea-house", "--root", root)[0] == 0
    code, told = run("new", "module", "C20", "second-line", "--root", root)
    assert code == 0 and "names 02-second-line" in told
    library = load(root)
    assert library.courses["C20"].modules == ("C20.1", "C20.2")
    folder = root / "courses" / "tea-house"
    bank = root / "quizzes" / "practice" / "tea-house"
    for place in (folder, bank):
        code, told = run("check", "--draft", "--no-spelling", place)
        assert code == 0, told
    code, told = run("check", "--no-spelling", bank)
    assert code == 1 and "expected at least 12" in told


def test_nothing_that_is_there_is_written_over(run: Run, root: Path) -> None:
    before = (root / BANK).read_bytes()
    assert "is taken" in run("new", "course", "C1", "smm-foundations", "--root", root)[1]
    assert "there already" in run("new", "course", "C20", "smm-foundations", "--root", root)[1]
    assert (root / BANK).read_bytes() == before


@pytest.mark.parametrize("kind", TYPES)
def test_a_new_item_of_every_type_can_be_read(run: Run, root: Path, kind: str) -> None:
    bank = root / BANK
    code, told = run("new", "item", kind, "c11-new", "--bank", bank)
    assert code == 0, told
    assert load(root).items["c11-new"].type == kind
    code, told = run("check", "--draft", "--no-spelling", bank)
    assert code == 0, told


def test_an_item_is_printed_where_no_bank_is_named(run: Run) -> None:
    assert run("new", "item", "short", "c11-x")[1] == item_text("short", "c11-x")


def test_a_course_that_lists_its_modules_in_one_line_is_not_touched() -> None:
    with pytest.raises(ValueError, match="one a line"):
        with_module("id: C1\nmodules: [01-a]\n", "02-b")
    assert with_module("modules:\n  - 01-a\nlevel: 1\n", "02-b") == "modules:\n  - 01-a\n  - 02-b\nlevel: 1\n"
    assert with_module("modules:\n  - 01-a", "02-b") == "modules:\n  - 01-a\n  - 02-b\n"


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("sub", "content.copy  "),
        ("fact", "instagram.caption_max  Maximum caption length, until "),
        ("metric", "er_reach  Engagement rate by reach"),
        ("claim", "S02.1  "),
        ("course", "C1  SMM foundations"),
        ("module", "C1.1  What SMM is"),
        ("item", "c11-expand  " + BANK),
    ],
)
def test_ids_of_every_kind_are_listed(run: Run, root: Path, kind: str, line: str) -> None:
    # The reference data is the shipped one; courses and items are those of the folder.
    code, told = run("ids", kind, "--root", root)
    assert code == 0 and any(one.startswith(line) for one in told.splitlines()), told


def test_one_place_is_checked_and_the_rest_left_alone(run: Run, root: Path) -> None:
    change(root, BANK, "sub: content.copy", "sub: content.cpy")
    change(root, MODULE.format("en"), "{{item:", "{{item:no-such-")
    code, told = run("check", "--no-spelling", root / BANK)
    assert code == 1 and "did you mean content.copy" in told
    assert "no-such-" not in told and all(BANK in line for line in told.splitlines()[:-1])


def test_errors_come_first_and_in_the_authors_language(run: Run, root: Path) -> None:
    change(root, BANK, "sub: content.copy", "sub: content.cpy")
    code, told = run("check", "--no-spelling", "--language", "hy", root)
    lines = told.splitlines()
    assert code == 1 and "ենթակարողություն չկա" in told and "սխալ՝" in lines[-1]
    warned = ["(զգուշացում)" in line for line in lines[:-1]]
    assert warned == sorted(warned)


def test_a_path_outside_of_every_content_folder_is_told(run: Run, tmp_path: Path) -> None:
    code, told = run("check", tmp_path)
    assert code == 1 and "stands in no folder" in told


def test_the_programs_own_content_is_checked_where_no_path_is_named(
    run: Run, context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And has no error: the check takes seconds, so what it has said to the instructor's page today will do."""
    findings = findings_of_today(clock.now().date())
    looked: list[tuple[object, ...]] = []

    def check(library: Library, today: date, *, spelling: bool, paths: object) -> Sequence[Finding]:
        looked.append((library.modules.keys(), library.items.keys(), spelling, paths))
        return findings

    monkeypatch.setattr(content, "check", check)
    code, told = run("check", "--no-spelling")
    assert code == 0 and f"{len(findings)} warnings" in told, told
    assert looked == [(load(ROOT).modules.keys(), load(ROOT).items.keys(), False, None)]
