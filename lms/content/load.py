"""A folder of content -> Library, and back. A broken file is reported; everything else loads."""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, wraps
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, ParamSpec, TypeVar

from lms.content.banks import published_bank, read_bank
from lms.content.errors import ContentError, Finding
from lms.content.front_matter import STEM
from lms.content.model import Bank, Course, Item, Library, Module
from lms.content.modules import parse_course, parse_module, parse_text
from lms.content.reference import FOLDER, load_reference
from lms.content.source import checked_text
from lms.content.stored import stored_course, stored_module
from lms.content.text import LANGUAGES

Named = TypeVar("Named", Course, Module)
Claimed = TypeVar("Claimed", Course, Module, Item)
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
PICTURES = {".svg", ".png", ".jpg", ".jpeg", ".webp"}
PATTERNS = (
    "courses/*/course.yaml",
    "courses/*/*.md",
    "courses/*/figures/*",
    "courses/*/sheets/*",
    "quizzes/**/*.md",
    "quizzes/reference/*.*",
)
REMEMBERED = 2048  # parsed files of each kind that a process keeps
NOBODY: Mapping[str, str] = MappingProxyType({})


class Unreadable(NamedTuple):
    """What is to be said of a file that cannot be read."""

    findings: tuple[Finding, ...]


class Parsers(NamedTuple):
    """How each kind of file is read; what cannot be read gives its findings."""

    course: Callable[[str, bytes], Course | Unreadable]
    text: Callable[[str, bytes, str], str | Unreadable]
    module: Callable[[str, tuple[tuple[str, str, str], ...], str, str], Module | Unreadable]
    bank: Callable[[str, bytes], tuple[Bank, tuple[Finding, ...]] | Unreadable]


class Claim(NamedTuple):
    """An id and where it is claimed: `place` as `place_of` tells it, `path` and `line` for a finding."""

    id: str
    place: str
    path: str
    line: int


def load(root: Path) -> Library:
    """Read courses/ and quizzes/ below `root`. Never raises for content: `Library.findings` tells what is broken."""
    return library_from(read_files(root))


def read_files(root: Path) -> dict[str, bytes]:
    """Every content file below the root: relative path -> bytes."""
    found = {path for pattern in PATTERNS for path in root.glob(pattern) if path.is_file()}
    found = {path for path in found if path.name[0] != "."}  # ._x.md is a Mac's, not an author's
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(found)}


def published_library(files: Mapping[str, bytes], holders: Mapping[str, str] = NOBODY) -> Library:
    """The library in files that were published once: no rule of today for authors takes anything out of it. The same
    memory and `holders` as in `library_from`."""
    return _library(files, holders, PUBLISHED)


def library_from(files: Mapping[str, bytes], holders: Mapping[str, str] = NOBODY) -> Library:
    """The library in these files, held against today's rules for authors. A file whose bytes were read before in this
    process is not parsed again and gives the same objects. `holders` (id -> place) says who has an id already: another
    place that claims it is the one to blame. Never raises for content."""
    return _library(files, holders, AUTHORS)


def _library(files: Mapping[str, bytes], holders: Mapping[str, str], parsers: Parsers) -> Library:
    reference, notes = load_reference(tuple((path, data) for path, data in files.items() if path.startswith(FOLDER)))
    reader = _Reader(files, holders, list(notes), parsers)
    courses, modules = reader.courses()
    banks = reader.banks()
    items = reader.winners((Claim(i.id, i.path, i.path, i.line), i) for bank in banks.values() for i in bank.items)
    figures = {folder: reader.names(folder, "figures", PICTURES) for folder in reader.folders}
    sheets = {folder: reader.names(folder, "sheets", {".csv", ".md"}) for folder in reader.folders}
    return Library(courses, modules, banks, items, reference, figures, tuple(reader.findings), sheets)


@lru_cache(maxsize=8192)
def place_of(path: str) -> str:
    """Where an id lives: a file; both languages of a module are one place."""
    return re.sub(r"\.(?:hy|en)\.md$", "", path)


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


