"""The content as lines of tables: what the check finds, how items work, and what to look at first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _

from lms import clock, publishing
from lms.author.analysis import Worked
from lms.author.verdicts import Verdict, verdicts
from lms.content import Bank, Course, Finding, Item, Library, Module, check
from lms.content.questions import TYPES
from lms.web.i18n import language


@dataclass(frozen=True)
class ModuleLine:
    module: Module
    items: int
    errors: int
    warnings: int


@dataclass(frozen=True)
class ItemLine:
    """worked: None where nobody has answered; errors: findings in the item's section."""

    item: Item
    worked: Worked | None
    errors: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def misleads(self) -> bool:
        return any(verdict.misleads for verdict in self.verdicts)

    @property
    def trouble(self) -> tuple[int, int, int]:
        """Greater is worse: misleading answers, then what the check found, then what is only weak."""
        return sum(verdict.misleads for verdict in self.verdicts), len(self.errors), len(self.verdicts)


@dataclass(frozen=True)
class BankLine:
    """title: what it serves, in words; answers: first answers to all its items."""

    bank: Bank
    title: str
    items: tuple[ItemLine, ...]

    @property
    def answers(self) -> int:
        return sum(line.worked.n for line in self.items if line.worked)

    @property
    def misleading(self) -> int:
        return sum(line.misleads for line in self.items)

    @property
    def weak(self) -> int:
        return sum(bool(line.verdicts) and not line.misleads for line in self.items)

    @property
    def findings(self) -> int:
        return sum(len(line.errors) for line in self.items)


def findings() -> tuple[Finding, ...]:
    """What the check says today of the published content; spelling, which takes seconds, stays with the command."""
    library, today = publishing.library(), clock.now().date()
    closed = {bank.path for bank in library.banks.values() if not may_read(bank)}
    return tuple(finding for finding in _findings(library, today) if finding.path not in closed)


def _findings(library: Library, today: dt.date) -> tuple[Finding, ...]:
    known: tuple[Library, dt.date, tuple[Finding, ...]] | None = current_app.extensions.get("author_findings")
    if known is None or known[0] is not library or known[1] != today:
        known = library, today, check(library, today, spelling=False)
        current_app.extensions["author_findings"] = known
    return known[2]


def course_lines(course: Course) -> list[ModuleLine]:
    library = publishing.library()
    return [_line(library.modules[key], library) for key in course.modules if key in library.modules]


def _line(module: Module, library: Library) -> ModuleLine:
    paths = {text.path for text in module.languages.values()}
    paths |= {bank.path for bank in library.banks.values() if bank.module == module.id}
    found = [finding for finding in findings() if finding.path in paths]
    count = sum(item.answerable for item in library.items.values() if item.module == module.id)
    errors = sum(finding.severity == "error" for finding in found)
    return ModuleLine(module, count, errors, len(found) - errors)


def bank_lines(worked: Mapping[str, Worked]) -> list[BankLine]:
    """The bank with most to mend first; equal ones as the files stand."""
    lines = [
        BankLine(bank, bank_title(bank), tuple(item_lines(bank, worked)))
        for bank in publishing.library().banks.values()
        if may_read(bank)
    ]
    return sorted(lines, key=lambda line: (-line.misleading, -line.findings, -line.weak))


def may_read(bank: Bank) -> bool:
    """Closed keys are their owner's alone."""
    return bank.pool != "closed" or publishing.is_own("bank", bank.path)


def bank_title(bank: Bank) -> str:
    """What a bank serves, in the reader's language; its file name where nothing else is known."""
    library, names = publishing.library(), publishing.reference().framework.cell_names(language())
    last = bank.name.rsplit("/", 1)[-1]
    if bank.module and bank.module in library.modules:
        texts = library.modules[bank.module].languages
        return f"{bank.module} · {(texts.get(language()) or next(iter(texts.values()))).title}"
    if bank.pool == "pretest" and bank.course in library.courses:
        return f"{bank.course} · {_('pre-test')}"
    return names.get(last) or names.get(bank.name.rsplit("/", 2)[-2]) or bank.name


def item_lines(bank: Bank, worked: Mapping[str, Worked]) -> list[ItemLine]:
    """In file order."""
    return [item_line(bank, item, worked.get(item.id)) for item in bank.items if item.answerable]


def item_line(bank: Bank, item: Item, worked: Worked | None) -> ItemLine:
    return ItemLine(
        item, worked, tuple(_within(bank, item, findings())), tuple(verdicts(worked, TYPES[item.type].idle_options))
    )


def by_trouble(lines: Sequence[ItemLine]) -> list[ItemLine]:
    """What misleads most first, then the file's order."""
    return sorted(lines, key=lambda line: tuple(-count for count in line.trouble))


def _within(bank: Bank, item: Item, found: Sequence[Finding]) -> list[Finding]:
    """Findings whose line lies in the item's section."""
    end = item.line + item.source.count("\n")
    return [finding for finding in found if finding.path == bank.path and item.line <= finding.line <= end]
