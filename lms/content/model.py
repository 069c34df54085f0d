"""Courses, modules, banks and items as frozen objects. Each keeps the exact source slice that it was read from."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from lms.content.errors import Finding
from lms.content.reference import Reference
from lms.content.text import LANGUAGES, Text


@dataclass(frozen=True)
class Course:
    """A course.yaml; `modules` are module ids in order, `stems` the file stems they were read from."""

    id: str
    slug: str
    level: int
    prerequisites: tuple[str, ...]
    title: Text
    about: Text
    modules: tuple[str, ...]
    stems: tuple[str, ...]
    source: str
    path: str


@dataclass(frozen=True)
class ModuleText:
    """One language of a module; `body` is the Markdown after the front matter, starting at `body_line`."""

    language: str
    title: str
    summary: str
    objectives: tuple[str, ...]
    body: str
    source: str
    path: str
    body_line: int
    version: int


@dataclass(frozen=True)
class Module:
    """A module: what both languages share, and the texts that exist."""

    id: str
    slug: str
    course: str
    version: int
    minutes: int
    updated: dt.date
    sub_competencies: tuple[str, ...]
    seed: tuple[str, ...]
    practice: str | None
    languages: Mapping[str, ModuleText]
    stem: str

    def text(self, language: str | None = None) -> ModuleText:
        """The text in `language`, or in the language that exists when that one is missing."""
        return self.languages.get(language or "") or next(iter(self.languages.values()))


TRIAL = re.compile(r"^pretest:.*\r?\n", re.MULTILINE)


class Part(NamedTuple):
    """One line of an answer block: its mark ("x", "4.6", "=", …), text, right-hand side and feedback."""

    mark: str
    text: str
    right: str
    feedback: str
    line: int


@dataclass(frozen=True)
class ItemText:
    """One language of an item: the stem in Markdown, the parts in the author's order, the general explanation;
    `line` is where the stem begins, `general_line` where the explanation does; `strays` are (line, text) of what is
    none of these."""

    stem: str
    parts: tuple[Part, ...]
    general: str
    line: int
    general_line: int
    strays: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, eq=False)
class Item:
    """One question, or a stimulus without an answer of its own (`answerable` is False). `settings` holds the yaml as
    written, for its type; `key` is what both languages must agree on; `source` is the exact slice of the bank file;
    `performance` says that an answer shows doing and not knowing alone (its type's word, or it reads a table)."""

    id: str
    type: str
    sub: str
    bloom: str
    level: int
    p: float
    seed: tuple[str, ...]
    facts: tuple[str, ...]
    set_id: str | None
    enemies: tuple[str, ...]
    pretest: bool
    behind: str | None
    settings: Mapping[str, Any]
    pool: str
    course: str | None
    module: str | None
    source: str
    path: str
    line: int
    languages: Mapping[str, ItemText]
    key: object = None
    stimulus: Item | None = field(default=None, repr=False)
    answerable: bool = True
    performance: bool = False

    @property
    def skill(self) -> str:
        """The skill that the sub-competency belongs to: "content" of "content.copy"."""
        return self.sub.split(".")[0]

    @property
    def asked(self) -> tuple[str, str]:
        """What is asked and how it is marked, whether it is on trial or not: its source and its table's."""
        return TRIAL.sub("", self.source).rstrip(), self.stimulus.source if self.stimulus else ""

    def text(self, language: str | None = None) -> ItemText:
        """The text in `language`, or in the language that exists when that one is missing."""
        first = next(name for name in LANGUAGES if name in self.languages)
        return self.languages.get(language or first) or self.languages[first]


@dataclass(frozen=True, eq=False)
class BankSection:
    """A `## ` section of a bank: its exact source, and the item in it unless it could not be read."""

    source: str
    line: int
    item: Item | None


@dataclass(frozen=True, eq=False)
class Bank:
    """A question bank file. `head` is the source before the first section; nothing of the file is lost."""

    path: str
    name: str
    pool: str
    course: str | None
    module: str | None
    head: str
    sections: tuple[BankSection, ...]

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The items that could be read, in file order."""
        return tuple(section.item for section in self.sections if section.item)

    @cached_property
    def items_by_id(self) -> Mapping[str, Item]:
        """The same by id; of two with one id the later."""
        return {item.id: item for item in self.items}

    @property
    def source(self) -> str:
        """The file's text, byte for byte."""
        return self.head + "".join(section.source for section in self.sections)


@dataclass(frozen=True, eq=False)
class Library:
    """Everything that could be read below a root, and what could not (`findings`).
    `figures` and `sheets` map a course's folder to the names of its pictures and of its sheets to take away."""

    courses: Mapping[str, Course]
    modules: Mapping[str, Module]
    banks: Mapping[str, Bank]
    items: Mapping[str, Item]
    reference: Reference
    figures: Mapping[str, frozenset[str]]
    findings: tuple[Finding, ...]
    sheets: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def items_in(self, paths: Collection[str] | None) -> Iterator[Item]:
        """The items of these banks, or all, in the order of the library."""
        if paths is None:
            return iter(self.items.values())
        banks = (self.banks[path] for path in sorted(paths) if path in self.banks)
        return (item for bank in banks for item in bank.items if self.items.get(item.id) is item)
