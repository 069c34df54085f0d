"""What is decided about a table that holds people's data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Table

from lms.content.text import Text
from lms.privacy.subject import Subject

DELETED, BLANKED, KEPT = "deleted", "blanked", "kept"
MOVED = "moved"  # kept under a new number that nothing leads to; only answers, and only when made anonymous


@dataclass(frozen=True)
class Holding:
    """Rows of a table that are a person's. erased, anonymised: what becomes of them by either act; blank: new values
    of a row that outlives its person; withheld, stays: columns with the reason why; covered: what of a column is handed
    out in its place."""

    title: Text
    belongs: Callable[[Table, Subject], ColumnElement[bool]]
    erased: str = DELETED
    anonymised: str = DELETED
    why: Text | None = None
    blank: Callable[[Table, Subject], Mapping[str, Any]] = lambda _table, _subject: {}
    withheld: Mapping[str, Text] = field(default_factory=dict)
    stays: Mapping[str, str] = field(default_factory=dict)
    covered: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
