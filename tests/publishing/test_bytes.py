"""File -> database -> file is byte-identical, whatever an editor, a person or Git did to the file."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms import publishing
from lms.config import ROOT
from lms.content.content_files import read_files
from lms.database import db
from lms.publishing.files import saved_files

pytestmark = pytest.mark.both_engines

FILES = (
    "courses/smm-foundations/course.yaml",
    "courses/smm-foundations/01-what-is-smm.hy.md",
    "courses/smm-foundations/01-what-is-smm.en.md",
    "quizzes/practice/smm-foundations/01-what-is-smm.md",
)
QUIRKS = (
    "\r\n",
    "\n\n\n",
    "   \n",
    "\t",
    " # note\n",
    "\u00a0",
    "е",
    "## \n",
    "### hy\n",
    "```\n",
    "---\n",
    "և՞",
    "\u2028",
)

edit = st.tuples(st.sampled_from(FILES), st.floats(0, 1), st.sampled_from(QUIRKS))
whole = st.sampled_from(("as it is", "crlf", "no last newline"))


@pytest.fixture
def before(context: Flask, loaded: Path) -> Mapping[str, bytes]:
    """One whole course, and nothing else: to withdraw all others costs twenty times what an edited file does."""
    return saved_files()


@given(edits=st.lists(edit, max_size=4), ends=whole)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_loaded_is_saved_byte_for_byte(
    before: Mapping[str, bytes], root: Path, edits: list[tuple[str, float, str]], ends: str
) -> None:
    _write(root, edits, ends)
    with tempfile.TemporaryDirectory() as out:
        report = publishing.load(root)
        publishing.save(Path(out))
        db.session.rollback()
        given_files, saved = read_files(root), read_files(Path(out))
    broken = {finding.path for finding in report.findings}
    for path in given_files.keys() | saved.keys():
        if saved.get(path) != given_files.get(path):
            assert path in broken | _below(broken), f"{path} was read and came back otherwise"
            assert saved[path] == before[path], "what cannot be read keeps its last good version"


def _below(broken: set[str]) -> set[str]:
    """Where course.yaml cannot be read, its modules cannot either."""
    return set(FILES[1:3]) if FILES[0] in broken else set()


def _write(root: Path, edits: list[tuple[str, float, str]], ends: str) -> None:
    for path in FILES:
        shutil.copyfile(ROOT / path, root / path)
    for path, where, quirk in edits:
        source = (root / path).read_text(encoding="utf-8")
        at = int(where * len(source))
        (root / path).write_bytes((source[:at] + quirk + source[at:]).encode())
    for path in FILES:
        source = (root / path).read_bytes()
        changed = {"crlf": source.replace(b"\n", b"\r\n"), "no last newline": source.rstrip(b"\n")}.get(ends, source)
        (root / path).write_bytes(changed)


def test_every_shipped_file_comes_back(context: Flask, tmp_path: Path) -> None:
    for path, source in (shipped := read_files(ROOT)).items():
        (tmp_path / "in" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / path).write_bytes(source)
    publishing.load(tmp_path / "in")
    publishing.save(tmp_path / "out")
    assert read_files(tmp_path / "out") == shipped
    assert publishing.save(tmp_path / "out") == 0, "a second save finds nothing to write"
