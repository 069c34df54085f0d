"""Templates and style sheets have one form: lines, the wrapper of tables, the way to a token, what a class means."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.config import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = sorted((ROOT / "lms" / "static").glob("*.css"))
COMMON = "hmut.css"  # what it says of a class, another sheet may say more of in its own places
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


@pytest.mark.parametrize("path", [*TEMPLATES, *SHEETS], ids=lambda path: path.name)
def test_lines_can_be_read(path: Path) -> None:
    long = [number for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if len(line) > 120]
    assert not long, f"{path.relative_to(ROOT)}: {long}"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_table_that_scrolls_and_a_token_are_written_in_one_way(path: Path) -> None:
    source = path.read_text("utf-8")
    assert 'class="scroll card"' not in source or path.name == "tables.html"
    assert 'name="csrf_token"' not in source, "a form's own hidden_tag(), or confirm().hidden_tag()"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_only_visible_texts_run_over_a_lines_end(path: Path) -> None:
    """A name that was broken like a text is another name, and fits nothing."""
    tags = re.findall(r"\{[{%].*?[%}]\}", path.read_text("utf-8"), re.DOTALL)
    broken = [string for tag in tags for string in re.findall(r'"[^"]*"', tag) if "\n" in string]
    assert not [string for string in broken if len(string.split()) < 3]


def rules(path: Path) -> Iterator[tuple[str, str]]:
    """(selector, declarations) of a sheet, without those for paper, which refine by intent."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r"@media print\s*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", text)
    for selectors, body in RULE.findall(text):
        for selector in selectors.split(","):
            yield " ".join(selector.split()), body


def test_a_class_means_the_same_in_every_sheet() -> None:
    """A bare `.name` is defined in one sheet alone, and no page's sheet begins a selector with another page's class."""
    defined: dict[str, set[str]] = defaultdict(set)
    begun: dict[str, set[str]] = defaultdict(set)
    for path in SHEETS:
        for selector, _ in rules(path):
            if match := re.fullmatch(r"\.([\w-]+)", selector):
                defined[match[1]].add(path.name)
            begun[(re.match(r"\.([\w-]+)", selector) or [None, ""])[1]].add(path.name)
    assert len(defined) > 100
    assert not {name: found for name, found in defined.items() if len(found) > 1 and name != "team"}
    own = {name: found - {COMMON} for name, found in begun.items() if name}
    assert not {name: found for name, found in own.items() if len(found) > 1 and COMMON not in begun[name]}


def test_a_message_is_no_child_of_the_readers_grid(signed_in: Callable[[str], FlaskClient]) -> None:
    trainee = signed_in("trainee")
    with trainee.session_transaction() as session:
        session["_flashes"] = [("message", "Kept.")]
    page = trainee.get("/courses/smm-foundations/what-is-smm").text
    head, _, reader = page.partition('<div class="reader">')
    assert "Kept." in head and 'class="prose"' in reader and '<main id="main" class="page "' in head


def test_a_page_with_many_forms_has_no_id_twice(app: Flask, signed_in: Callable[[str], FlaskClient]) -> None:
    trainee = signed_in("trainee")
    app.config["WTF_CSRF_ENABLED"] = True
    page = trainee.get("/courses/smm-foundations/what-is-smm").text
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids)) and page.count('name="csrf_token"') > 3
