"""A folder of content -> Library, and back. A broken file is reported; everything else loads."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from lms.content.banks import read_bank
from lms.content.errors import ContentError, Finding
from lms.content.front_matter import STEM
from lms.content.model import Bank, Course, Item, Library, Module
from lms.content.modules import parse_course, parse_module, parse_text
from lms.content.reference import load_reference
from lms.content.source import read_text
from lms.content.text import LANGUAGES

Named = TypeVar("Named", Course, Module)
PICTURES = {".svg", ".png", ".jpg", ".jpeg", ".webp"}


def load(root: Path) -> Library:
    """Read courses/ and quizzes/ below `root`. Never raises for content: `Library.findings` tells what is broken."""
    reference, notes = load_reference(root)
    reader = _Reader(root, list(notes))
    courses, modules = reader.courses()
    banks = reader.banks()
    items: dict[str, Item] = {}
    for item in (item for bank in banks.values() for item in bank.items):
        if reader.is_new(item.id, items, item.path, item.line):
            items[item.id] = item
    figures = {folder.name: _pictures(folder) for folder in _folders(root / "courses")}
    return Library(courses, modules, banks, items, reference, figures, tuple(reader.findings))


def write(library: Library, root: Path) -> None:
    """Write every file of `library` below `root`, byte for byte as it was read."""
    for path, source in sources(library).items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.encode("utf-8"))


def sources(library: Library) -> dict[str, str]:
    """{path below the root: exact text} of courses, modules, banks and reference data."""
    texts = (text for module in library.modules.values() for text in module.languages.values())
    return {
        **{course.path: course.source for course in library.courses.values()},
        **{text.path: text.source for text in texts},
        **{bank.path: bank.source for bank in library.banks.values()},
        **library.reference.sources,
    }


def replace_item(bank: Bank, item: Item) -> Bank:
    """The bank with `item` in the place of the one of the same id; every other byte stays. KeyError if absent."""
    if item.id not in {old.id for old in bank.items}:
        raise KeyError(item.id)
    sections = tuple(
        dataclasses.replace(section, source=item.source, item=item)
        if section.item and section.item.id == item.id
        else section
        for section in bank.sections
    )
    return dataclasses.replace(bank, sections=sections)


def _folders(parent: Path) -> list[Path]:
    return sorted(path for path in parent.glob("*") if path.is_dir())


def _pictures(folder: Path) -> frozenset[str]:
    return frozenset(path.name for path in (folder / "figures").glob("*") if path.suffix.lower() in PICTURES)


class _Reader:
    """Reads below `root` and collects findings instead of stopping."""

    def __init__(self, root: Path, findings: list[Finding]) -> None:
        self.root, self.findings = root, findings

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """A ContentError inside the block becomes a finding."""
        try:
            yield
        except ContentError as error:
            self.findings.extend(error.findings)

    def report(self, path: str, line: int, code: str, message: str) -> None:
        self.findings.append(Finding(path, line, code, message))

    def is_new(self, name: str, known: Mapping[str, Course | Module | Item], path: str, line: int = 1) -> bool:
        """False, with a finding, when `name` is among `known`."""
        if name in known:
            self.report(path, line, "duplicate-id", f"the id {name} already stands in {_home(known[name])}")
            return False
        return True

    def courses(self) -> tuple[dict[str, Course], dict[str, Module]]:
        courses: dict[str, Course] = {}
        modules: dict[str, Module] = {}
        for folder in _folders(self.root / "courses"):
            course = self.course(folder)
            if course and self.is_new(course.id, courses, course.path):
                own: dict[str, Module] = {}
                for module in self.modules(folder, course):
                    if self.is_new(module.id, modules | own, course.path):
                        own[module.id] = module
                modules |= own
                courses[course.id] = dataclasses.replace(course, modules=tuple(own))
        return _by_id(courses), _by_id(modules)

    def course(self, folder: Path) -> Course | None:
        path = f"courses/{folder.name}/course.yaml"
        if not (self.root / path).is_file():
            self.report(path, 1, "missing-file", "a course folder needs its course.yaml")
            return None
        with self.reporting():
            return parse_course(read_text(self.root / path, path), path)
        return None

    def modules(self, folder: Path, course: Course) -> Iterator[Module]:
        """The modules named in course.yaml, in order; files it does not name are reported."""
        for stem in course.stems:
            if not re.fullmatch(STEM, stem):
                self.report(course.path, 1, "schema", f"modules: {stem!r} is not like 01-what-is-smm")
            elif module := self.module(folder, course, stem):
                yield module
        for file in sorted(folder.glob("[!.]*.md")):  # ._x.md is a Mac's, not an author's
            if file.name.rsplit(".", 2)[0] not in course.stems:
                self.report(f"courses/{folder.name}/{file.name}", 1, "unlisted", "course.yaml does not name this file")

    def module(self, folder: Path, course: Course, stem: str) -> Module | None:
        found: dict[str, tuple[str, str]] = {}
        for language in LANGUAGES:
            path = f"courses/{folder.name}/{stem}.{language}.md"
            if not (self.root / path).is_file():
                self.report(path, 1, "missing-language", "this language of the module is missing")
                continue
            with self.reporting():
                source = read_text(self.root / path, path)
                parse_text(source, path, language)
                found[language] = source, path
        with self.reporting():
            return parse_module(found, course.id, stem) if found else None
        return None

    def banks(self) -> dict[str, Bank]:
        banks: dict[str, Bank] = {}
        for file in sorted((self.root / "quizzes").rglob("[!.]*.md")):
            path = file.relative_to(self.root).as_posix()
            with self.reporting():
                banks[path], findings = read_bank(read_text(file, path), path)
                self.findings.extend(findings)
        return banks


def _home(known: Course | Module | Item) -> str:
    if isinstance(known, Module):
        return " and ".join(text.path for text in known.languages.values())
    return f"{known.path}:{known.line}" if isinstance(known, Item) else known.path


def _by_id(found: dict[str, Named]) -> dict[str, Named]:
    """In the order of the programme: C2 before C10, C1.2 before C2.1."""
    return dict(sorted(found.items(), key=lambda pair: [int(number) for number in re.findall(r"\d+", pair[0])]))
