"""Everything that can be said about the content without a person: load findings first, then each rule."""

from __future__ import annotations

import datetime as dt

from lms.library.errors import Finding
from lms.library.model import Library


def check(library: Library, today: dt.date, *, spelling: bool = True) -> tuple[Finding, ...]:
    """All findings about `library` on the day `today`, sorted by file and line."""
    return tuple(sorted(library.findings))
