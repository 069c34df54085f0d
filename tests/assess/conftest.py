"""Fixtures of this room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lms import db


@pytest.fixture(autouse=True)
def _may_write() -> Iterator[None]:
    """A request of the test client leaves its transaction mode in this thread."""
    yield
    db._reading.set(False)
