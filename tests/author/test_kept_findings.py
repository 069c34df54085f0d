"""What the check said is asked for again only when the content, the day or the program is another."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from msgspec import structs

from lms.author import kept_findings
from lms.author.kept_findings import basis, findings_of_today
from lms.content import Finding
from lms.publishing.current_content import current_content

pytestmark = pytest.mark.one_engine
DAY = dt.date(2026, 11, 27)
SAID = (Finding("courses/a.md", 3, "code", "An “odd” line", "warning", "Տարօրինակ տող"), Finding("b.md", 1, "x", "y"))


@pytest.fixture
def read(context: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[dt.date]:
    """The days on which the check read the whole content."""
    monkeypatch.setitem(context.config, "HMUT_DATA", tmp_path)
    days: list[dt.date] = []

    def checked(_library: object, today: dt.date, **_how: object) -> tuple[Finding, ...]:
        days.append(today)
        return SAID

    monkeypatch.setattr(kept_findings, "check", checked)
    return days


def test_a_second_start_reads_nothing_and_says_the_same(context: Flask, read: list[dt.date]) -> None:
    again = [findings_of_today(DAY), findings_of_today(DAY)]
    assert read == [DAY] and again == [SAID, SAID]
    assert [finding.armenian for finding in again[1]] == [finding.armenian for finding in SAID]
    findings_of_today(DAY + dt.timedelta(days=1))
    assert read == [DAY, DAY + dt.timedelta(days=1)], "facts go past their date"


def test_what_was_kept_badly_is_read_anew(context: Flask, read: list[dt.date]) -> None:
    findings_of_today(DAY)
    (file,) = (context.config["HMUT_DATA"] / "findings").iterdir()
    assert file.stat().st_mode & 0o077 == 0
    for kept in ("", "[]", '{"basis": 1}', file.read_text()[:-9], file.read_text().replace("warning", "warning", 1)):
        file.write_text(kept)
        assert findings_of_today(DAY) == SAID
    assert len(read) == 5, "only what is whole counts"
    file.unlink()
    file.mkdir()  # nothing can be kept there
    assert findings_of_today(DAY) == SAID and len(read) == 6


def test_another_file_another_fact_or_another_program_is_another_basis(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = current_content()
    before = basis(content, DAY)
    name, unit = next(iter(content.units.items()))
    changed = replace(content, units={**content.units, name: replace(unit, sha256="0" * 64)})
    reference = content.library.reference
    key, fact = next(iter(reference.facts.items()))
    looked_up = replace(reference, facts={**reference.facts, key: structs.replace(fact, unit="another")})
    overlaid = replace(content, library=replace(content.library, reference=looked_up))
    assert len({before, basis(changed, DAY), basis(overlaid, DAY)}) == 3
    assert basis(replace(content), DAY) == before
    monkeypatch.setattr(kept_findings, "_program", lambda: "another")
    assert basis(content, DAY) != before
