"""One organisation's publications as a process knows them; what changed since it looked is all that it reads again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select

from lms.database import db
from lms.publishing.content_units import Name
from lms.publishing.models import Publication, Revision


@dataclass(frozen=True)
class PublishedUnit:
    """A current publication with the bytes of its revision."""

    publication_id: int
    revision_id: int
    name: Name
    path: str
    position: int
    source: bytes
    sha256: str


@dataclass(frozen=True)
class Shelf:
    """What an organisation has published itself: units by name, files byte for byte."""

    organisation_id: int
    version: int
    units: Mapping[Name, PublishedUnit]
    files: Mapping[str, bytes]


def empty(organisation_id: int) -> Shelf:
    return Shelf(organisation_id, 0, {}, {})


def advanced(shelf: Shelf, version: int) -> Shelf:
    """The shelf as it stands now, known to be at `version` or later; files that did not change stay the same bytes."""
    units, files = dict(shelf.units), dict(shelf.files)
    touched: set[str] = set()
    for row in db.session.execute(_changes(shelf)):
        name = (row.kind, row.key, row.language)
        touched.add(row.path)
        if row.withdrawn_version is None:
            units[name] = PublishedUnit(row.id, row.revision_id, name, row.path, row.position, row.source, row.sha256)
        elif name in units and units[name].publication_id == row.id:
            del units[name]
    parts = _parts(units.values(), touched)
    for path in touched:
        files.pop(path, None)
    files |= parts
    return Shelf(shelf.organisation_id, version, units, files)


def _changes(shelf: Shelf):  # type: ignore[no-untyped-def]
    """Publications that came or went after the shelf's version, in their order."""
    later = Publication.published_version > shelf.version
    changed = or_(later, Publication.withdrawn_version > shelf.version) if shelf.version else later
    statement = (
        select(Publication.id, Publication.revision_id, Publication.kind, Publication.key, Publication.language,
               Publication.path, Publication.position, Publication.withdrawn_version, Revision.source, Revision.sha256)
        .join(Publication.revision)
        .where(Publication.organisation_id == shelf.organisation_id, changed)
        .order_by(Publication.id)
    )  # fmt: skip
    return statement if shelf.version else statement.where(Publication.withdrawn_at.is_(None))


def _parts(units: Iterable[PublishedUnit], paths: set[str]) -> dict[str, bytes]:
    """The files at these paths: the sources of their units in order."""
    found: defaultdict[str, list[PublishedUnit]] = defaultdict(list)
    for unit in units:
        if unit.path in paths:
            found[unit.path].append(unit)
    return {
        path: b"".join(unit.source for unit in sorted(parts, key=lambda unit: unit.position))
        for path, parts in found.items()
    }
