"""A platform fact that nobody can have looked up yet is told, at its line, and stops nothing."""

from __future__ import annotations

import datetime as dt

from lms.content import Library, check
from lms.content.rules.facts import PATH, fact_findings

DAY = dt.timedelta(days=1)


def test_a_day_that_lies_ahead_is_told_at_its_line(shipped: Library) -> None:
    last = max(fact.as_of for fact in shipped.reference.facts.values() if fact.as_of)
    assert not list(fact_findings(shipped, last, None))
    told = list(fact_findings(shipped, last - DAY, None))
    ahead = {fact.id for fact in shipped.reference.facts.values() if fact.as_of == last}
    lines = shipped.reference.sources[PATH].splitlines()
    assert len(told) == len(ahead) and {finding.severity for finding in told} == {"warning"}
    assert all(lines[finding.line - 1].strip() == f"as_of: '{last}'" for finding in told)
    assert {finding.message.split()[1].rstrip(":") for finding in told} == ahead
    assert all(finding.armenian for finding in told)


def test_the_check_asks_it_of_the_facts_own_file_alone(shipped: Library) -> None:
    early = dt.date(2000, 1, 1)
    codes = {finding.code for finding in check(shipped, early, spelling=False, paths={PATH})}
    assert "fact-ahead" in codes and not list(fact_findings(shipped, early, {"courses/c/course.yaml"}))
