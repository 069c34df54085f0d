"""Plain figures about the content, and the findings that belong to each file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app

from lms import clock, shelf
from lms.library import Bank, Course, Finding, Item, Library, Module, check
from lms.record.statistics import Fared

ENOUGH = 30  # first answers below which p says little


@dataclass(frozen=True)
class ModuleLine:
    module: Module
    items: int
    errors: int
    warnings: int


@dataclass(frozen=True)
class ItemLine:
    """expected: the authors' p for people just at the item's level; hint: what a reader should look at, or ''."""

    item: Item
    fared: Fared | None
    errors: tuple[Finding, ...]

    @property
    def hint(self) -> str:
        if self.fared is None or self.fared.n < ENOUGH:
            return "few"
        if self.fared.p < 0.2 or self.fared.p > 0.95:
            return "extreme"
        return ""


def findings() -> tuple[Finding, ...]:
    """What the check says today of the published content; spelling, which takes seconds, stays with the command."""
    library, today = shelf.library(), clock.now().date()
    known: tuple[Library, dt.date, tuple[Finding, ...]] | None = current_app.extensions.get("author_findings")
    if known is None or known[0] is not library or known[1] != today:
        known = library, today, check(library, today, spelling=False)
        current_app.extensions["author_findings"] = known
    return known[2]


def course_lines(course: Course) -> list[ModuleLine]:
    library = shelf.library()
    return [_line(library.modules[key], library) for key in course.modules if key in library.modules]


def _line(module: Module, library: Library) -> ModuleLine:
    paths = {text.path for text in module.languages.values()}
    paths |= {bank.path for bank in library.banks.values() if bank.module == module.id}
    found = [finding for finding in findings() if finding.path in paths]
    count = sum(item.answerable for item in library.items.values() if item.module == module.id)
    errors = sum(finding.severity == "error" for finding in found)
    return ModuleLine(module, count, errors, len(found) - errors)


def item_lines(bank: Bank, fared: dict[str, Fared]) -> list[ItemLine]:
    return [
        ItemLine(item, fared.get(item.id), tuple(_within(bank, item, findings())))
        for item in bank.items
        if item.answerable
    ]


def _within(bank: Bank, item: Item, found: Sequence[Finding]) -> list[Finding]:
    """Findings whose line lies in the item's section."""
    end = item.line + item.source.count("\n")
    return [finding for finding in found if finding.path == bank.path and item.line <= finding.line <= end]
