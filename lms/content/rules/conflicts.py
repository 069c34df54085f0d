"""Lines that a merge left behind, in any content file."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from lms.content.errors import Finding
from lms.content.model import Library
from lms.content.source import conflicts
from lms.content.write_back import sources


def conflict_findings(library: Library, paths: Collection[str] | None = None) -> Iterator[Finding]:
    """All of them (in `paths`); a file that could not be read has said so itself."""
    for path, source in sources(library, paths).items():
        yield from conflicts(path, source)
