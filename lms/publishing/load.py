"""From files to the shelf. What has not changed writes nothing; what cannot be read leaves the rest alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms import clock
from lms.content.errors import Finding
from lms.content.load import load as read
from lms.database import db
from lms.identity.models import Organisation
from lms.publishing.content_units import Entry, entries, read_files
from lms.publishing.files import saved_files
from lms.publishing.models import Publication, Revision
from lms.publishing.pages import render_published

OWNER = "hmut"
Name = tuple[str, str, str]


@dataclass(frozen=True)
class LoadReport:
    """Revisions newly written, entries published and taken from the shelf, and what could not be read."""

    revisions: int = 0
    published: int = 0
    withdrawn: int = 0
    findings: tuple[Finding, ...] = ()


def load(root: Path) -> LoadReport:
    """Bring the shelf to what stands below `root`: revisions, publications, pages, search. The caller commits."""
    report = _load(root)
    render_published()
    return report


def _load(root: Path) -> LoadReport:
    files = read_files(root)
    if files == saved_files():
        return LoadReport()
    found = read(root)
    wanted = {entry.name: entry for entry in entries(found, files)}
    owner, readable = _owner().id, {entry.path for entry in wanted.values()}
    current = _current(owner)
    # Gone is what a readable file no longer holds, or a file taken away; a broken file keeps its last good version.
    lost = {name: old.path for name, old in current.items() if name not in wanted}
    gone = [name for name, path in lost.items() if path not in files or path in readable]
    moved = [entry for name, entry in wanted.items() if not _stands(current.get(name), entry)]
    _withdraw([current[name] for name in [*gone, *(entry.name for entry in moved if entry.name in current)]])
    return LoadReport(_publish(owner, moved), len(moved), len(gone), found.findings)


def _owner() -> Organisation:
    """The reserved organisation that shipped content belongs to; made when the shelf is filled for the first time."""
    owner = db.session.scalar(select(Organisation).where(Organisation.slug == OWNER))
    if owner is None:
        owner = Organisation(slug=OWNER, name="Hmut")
        db.session.add(owner)
        db.session.flush()
    return owner


def _current(owner: int) -> dict[Name, Publication]:
    rows = db.session.scalars(
        select(Publication)
        .where(Publication.organisation_id == owner, Publication.withdrawn_at.is_(None))
        .options(joinedload(Publication.revision).load_only(Revision.sha256))
    )
    return {(row.kind, row.key, row.language): row for row in rows}


def _stands(old: Publication | None, entry: Entry) -> bool:
    here = (entry.sha256, entry.path, entry.position)
    return old is not None and (old.revision.sha256, old.path, old.position) == here


def _withdraw(publications: list[Publication]) -> None:
    for publication in publications:
        publication.withdrawn_at = clock.now()
    db.session.flush()  # before the new ones: one entry has one current publication


def _publish(owner: int, moved: list[Entry]) -> int:
    """Publish the entries; returns how many revisions had to be written."""
    columns = (Revision.kind, Revision.key, Revision.language, Revision.sha256, Revision.id)
    known = {tuple(row[:4]): row.id for row in db.session.execute(select(*columns).filter_by(organisation_id=owner))}
    fresh = [entry for entry in moved if (*entry.name, entry.sha256) not in known]
    revisions = {entry.name: _revision(owner, entry) for entry in fresh}
    db.session.add_all(revisions.values())
    db.session.flush()
    for entry in moved:
        revision = revisions.get(entry.name)
        number = revision.id if revision else known[(*entry.name, entry.sha256)]
        db.session.add(Publication(revision_id=number, position=entry.position, **_place(owner, entry)))
    db.session.flush()
    return len(fresh)


def _revision(owner: int, entry: Entry) -> Revision:
    return Revision(**_place(owner, entry), sha256=entry.sha256, source=entry.source, data=entry.data)


def _place(owner: int, entry: Entry) -> dict[str, Any]:
    kind, key, language = entry.name
    return {"organisation_id": owner, "kind": kind, "key": key, "language": language, "path": entry.path}
