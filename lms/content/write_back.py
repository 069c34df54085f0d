"""A library back to its files, byte for byte; one item of a bank replaced."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from pathlib import Path

from lms.content.model import Bank, Course, Item, Library, ModuleText


def write(library: Library, root: Path) -> None:
    """Write every file of `library` below `root`, byte for byte as it was read."""
    for path, source in sources(library).items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.encode("utf-8"))


def sources(library: Library, paths: Collection[str] | None = None) -> dict[str, str]:
    """{path below the root: exact text} of courses, modules, banks and reference data (those in `paths`)."""
    texts = [text for module in library.modules.values() for text in module.languages.values()]
    files: list[Course | ModuleText | Bank] = [*library.courses.values(), *texts, *library.banks.values()]
    chosen = {file.path: file.source for file in files if paths is None or file.path in paths}
    reference = library.reference.sources.items()
    return chosen | {path: source for path, source in reference if paths is None or path in paths}


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
