"""A small folder of real content that a test may change."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms import database
from lms.config import ROOT

BANK = "quizzes/practice/smm-foundations/01-what-is-smm.md"
MODULE = "courses/smm-foundations/01-what-is-smm.{}.md"


@pytest.fixture(autouse=True)
def _may_write() -> Iterator[None]:
    """A request of the test client leaves its transaction mode in this thread."""
    yield
    database.mode.reading.set(False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The first course's folder, its banks and the reference data."""
    target = tmp_path / "content"
    for folder in ("courses/smm-foundations", "quizzes/practice/smm-foundations", "quizzes/reference"):
        shutil.copytree(ROOT / folder, target / folder)
    return target


def change(root: Path, path: str, old: str, new: str) -> None:
    """Replace text that must be there, keeping every other byte."""
    file = root / path
    source = file.read_bytes()
    assert old.encode() in source
    file.write_bytes(source.replace(old.encode(), new.encode(), 1))