def _remembered(parse: Callable[Arguments, Result]) -> Callable[Arguments, Result | Unreadable]:
    """Parse the same bytes once; what cannot be read gives its findings, whatever the parser stumbled over."""

    @lru_cache(maxsize=REMEMBERED)
    @wraps(parse)
    def parsed(*arguments: Arguments.args, **keywords: Arguments.kwargs) -> Result | Unreadable:
        try:
            return parse(*arguments, **keywords)
        except ContentError as error:
            return Unreadable(error.findings)
        except Exception as error:  # one file's trouble is that file's finding
            told = f"this cannot be read ({type(error).__name__})"
            return Unreadable((Finding(str(arguments[0]), 1, "unreadable", told),))

    return parsed  # type: ignore[return-value]


@_remembered
def _course(path: str, data: bytes) -> Course:
    return parse_course(checked_text(data, path), path)


@_remembered
def _text(path: str, data: bytes, language: str) -> str:
    """The source of one language of a module, once it can be read by itself."""
    source = checked_text(data, path)
    parse_text(source, path, language)
    return source


@_remembered
def _module(first: str, sources: tuple[tuple[str, str, str], ...], course: str, stem: str) -> Module:
    """`sources`: (language, source, path) of what can be read."""
    return parse_module({language: (source, path) for language, source, path in sources}, course, stem)


@_remembered
def _bank(path: str, data: bytes) -> tuple[Bank, tuple[Finding, ...]]:
    bank, findings = read_bank(checked_text(data, path), path)
    return bank, tuple(findings)


@_remembered
def _published_course(path: str, data: bytes) -> Course:
    return stored_course(data.decode("utf-8"), path)


@_remembered
def _published_text(_path: str, data: bytes, _language: str) -> str:
    return data.decode("utf-8")


@_remembered
def _published_module(_first: str, sources: tuple[tuple[str, str, str], ...], course: str, stem: str) -> Module:
    return stored_module({language: (source, path) for language, source, path in sources}, course, stem)


@_remembered
def _published_bank(path: str, data: bytes) -> tuple[Bank, tuple[Finding, ...]]:
    return published_bank(data.decode("utf-8"), path), ()


AUTHORS = Parsers(_course, _text, _module, _bank)
PUBLISHED = Parsers(_published_course, _published_text, _published_module, _published_bank)


