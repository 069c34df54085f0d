"""Everything that can be said about the content without a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from lms.content.errors import Finding
from lms.content.model import Library
from lms.content.rules.banks import bank_findings
from lms.content.rules.blueprints import blueprint_findings
from lms.content.rules.conflicts import conflict_findings
from lms.content.rules.coverage import coverage_findings
from lms.content.rules.items import item_findings
from lms.content.rules.language import language_findings, passages
from lms.content.rules.modules import module_findings
from lms.content.rules.pools import pool_findings
from lms.content.spelling import spelling_findings


def check(
    library: Library, today: dt.date, *, spelling: bool = True, paths: Collection[str] | None = None
) -> tuple[Finding, ...]:
    """All findings about `library` on the day `today`, sorted by file and line. With `paths` only what stands in these
    files is looked at (and what cannot be read at all), at a cost that does not grow with the rest.

    `spelling` asks the morphological analyser as well (about words it has not read before: seven seconds to start).
    """
    found = {
        *library.findings,
        *module_findings(library, today, paths),
        *bank_findings(library, paths),
        *item_findings(library, today, paths),
        *pool_findings(library, paths),
        *blueprint_findings(library),
        *coverage_findings(library),
        *conflict_findings(library, paths),
        *language_findings(library, paths),
    }
    if spelling:
        found.update(spelling_findings(passages(library, paths), library.reference.allowed_words))
    return tuple(sorted(found))
