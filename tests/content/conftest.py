"""The shipped library, read once, and a small tree to break."""

from __future__ import annotations

from pathlib import Path

import pytest

from lms.config import ROOT
from lms.content import Library, Reference, load
from tests.content.samples import tree


@pytest.fixture(scope="session")
def shipped() -> Library:
    return load(ROOT)


@pytest.fixture(scope="session")
def reference(shipped: Library) -> Reference:
    return shipped.reference


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tree(tmp_path)
