"""What the people of an organisation read: its own shelf before the shipped one, and the library in both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from lms.content.load import library_from, published_library
from lms.content.model import Bank, Item, Library
from lms.publishing.content_units import Name
from lms.publishing.overlaid_facts import overlaid
from lms.publishing.shelf import PublishedFile, PublishedUnit, Shelf

Stamp = tuple[tuple[int, int], ...]  # organisation and version of each shelf


@dataclass(frozen=True, eq=False)
class CurrentContent:
    """units: what is published, own before shipped; library: the same read; items: the published ones by revision;
    own_names: names that the organisation published itself (for nobody's: the shipped ones); checked: facts
    that its people looked up, in place of the files'."""

    stamp: Stamp
    units: Mapping[Name, PublishedUnit]
    library: Library
    items: Mapping[int, Item]
    own_names: frozenset[Name]
    checked: frozenset[str] = frozenset()

    @cached_property
    def of_module(self) -> Mapping[str | None, Sequence[tuple[int, Item]]]:
        """Revisions and items by module, in file order."""
        items: dict[str | None, list[tuple[int, Item]]] = {}
        for revision, item in self.items.items():
            items.setdefault(item.module, []).append((revision, item))
        return items

    @cached_property
    def of_pool(self) -> Mapping[str, Sequence[tuple[int, Item]]]:
        """The same by pool."""
        items: dict[str, list[tuple[int, Item]]] = {}
        for revision, item in self.items.items():
            items.setdefault(item.pool, []).append((revision, item))
        return items

    @property
    def revisions(self) -> Mapping[Name, int]:
        return {name: unit.revision_id for name, unit in self.units.items()}


def joined(shelves: Sequence[Shelf], stamp: Stamp, organisation: int | None) -> CurrentContent:
    """The content of these shelves, the first before the others."""
    files: dict[str, bytes] = {}
    units: dict[Name, PublishedUnit] = {}
    published: dict[str, PublishedFile] = {}
    for shelf in reversed(shelves):
        files |= shelf.files
        units |= shelf.units
        published |= shelf.published
    library, checked = overlaid(published_library(files, _holders(shelves)), organisation)
    own_units = frozenset(shelves[0].units) if shelves else frozenset()
    return CurrentContent(stamp, units, library, _items(published, library), own_units, checked)


def authors_library(files: Mapping[str, bytes], shelves: Sequence[Shelf]) -> Library:
    """The library of these files as authors' work. Ids belong to the first of the shelves that published them."""
    return library_from(files, _holders(shelves))


def drafted(files: Mapping[str, bytes], shelves: Sequence[Shelf]) -> Library:
    """The library of these shelves, the first before the others, as it would be with `files` in place of theirs. Only
    these are held against today's rules for authors."""
    published: dict[str, bytes] = {}
    for shelf in reversed(shelves):
        published |= shelf.files
    return library_from({**published, **files}, _holders(shelves), files.keys())


def _holders(shelves: Sequence[Shelf]) -> dict[str, str]:
    holders: dict[str, str] = {}
    for shelf in reversed(shelves):
        holders |= shelf.holders
    return holders


def _items(published: Mapping[str, PublishedFile], library: Library) -> dict[int, Item]:
    """By revision, in file order. An item whose id lives elsewhere is not shown."""
    items: dict[int, Item] = {}
    for path, bank in library.banks.items():
        items |= _items_of(published[path], bank)
    return {revision: item for revision, item in items.items() if library.items.get(item.id) is item}


@lru_cache(maxsize=2048)
def _items_of(file: PublishedFile, bank: Bank) -> dict[int, Item]:
    """The items of a file by revision; hardly a file changed since they were last put together."""
    by_id = bank.items_by_id
    return {
        unit.revision_id: by_id[key] for (kind, key, _), unit in file.units.items() if kind == "item" and key in by_id
    }
