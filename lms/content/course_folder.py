"""One course's folder: its course.yaml, the modules named there, its pictures and sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from lms.content.errors import Finding, Severity
from lms.content.front_matter import STEM
from lms.content.model import Course, Module
from lms.content.parse_cache import Parsers, Unreadable
from lms.content.text import LANGUAGES, Text, lack

Result = TypeVar("Result")
REMEMBERED = 256  # states of folders that a process keeps
PICTURES = {".svg", ".png", ".jpg", ".jpeg", ".webp"}
SHEETS = {".csv", ".md"}
NO_COURSE = Text(
    en="a course folder needs its course.yaml; moved? it belongs beside the modules",
    hy="դասընթացի պանակում պետք է լինի course.yaml. տեղափոխե՞լ եք. այն պետք է մոդուլների կողքին լինի",
)
TWICE = Text(en="modules: {stem} stands twice", hy="modules. {stem} կրկնվում է")
NOT_A_STEM = Text(en="modules: {stem} is not like 01-what-is-smm", hy="modules. {stem} նման չէ 01-what-is-smm ձևին")
UNLISTED = Text(
    en="course.yaml does not name this file: put `- {stem}` under its `modules:`, or take the file away",
    hy="course.yaml-ում այս ֆայլը նշված չէ. դրա `modules:` ցանկում ավելացրեք `- {stem}` կամ հանեք ֆայլը",
)
NO_LANGUAGE = Text(en="this language of the module is missing", hy="մոդուլի այս լեզուն չկա")


@dataclass(frozen=True, eq=False)
class CourseFolder:
    """modules: in the order of course.yaml; figures, sheets: file names; findings: what could not be read."""

    course: Course | None
    modules: tuple[Module, ...]
    figures: frozenset[str]
    sheets: frozenset[str]
    findings: tuple[Finding, ...]


@lru_cache(maxsize=REMEMBERED)
def read_folder(name: str, files: tuple[tuple[str, bytes], ...], parsers: Parsers) -> CourseFolder:
    """The folder courses/`name` of these (path, bytes); looked through again only when a file changed."""
    reader = _FolderReader(name, dict(files), parsers)
    course = reader.course()
    modules = tuple(reader.modules(course)) if course else ()
    figures, sheets = reader.names("figures", PICTURES), reader.names("sheets", SHEETS)
    return CourseFolder(course, modules, figures, sheets, tuple(reader.findings))


class _FolderReader:
    """Collects findings instead of stopping."""

    def __init__(self, name: str, files: Mapping[str, bytes], parsers: Parsers) -> None:
        self.root, self.files, self.parsers = f"courses/{name}/", files, parsers
        self.findings: list[Finding] = []

    def report(self, path: str, code: str, text: Text, severity: Severity = "error") -> None:
        self.findings.append(Finding.bilingual(path, 1, code, text, severity))

    def readable(self, result: Result | Unreadable) -> Result | None:
        """The result, or None after its findings are noted."""
        if isinstance(result, Unreadable):
            self.findings.extend(result.findings)
            return None
        return result

    def names(self, kind: str, endings: set[str]) -> frozenset[str]:
        """File names in the subfolder."""
        start = f"{self.root}{kind}/"
        paths = (path for path in self.files if path.startswith(start))
        return frozenset(path[len(start) :] for path in paths if Path(path).suffix.lower() in endings)

    def course(self) -> Course | None:
        path = f"{self.root}course.yaml"
        if path not in self.files:
            self.report(path, "missing-file", NO_COURSE)
            return None
        return self.readable(self.parsers.course(path, self.files[path]))

    def modules(self, course: Course) -> Iterator[Module]:
        """The modules named in course.yaml, in order; files it does not name are reported."""
        for number, stem in enumerate(course.stems):
            if stem in course.stems[:number]:
                self.report(course.path, "duplicate-id", TWICE.filled(stem=stem))
            elif not re.fullmatch(STEM, stem):
                self.report(course.path, "schema", NOT_A_STEM.filled(stem=repr(stem)))
            elif module := self.module(course, stem):
                yield module
        for path in self.files:
            name = path.removeprefix(self.root)
            if name.endswith(".md") and "/" not in name and name.rsplit(".", 2)[0] not in course.stems:
                self.report(path, "unlisted", UNLISTED.filled(stem=name.rsplit(".", 2)[0]))

    def module(self, course: Course, stem: str) -> Module | None:
        sources: list[tuple[str, str, str]] = []
        for language in LANGUAGES:
            path = f"{self.root}{stem}.{language}.md"
            if path not in self.files:
                self.report(path, "missing-language", NO_LANGUAGE, lack(language))
            elif (source := self.readable(self.parsers.text(path, self.files[path], language))) is not None:
                sources.append((language, source, path))
        return self.readable(self.parsers.module(sources[0][2], tuple(sources), course.id, stem)) if sources else None
