"""A small folder of real content that a test may change."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from lms import database as lms_database
from lms import publishing
from lms.config import ROOT
from lms.database import db
from tests import databases
from tests.cast import Cast

BANK = "quizzes/practice/smm-foundations/01-what-is-smm.md"
MODULE = "courses/smm-foundations/01-what-is-smm.{}.md"


@pytest.fixture(autouse=True)
def _may_write() -> Iterator[None]:
    """A request of the test client leaves its transaction mode in this thread."""
    yield
    lms_database.mode.reading.set(False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The first course's folder, its banks and the reference data."""
    target = tmp_path / "content"
    for folder in ("courses/smm-foundations", "quizzes/practice/smm-foundations", "quizzes/reference"):
        shutil.copytree(ROOT / folder, target / folder)
    return target


@pytest.fixture
def loaded(app: Flask, database: tuple[str, Cast], root: Path) -> Path:
    """The folder, published: nothing else is on the shelf. What that leaves in the database is kept for other tests."""

    def load() -> None:
        publishing.load(root)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()  # so that all is in SQLite's file

    with app.app_context():
        db.engine.dispose()
        databases.filled(database[0], "one_course", load)
    return root


def change(root: Path, path: str, old: str, new: str) -> None:
    """Replace text that must be there, keeping every other byte."""
    file = root / path
    source = file.read_bytes()
    assert old.encode() in source
    file.write_bytes(source.replace(old.encode(), new.encode(), 1))
