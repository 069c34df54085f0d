"""docs/content-format.md is enough: a course written from its blocks alone is checked and loaded without an error."""

from __future__ import annotations

import ast
import datetime as dt
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest
from flask import Flask

from lms import publishing
from lms.config import ROOT
from lms.content import check, load
from lms.content.front_matter import BankFront, CourseFront, ItemFront, ModuleFront
from lms.content.questions import TYPES
from lms.content.schema import _fields

PAGE = (ROOT / "docs" / "content-format.md").read_text("utf-8")
BLOCK = re.compile(r"^(?P<fence>`{3,})\w+ (?P<path>\S+)\n(?P<text>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)
TODAY = dt.date(2026, 11, 27)


def write_page(root: Path) -> Path:
    """The files of the page below `root`: blocks of one path follow one another."""
    for block in BLOCK.finditer(PAGE):
        file = root / block["path"]
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as opened:
            opened.write(block["text"])
    return root


@pytest.fixture
def written(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "quizzes" / "reference", tmp_path / "quizzes" / "reference")
    return write_page(tmp_path)


def test_the_course_of_the_page_has_no_error_and_an_item_of_every_type(written: Path) -> None:
    library = load(written)
    errors = [str(one) for one in check(library, TODAY, spelling=False) if one.severity == "error"]
    assert not errors, "\n".join(errors)
    assert {item.type for item in library.items.values()} == set(TYPES)
    assert set(library.courses) == {"C20"} and set(library.modules) == {"C20.1"}


def test_its_warnings_are_only_those_that_a_short_example_must_have(written: Path) -> None:
    warnings = {one.code for one in check(load(written), TODAY, spelling=False)}
    assert warnings <= {"words", "fact-due"}


def test_the_course_of_the_page_is_loaded(context: Flask, written: Path) -> None:
    report = publishing.load(written)
    assert not report.refused and not report.findings, report.findings
    assert publishing.library().modules["C20.1"].slug == "first-line"


def codes() -> Iterator[str]:
    """The names of findings, wherever the content room makes one."""
    source = "".join(path.read_text("utf-8") for path in (ROOT / "lms" / "content").rglob("*.py"))
    yield from re.findall(r'(?:Finding\(|told\(|report\(|ContentError\(|_at\(item,|Remark\()[^"\n]*"([a-z-]+)"', source)
    yield from re.findall(r'^ +"([a-z]+-[a-z-]+|yev|quotes)",$', source, re.MULTILINE)


def test_every_finding_is_on_the_page() -> None:
    found = set(codes()) - {"error", "warning"}
    assert len(found) > 25
    assert not {code for code in found if f"`{code}`" not in PAGE}


@pytest.mark.parametrize("shape", [CourseFront, ModuleFront, BankFront, ItemFront, *(t.front for t in TYPES.values())])
def test_every_key_is_on_the_page(shape: type) -> None:
    assert not [key for key in _fields(shape) if f"`{key}`" not in PAGE]


def test_every_code_of_a_finding_is_on_the_page() -> None:
    files = [*(ROOT / "lms/content").rglob("*.py"), *(ROOT / "lms/publishing").rglob("*.py")]
    calls = [node for path in files for node in ast.walk(ast.parse(path.read_text("utf-8"))) if is_finding(node)]
    codes = {code.value for call in calls if isinstance(code := call.args[2], ast.Constant)}
    assert len(codes) > 20
    assert not [code for code in codes if f"`{code}`" not in PAGE]


def is_finding(node: ast.AST) -> TypeGuard[ast.Call]:
    """A call of `Finding.bilingual`, whose third argument is the code."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "bilingual"