class _Reader:
    """Reads files given as bytes and collects findings instead of stopping."""

    def __init__(
        self, files: Mapping[str, bytes], holders: Mapping[str, str], findings: list[Finding], parsers: Parsers
    ) -> None:
        self.files, self.holders, self.findings, self.parsers = files, holders, findings, parsers
        self.folders: dict[str, list[str]] = defaultdict(list)  # of courses: folder name -> paths below
        for path in sorted(path for path in files if path.startswith("courses/") and path.count("/") > 1):
            self.folders[path.split("/")[1]].append(path)

    def report(self, path: str, line: int, code: str, message: str) -> None:
        self.findings.append(Finding(path, line, code, message))

    def readable(self, result: Result | Unreadable) -> Result | None:
        """The result, or None after its findings are noted."""
        if isinstance(result, Unreadable):
            self.findings.extend(result.findings)
            return None
        return result

    def names(self, folder: str, kind: str, endings: set[str]) -> frozenset[str]:
        """File names in a course's subfolder."""
        start = f"courses/{folder}/{kind}/"
        paths = (path for path in self.folders[folder] if path.startswith(start))
        return frozenset(path[len(start) :] for path in paths if Path(path).suffix.lower() in endings)

    def winners(self, claims: Iterable[tuple[Claim, Claimed]]) -> dict[str, Claimed]:
        """One owner for each id: the place that holds it already, else the first; the others are reported."""
        claimants: dict[str, list[tuple[Claim, Claimed]]] = defaultdict(list)
        for claim, value in claims:
            claimants[claim.id].append((claim, value))
        return {
            name: rivals[0][1] if len(rivals) == 1 else self.winner(name, rivals) for name, rivals in claimants.items()
        }

    def winner(self, name: str, rivals: list[tuple[Claim, Claimed]]) -> Claimed:
        holder = self.holders.get(name)
        winner = next((rival for rival in rivals if rival[0].place == holder), rivals[0])
        for claim, _ in (rival for rival in rivals if rival is not winner):
            message = f"the id {name} already stands in {_home(winner[1])}"
            self.report(claim.path, claim.line, "duplicate-id", message)
        return winner[1]

    def courses(self) -> tuple[dict[str, Course], dict[str, Module]]:
        listed = [(folder, course) for folder in self.folders if (course := self.course(folder))]
        courses = self.winners((Claim(course.id, course.path, course.path, 1), course) for _, course in listed)
        chosen = [(folder, course) for folder, course in listed if courses[course.id] is course]
        modules = self.winners(
            (Claim(module.id, place_of(path), path, 1), module)
            for folder, course in chosen
            for module in self.modules(folder, course)
            for path in [next(iter(module.languages.values())).path]
        )
        within: dict[str, list[str]] = {name: [] for name in courses}
        for module in modules.values():
            within[module.course].append(module.id)
        whole = {name: dataclasses.replace(course, modules=tuple(within[name])) for name, course in courses.items()}
        return _by_id(whole), _by_id(modules)

    def course(self, folder: str) -> Course | None:
        path = f"courses/{folder}/course.yaml"
        if path not in self.files:
            self.report(path, 1, "missing-file", "a course folder needs its course.yaml")
            return None
        return self.readable(self.parsers.course(path, self.files[path]))

    def modules(self, folder: str, course: Course) -> Iterator[Module]:
        """The modules named in course.yaml, in order; files it does not name are reported."""
        for number, stem in enumerate(course.stems):
            if stem in course.stems[:number]:
                self.report(course.path, 1, "duplicate-id", f"modules: {stem} stands twice")
            elif not re.fullmatch(STEM, stem):
                self.report(course.path, 1, "schema", f"modules: {stem!r} is not like 01-what-is-smm")
            elif module := self.module(folder, course, stem):
                yield module
        for path in self.folders[folder]:
            name = path.removeprefix(f"courses/{folder}/")
            if name.endswith(".md") and "/" not in name and name.rsplit(".", 2)[0] not in course.stems:
                self.report(path, 1, "unlisted", "course.yaml does not name this file")

    def module(self, folder: str, course: Course, stem: str) -> Module | None:
        sources: list[tuple[str, str, str]] = []
        for language in LANGUAGES:
            path = f"courses/{folder}/{stem}.{language}.md"
            if path not in self.files:
                self.report(path, 1, "missing-language", "this language of the module is missing")
            elif (source := self.readable(self.parsers.text(path, self.files[path], language))) is not None:
                sources.append((language, source, path))
        return self.readable(self.parsers.module(sources[0][2], tuple(sources), course.id, stem)) if sources else None

    def banks(self) -> dict[str, Bank]:
        banks: dict[str, Bank] = {}
        for path in sorted(path for path in self.files if path.startswith("quizzes/") and path.endswith(".md")):
            if result := self.readable(self.parsers.bank(path, self.files[path])):
                banks[path] = result[0]
                self.findings.extend(result[1])
        return banks


def _home(known: Course | Module | Item) -> str:
    if isinstance(known, Module):
        return " and ".join(text.path for text in known.languages.values())
    return f"{known.path}:{known.line}" if isinstance(known, Item) else known.path


def _by_id(found: dict[str, Named]) -> dict[str, Named]:
    """In the order of the programme: C2 before C10, C1.2 before C2.1."""
    return dict(sorted(found.items(), key=lambda pair: [int(number) for number in re.findall(r"\d+", pair[0])]))
