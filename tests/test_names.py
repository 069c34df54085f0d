"""Names say what they are of, and the house's figures are counted right."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from lms.config import ROOT
from tests.bench.size import FORMATTER_OFF, size_of
from tests.source import is_no_noun, nodes

pytestmark = pytest.mark.xdist_group("house")  # one worker takes the files apart


# Databases out there have these names, and outside checks build the state of the selector with its own.
OUTSIDE = {"models.py": {"told"}, "attempt.py": {"known"}, "select.py": {"given"}}


def test_variables_are_named_by_what_they_hold() -> None:
    for path in sorted((ROOT / "lms").rglob("*.py")):
        named = {node.id if isinstance(node, ast.Name) else node.arg for node in nodes(path) if is_no_noun(node)}
        assert named <= OUTSIDE.get(path.name, set()), f"{path.relative_to(ROOT)}: {named} may be anything"


def test_no_two_classes_have_one_name() -> None:
    """Who reads `Step` must not have to look up whose."""
    files = (ROOT / "lms").rglob("*.py")
    names = Counter(node.name for path in files for node in nodes(path) if isinstance(node, ast.ClassDef))
    assert [name for name, count in names.items() if count > 1] == ["Meta"]  # wtforms' and marshmallow's own


def test_the_formatter_is_never_switched_off() -> None:
    """The first release did so in fifty places; code gets a shape that formats well."""
    places = [path for path in (ROOT / "lms").rglob("*.py") if FORMATTER_OFF in path.read_text("utf-8")]
    assert not places


def test_size_counts_code_and_neither_docstrings_nor_comments(tmp_path: Path) -> None:
    path = tmp_path / "one.py"
    path.write_text(
        '"""Prose."""\n\n\ndef double(x):\n    """More\n    prose."""\n    return 2 * x  # twice\n', "utf-8"
    )
    size = size_of([path])
    assert (size.files, size.functions, size.lines, size.tokens) == (1, 1, 2, 10)
