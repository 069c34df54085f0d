"""The content as lines of tables: what the check finds, how items work, and what to look at first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from lms import clock, evidence, publishing
from lms.author.item_statistics import ItemStatistics
from lms.author.kept_findings import findings_of_today
from lms.author.verdicts import ItemVerdict, drift_verdict, verdicts
from lms.content import Bank, Course, Finding, Item, Library, Module
from lms.content.questions import TYPES
from lms.web.i18n import language

PAGE = 10  # banks
Drifts = Mapping[int, Mapping[str, Any]]  # of anchors that moved, by revision
ByPath = Mapping[str, Sequence[Finding]]


@dataclass(frozen=True)
class ModuleLine:
    module: Module
    items: int
    errors: int
    warnings: int


@dataclass(frozen=True)
class ItemLine:
    """statistics: None where nobody has answered; errors: findings in the item's section."""

    item: Item
    statistics: ItemStatistics | None
    errors: tuple[Finding, ...]
    verdicts: tuple[ItemVerdict, ...]

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
        return sum(line.statistics.n for line in self.items if line.statistics)

    @property
    def misleading(self) -> int:
        return sum(line.misleads for line in self.items)

    @property
    def weak(self) -> int:
        return sum(bool(line.verdicts) and not line.misleads for line in self.items)

    @property
    def findings(self) -> int:
        return sum(len(line.errors) for line in self.items)


@dataclass(frozen=True)
class BankWindow:
    """A page of the banks; number: of the page, from 1."""

    lines: Sequence[BankLine]
    number: int
    pages: int


def window(lines: Sequence[BankLine], number: int) -> BankWindow:
    """That page of them, or the nearest there is."""
    pages = max(1, -(-len(lines) // PAGE))
    number = min(max(number, 1), pages)
    return BankWindow(lines[(number - 1) * PAGE : number * PAGE], number, pages)


def findings() -> tuple[Finding, ...]:
    """What the check says today of the published content; spelling, which takes seconds, stays with the command."""
    library, today = publishing.library(), clock.now().date()
    closed = {bank.path for bank in library.banks.values() if not may_read(bank)}
    return tuple(finding for finding in _findings(library, today) if finding.path not in closed)


def _findings(library: Library, today: dt.date) -> tuple[Finding, ...]:
    entry: tuple[Library, dt.date, tuple[Finding, ...]] | None = current_app.extensions.get("author_findings")
    if entry is None or entry[0] is not library or entry[1] != today:
        entry = library, today, findings_of_today(today)
        current_app.extensions["author_findings"] = entry
    return entry[2]


def by_path(findings: Iterable[Finding]) -> ByPath:
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        grouped.setdefault(finding.path, []).append(finding)
    return grouped


def course_lines(course: Course, findings: ByPath) -> list[ModuleLine]:
    """told: what the check says (`findings`, grouped once a page)."""
    library = publishing.library()
    return [_line(library.modules[key], library, findings) for key in course.modules if key in library.modules]


def _line(module: Module, library: Library, findings: ByPath) -> ModuleLine:
    paths = {text.path for text in module.languages.values()}
    paths |= {bank.path for bank in library.banks.values() if bank.module == module.id}
    in_module = [finding for path in paths for finding in findings.get(path, ())]
    count = sum(item.answerable for item in library.items.values() if item.module == module.id)
    errors = sum(finding.severity == "error" for finding in in_module)
    return ModuleLine(module, count, errors, len(in_module) - errors)


def bank_lines(statistics: Mapping[str, ItemStatistics], findings: ByPath) -> list[BankLine]:
    """The bank with most to mend first; equal ones as the files stand."""
    drifts = evidence.drifts()
    lines = [
        BankLine(bank, bank_title(bank), tuple(_item_lines(bank, statistics, findings, drifts)))
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


def item_lines(bank: Bank, statistics: Mapping[str, ItemStatistics], findings: ByPath) -> list[ItemLine]:
    """In file order."""
    return _item_lines(bank, statistics, findings, evidence.drifts())


def _item_lines(
    bank: Bank, statistics: Mapping[str, ItemStatistics], findings: ByPath, drifts: Drifts
) -> list[ItemLine]:
    here = findings.get(bank.path, ())
    return [
        _item_line(item, statistics.get(item.id), here, drifts.get(publishing.revision_of(item.id) or 0))
        for item in bank.items
        if item.answerable
    ]


def _item_line(
    item: Item, statistics: ItemStatistics | None, of_bank: Sequence[Finding], drift: Mapping[str, Any] | None
) -> ItemLine:
    return ItemLine(
        item=item,
        statistics=statistics,
        errors=tuple(_within(item, of_bank)),
        verdicts=(
            *((drift_verdict(drift),) if drift else ()),
            *verdicts(statistics, TYPES[item.type].idle_options),
        ),
    )


def by_trouble(lines: Sequence[ItemLine]) -> list[ItemLine]:
    """What misleads most first, then the file's order."""
    return sorted(lines, key=lambda line: tuple(-count for count in line.trouble))


def _within(item: Item, of_bank: Sequence[Finding]) -> list[Finding]:
    """Findings whose line lies in the item's section."""
    end = item.line + item.source.count("\n")
    return [finding for finding in of_bank if item.line <= finding.line <= end]
