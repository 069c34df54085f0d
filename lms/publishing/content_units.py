"""Files as entries of the shelf and back: what a path is called, and how its bytes are cut and joined again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lms.content.model import Bank, Item, Library, Module

PATTERNS = (
    "courses/*/course.yaml",
    "courses/*/*.md",
    "courses/*/figures/*.svg",
    "quizzes/**/*.md",
    "quizzes/reference/*.*",
)


@dataclass(frozen=True)
class Entry:
    """A piece of content as it stands in a file: its logical key, exact bytes, and place within the file.

    `seen` is what its reader sees beyond its own bytes (an item's table): when that changes it is another revision.
    """

    kind: str
    key: str
    language: str
    path: str
    source: bytes
    position: int = 0
    data: dict[str, Any] = field(default_factory=dict)
    seen: bytes = b""

    @property
    def name(self) -> tuple[str, str, str]:
        return self.kind, self.key, self.language

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.source + self.seen).hexdigest()


def read_files(root: Path) -> dict[str, bytes]:
    """Every content file below the root: relative path -> bytes."""
    found = {path for pattern in PATTERNS for path in root.glob(pattern) if path.is_file() and path.name[0] != "."}
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(found)}


def entries(library: Library, files: Mapping[str, bytes]) -> Iterator[Entry]:
    """The entries of all that could be read. A file that could not be read yields none."""
    for course in library.courses.values():
        yield Entry("course", course.id, "", course.path, files[course.path])
    for module in library.modules.values():
        yield from _module(module, files)
    for bank in library.banks.values():
        yield from _bank(bank, library.items)
    broken = {finding.path for finding in library.findings if finding.severity == "error"}
    for path, source in files.items():
        folder, _, name = path.rpartition("/")
        if folder == "quizzes/reference" and path not in broken:
            yield Entry("reference", name, "", path, source)
        elif folder.endswith("/figures"):
            yield Entry("figure", f"{folder.split('/')[1]}/{name}", "", path, source)


def _module(module: Module, files: Mapping[str, bytes]) -> Iterator[Entry]:
    for language, text in module.languages.items():
        yield Entry("module", module.id, language, text.path, files[text.path], data={"title": text.title})


def _bank(bank: Bank, items: Mapping[str, Item]) -> Iterator[Entry]:
    """The head, then every section. One that cannot be read, or whose id is taken, is kept as a piece of the bank."""
    yield Entry("bank", bank.path, "", bank.path, bank.head.encode())
    for position, section in enumerate(bank.sections, 1):
        source = section.source.encode()
        if section.item is not None and _first(section.item, items):
            yield _item(section.item, source, position)
        else:
            yield Entry("bank", f"{bank.path}#{position}", "", bank.path, source, position)


def _first(item: Item, items: Mapping[str, Item]) -> bool:
    first = items.get(item.id)
    return first is not None and (first.path, first.line) == (item.path, item.line)


def _item(item: Item, source: bytes, position: int) -> Entry:
    stimulus = item.stimulus.source if item.stimulus else ""
    data = {"stimulus": stimulus} if stimulus else {}
    return Entry("item", item.id, "", item.path, source, position, data, stimulus.encode())
