"""One organisation's publications as a process knows them; what changed since it looked is all that it reads again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import Select, or_, select

from lms.content.load import place_of
from lms.database import db
from lms.publishing.content_units import Name
from lms.publishing.models import Publication, Revision

WITH_AN_ID = ("course", "module", "item")


@dataclass(frozen=True, eq=False)
class PublishedUnit:
    """A current publication with the bytes of its revision."""

    publication_id: int
    revision_id: int
    name: Name
    path: str
    position: int
    source: bytes
    sha256: str


@dataclass(frozen=True, eq=False)
class PublishedFile:
    """The units of one file in their order. What is drawn from them is drawn once, since few files change."""

    units: Mapping[Name, PublishedUnit]

    @cached_property
    def source(self) -> bytes:
        """The file, byte for byte."""
        return b"".join(unit.source for unit in self.units.values())

    @cached_property
    def holds(self) -> Mapping[str, str]:
        """The ids that live here: id -> place."""
        return {name[1]: place_of(unit.path) for name, unit in self.units.items() if name[0] in WITH_AN_ID}


@dataclass(frozen=True, eq=False)
class Shelf:
    """What an organisation has published itself: its files by path."""

    organisation_id: int
    version: int = 0
    published: Mapping[str, PublishedFile] = field(default_factory=dict)

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """Every file, byte for byte."""
        return {path: file.source for path, file in self.published.items()}

    @cached_property
    def units(self) -> Mapping[Name, PublishedUnit]:
        units: dict[Name, PublishedUnit] = {}
        for file in self.published.values():
            units |= file.units
        return units

    @cached_property
    def holders(self) -> Mapping[str, str]:
        """Where each id lives: id -> place."""
        holders: dict[str, str] = {}
        for file in self.published.values():
            holders |= file.holds
        return holders

    def units_at(self, path: str) -> Mapping[Name, PublishedUnit]:
        """The units of one file; none of a path that is not on the shelf."""
        return self.published[path].units if path in self.published else {}


def advanced(shelf: Shelf, version: int) -> Shelf:
    """The shelf as it stands now, known to be at `version` or later; files that did not change stay the same."""
    touched: dict[str, dict[Name, PublishedUnit]] = {}
    for row in db.session.execute(_changes(shelf)):
        name = (row.kind, row.key, row.language)
        units = touched.setdefault(row.path, dict(shelf.units_at(row.path)))
        if row.withdrawn_version is None:
            units[name] = PublishedUnit(row.id, row.revision_id, name, row.path, row.position, row.source, row.sha256)
        elif name in units and units[name].publication_id == row.id:
            del units[name]
    published = {path: file for path, file in shelf.published.items() if path not in touched}
    published |= {path: PublishedFile(_in_order(units)) for path, units in touched.items() if units}
    return Shelf(shelf.organisation_id, version, published)


def _in_order(units: Mapping[Name, PublishedUnit]) -> dict[Name, PublishedUnit]:
    return dict(sorted(units.items(), key=lambda pair: pair[1].position))


def _changes(shelf: Shelf) -> Select[Any]:
    """Publications that came or went after the shelf's version, in their order."""
    later = Publication.published_version > shelf.version
    changed = or_(later, Publication.withdrawn_version > shelf.version) if shelf.version else later
    place = (Publication.kind, Publication.key, Publication.language, Publication.path, Publication.position)
    statement = (
        select(Publication.id, Publication.revision_id, *place, Publication.withdrawn_version)
        .add_columns(Revision.source, Revision.sha256)
        .join(Publication.revision)
        .where(Publication.organisation_id == shelf.organisation_id, changed)
        .order_by(Publication.id)
    )
    return statement if shelf.version else statement.where(Publication.withdrawn_at.is_(None))
