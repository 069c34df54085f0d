"""A folder of content -> Library. A broken file is reported; everything else loads."""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from lms.content.content_files import read_files
from lms.content.course_folder import CourseFolder, read_folder
from lms.content.errors import Finding
from lms.content.model import Bank, Course, Item, Library, Module
from lms.content.parse_cache import AUTHORS, PUBLISHED, Parsers, Unreadable
from lms.content.reference import FOLDER, load_reference
from lms.content.text import LANGUAGES, Text

Named = TypeVar("Named", Course, Module)
Claimed = TypeVar("Claimed", Course, Module, Item)
NOBODY: Mapping[str, str] = MappingProxyType({})
TAKEN = Text(en="the id {id} already stands in {place}", hy="{id} նույնացուցիչն արդեն կա այստեղ՝ {place}")
AND = Text(en=" and ", hy=" և ")


class IdClaim(NamedTuple):
    """An id and where it is claimed: `place` as `place_of` tells it, `path` and `line` for a finding."""

    id: str
    place: str
    path: str
    line: int


def load(root: Path) -> Library:
    """Read courses/ and quizzes/ below `root`. Never raises for content: `Library.findings` tells what is broken;
    ContentError only as `read_files` does."""
    return library_from(read_files(root))


def published_library(files: Mapping[str, bytes], holders: Mapping[str, str] = NOBODY) -> Library:
    """The library in files that were published once: no rule of today for authors takes anything out of it. The same
    memory and `holders` as in `library_from`."""
    return _ContentReader(files, holders, PUBLISHED).library()


def library_from(
    files: Mapping[str, bytes], holders: Mapping[str, str] = NOBODY, drafts: Collection[str] | None = None
) -> Library:
    """The library in these files, held against today's rules for authors. A file whose bytes were read before in this
    process is not parsed again and gives the same objects; nor is a course's folder of which no file changed.
    `holders` (id -> place) says who has an id already: another place that claims it is the one to blame. `drafts`: the
    only files that today's rules are asked of, with the folders of their courses; the others are read as published.
    Never raises for content."""
    return _ContentReader(files, holders, AUTHORS, drafts).library()


@lru_cache(maxsize=8192)
def place_of(path: str) -> str:
    """Where an id lives: a file; both languages of a module are one place."""
    return re.sub(r"\.(?:hy|en)\.md$", "", path)


def is_bank(path: str) -> bool:
    return path.startswith("quizzes/") and path.endswith(".md")


class _ContentReader:
    """Reads files given as bytes, gives each id to one place, and collects findings instead of stopping."""

    def __init__(
        self,
        files: Mapping[str, bytes],
        holders: Mapping[str, str],
        parsers: Parsers,
        only: Collection[str] | None = None,
    ) -> None:
        self.files, self.holders, self.parsers, self.only = files, holders, parsers, only
        self.findings: list[Finding] = []

    def parsers_of(self, path: str) -> Parsers:
        """For a bank or a course's folder."""
        if self.only is None or any(place == path or place.startswith(f"{path}/") for place in self.only):
            return self.parsers
        return PUBLISHED

    def library(self) -> Library:
        reference, notes = load_reference(
            tuple((path, data) for path, data in self.files.items() if path.startswith(FOLDER))
        )
        self.findings += notes
        folders = self.folders()
        courses, modules = self.courses(folders)
        banks = self.banks()
        items = self.items(banks)
        figures = {name: folder.figures for name, folder in folders.items()}
        sheets = {name: folder.sheets for name, folder in folders.items()}
        return Library(courses, modules, banks, items, reference, figures, tuple(self.findings), sheets)

    def folders(self) -> dict[str, CourseFolder]:
        """Every course's folder by its name."""
        below: defaultdict[str, list[tuple[str, bytes]]] = defaultdict(list)
        for path in sorted(path for path in self.files if path.startswith("courses/") and path.count("/") > 1):
            below[path.split("/", 2)[1]].append((path, self.files[path]))
        return {
            name: read_folder(name, tuple(files), self.parsers_of(f"courses/{name}")) for name, files in below.items()
        }

    def courses(self, folders: Mapping[str, CourseFolder]) -> tuple[dict[str, Course], dict[str, Module]]:
        listed = [(course, folder) for folder in folders.values() if (course := folder.course)]
        courses = self.winners((IdClaim(course.id, course.path, course.path, 1), course) for course, _ in listed)
        winning = [folder for course, folder in listed if courses[course.id] is course]
        for folder in folders.values():
            if folder.course is None or folder in winning:  # who lost the id is asked for nothing else
                self.findings += folder.findings
        modules = self.winners((_claim(module), module) for folder in winning for module in folder.modules)
        within: dict[str, list[str]] = {name: [] for name in courses}
        for module in modules.values():
            within[module.course].append(module.id)
        whole = {name: dataclasses.replace(course, modules=tuple(within[name])) for name, course in courses.items()}
        return _by_id(whole), _by_id(modules)

    def banks(self) -> dict[str, Bank]:
        banks: dict[str, Bank] = {}
        for path in sorted(filter(is_bank, self.files)):
            result = self.parsers_of(path).bank(path, self.files[path])
            if isinstance(result, Unreadable):
                self.findings += result.findings
            else:
                banks[path] = result[0]
                self.findings += result[1]
        return banks

    def items(self, banks: Mapping[str, Bank]) -> dict[str, Item]:
        """Hardly ever is an id claimed twice: then only each claim is looked at."""
        items: dict[str, Item] = {}
        for bank in banks.values():
            items |= bank.items_by_id
        if len(items) == sum(len(bank.items) for bank in banks.values()):
            return items
        return self.winners((IdClaim(i.id, i.path, i.path, i.line), i) for bank in banks.values() for i in bank.items)

    def winners(self, claims: Iterable[tuple[IdClaim, Claimed]]) -> dict[str, Claimed]:
        """One owner for each id: the place that holds it already, else the first; the others are reported."""
        claimants: dict[str, list[tuple[IdClaim, Claimed]]] = defaultdict(list)
        for claim, value in claims:
            claimants[claim.id].append((claim, value))
        return {
            name: rivals[0][1] if len(rivals) == 1 else self.winner(name, rivals) for name, rivals in claimants.items()
        }

    def winner(self, name: str, rivals: list[tuple[IdClaim, Claimed]]) -> Claimed:
        holder = self.holders.get(name)
        winner = next((rival for rival in rivals if rival[0].place == holder), rivals[0])
        message = _taken(name, winner[1])
        self.findings += (
            Finding.bilingual(claim.path, claim.line, "duplicate-id", message)
            for claim, _ in (rival for rival in rivals if rival is not winner)
        )
        return winner[1]


def _claim(module: Module) -> IdClaim:
    path = module.text().path
    return IdClaim(module.id, place_of(path), path, 1)


def _taken(name: str, owner: Course | Module | Item) -> Text:
    """Where the id stands already, in both languages."""
    if isinstance(owner, Module):
        paths = [text.path for text in owner.languages.values()]
        return Text(*(TAKEN.filled(id=name, place=AND.get(code).join(paths)).get(code) for code in LANGUAGES))
    return TAKEN.filled(id=name, place=f"{owner.path}:{owner.line}" if isinstance(owner, Item) else owner.path)


def _by_id(units: dict[str, Named]) -> dict[str, Named]:
    """In the order of the programme: C2 before C10, C1.2 before C2.1."""
    return dict(sorted(units.items(), key=lambda pair: [int(number) for number in re.findall(r"\d+", pair[0])]))
