"""Files as units that are published one by one, and back: what a path is called, how its bytes are cut and joined."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lms.content.model import Bank, Item, Library, Module

Name = tuple[str, str, str]  # kind, key, language


@dataclass(frozen=True)
class ContentUnit:
    """A piece of content as it stands in a file: its logical key, exact bytes, and place within the file.

    `context` is what its reader sees beyond its own bytes (an item's table): when that changes it is another revision.
    `data` is kept beside the bytes for reading the unit without its file: a module's title, an item's table and head.
    """

    kind: str
    key: str
    language: str
    path: str
    source: bytes
    position: int = 0
    data: dict[str, Any] = field(default_factory=dict)
    context: bytes = b""

    @property
    def name(self) -> Name:
        return self.kind, self.key, self.language

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.source + self.context).hexdigest()


def content_units(
    library: Library, files: Mapping[str, bytes], paths: Collection[str] | None = None
) -> Iterator[ContentUnit]:
    """The units of all that could be read (in `paths`). A file that could not be read yields none."""
    chosen = files.keys() if paths is None else files.keys() & set(paths)
    for course in library.courses.values():
        if course.path in chosen:
            yield ContentUnit("course", course.id, "", course.path, files[course.path])
    for module in library.modules.values():
        yield from _module(module, files, chosen)
    for path in (path for path in library.banks if path in chosen):
        yield from _bank(library.banks[path], library.items)
    broken = {finding.path for finding in library.findings if finding.severity == "error"}
    for path in sorted(chosen):
        file = _whole_file(path)
        if file and not (file[0] == "reference" and path in broken):
            yield ContentUnit(*file, "", path, files[path])


def _whole_file(path: str) -> tuple[str, str] | None:
    """(kind, key) of a file that is one unit whatever it holds."""
    folder, _, name = path.rpartition("/")
    if folder == "quizzes/reference":
        return "reference", name
    if folder.endswith("/figures") and name.endswith(".svg"):  # what a browser may be shown; see views.py
        return "figure", f"{folder.split('/')[1]}/{name}"
    if folder.endswith("/sheets") and name.endswith((".csv", ".md")):
        return "sheet", f"{folder.split('/')[1]}/{name}"
    return None


def _module(module: Module, files: Mapping[str, bytes], chosen: Collection[str]) -> Iterator[ContentUnit]:
    for language, text in module.languages.items():
        if text.path in chosen:
            yield ContentUnit("module", module.id, language, text.path, files[text.path], data={"title": text.title})


def _bank(bank: Bank, items: Mapping[str, Item]) -> Iterator[ContentUnit]:
    """The head, then every section. One that cannot be read, or whose id is taken, is kept as a piece of the bank."""
    yield ContentUnit("bank", bank.path, "", bank.path, bank.head.encode())
    for position, section in enumerate(bank.sections, 1):
        source = section.source.encode()
        if section.item is not None and _first(section.item, items):
            yield _item(section.item, bank.head, source, position)
        else:
            yield ContentUnit("bank", f"{bank.path}#{position}", "", bank.path, source, position)


def _first(item: Item, items: Mapping[str, Item]) -> bool:
    first = items.get(item.id)
    return first is not None and (first.path, first.line) == (item.path, item.line)


def _item(item: Item, head: str, source: bytes, position: int) -> ContentUnit:
    stimulus = item.stimulus.source if item.stimulus else ""
    data = {"head": head, "stimulus": stimulus} if stimulus else {"head": head}
    return ContentUnit("item", item.id, "", item.path, source, position, data, stimulus.encode())
