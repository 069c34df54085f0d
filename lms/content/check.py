"""Everything that can be said about the content without a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from lms.content.errors import Finding
from lms.content.model import Library
from lms.content.rules.banks import bank_findings
from lms.content.rules.blueprints import blueprint_findings
from lms.content.rules.conflicts import conflict_findings
from lms.content.rules.coverage import coverage_findings
from lms.content.rules.facts import fact_findings
from lms.content.rules.items import item_findings
from lms.content.rules.language import language_findings, passages
from lms.content.rules.modules import module_findings
from lms.content.rules.pools import pool_findings
from lms.content.spelling import spelling_findings


def check(
    library: Library, today: dt.date, *, spelling: bool = True, paths: Collection[str] | None = None
) -> tuple[Finding, ...]:
    """All findings about `library` on the day `today`, sorted by file and line. With `paths` only what stands in these
    files is looked at, and what can only be seen over whole pools and courses.

    `spelling` asks the morphological analyser as well (about words it has not read before: seven seconds to start).
    """
    findings = {*file_findings(library, today, paths), *pool_findings(library, paths), *coverage_findings(library)}
    if spelling:
        findings.update(spelling_findings(passages(library, paths), library.reference.allowed_words))
    return tuple(sorted(findings))


def file_findings(library: Library, today: dt.date, paths: Collection[str] | None = None) -> Iterator[Finding]:
    """What single files have to answer for (in `paths`), and all that cannot be read; each error stops its file. Costs
    what these files cost, however many there are."""
    yield from library.findings
    yield from module_findings(library, today, paths)
    yield from bank_findings(library, paths)
    yield from item_findings(library, today, paths)
    yield from blueprint_findings(library)
    yield from fact_findings(library, today, paths)
    yield from conflict_findings(library, paths)
    yield from language_findings(library, paths)
