"""From files to an organisation's shelf. What has not changed writes nothing; what is refused leaves the rest alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from lms import clock
from lms.content.content_files import read_files
from lms.content.errors import Finding
from lms.content.text import Text
from lms.database import db
from lms.database.upsert import insert_new
from lms.identity.models import Organisation
from lms.publishing.content_units import ContentUnit
from lms.publishing.current_content import SHIPPED, keep_apart
from lms.publishing.models import FormerSlug, Publication, Revision
from lms.publishing.plan import Plan, Rename, Withdrawal, plan
from lms.publishing.rendering import render_changed, render_published
from lms.publishing.shelf import PublishedUnit
from lms.publishing.shelf_version import next_version
from lms.publishing.viewer import content_of


@dataclass(frozen=True)
class LoadReport:
    """Revisions newly written, units published and withdrawn; what was refused and why; what went and whom it touches;
    what an author should know about ids and addresses."""

    revisions: int = 0
    published: int = 0
    withdrawn: int = 0
    findings: tuple[Finding, ...] = ()
    refused: tuple[str, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    notices: tuple[Text, ...] = ()


def load(root: Path, organisation_id: int | None = None) -> LoadReport:
    """Bring the shipped content, or an organisation's own, to what stands below `root`: revisions, publications, pages,
    search. The caller commits."""
    return load_files(shipped_owner() if organisation_id is None else organisation_id, read_files(root))


def load_files(organisation_id: int, files: Mapping[str, bytes]) -> LoadReport:
    """The same for files that were read already."""
    report = publish(organisation_id, files)
    with content_of(organisation_id):
        render_published()
    return report


def publish(organisation_id: int, files: Mapping[str, bytes]) -> LoadReport:
    """The same for files in memory. Costs what the changed files cost, however many there are; the caller commits."""
    today = clock.now().date()
    if not (first := plan(organisation_id, files, today)).changes:
        return _report(first, 0, ())
    version = next_version(organisation_id)  # from here to the commit nobody else publishes for the organisation
    final = plan(organisation_id, files, today) if version != first.shelf.version + 1 else first
    withdrawals = tuple(final.withdrawals())
    keep_apart()
    revisions = _apply(final, organisation_id, version)
    with content_of(organisation_id):
        render_changed(final.publish, {unit.revision_id for unit in (*final.replaced, *final.gone)})
    return _report(final, revisions, withdrawals)


def shipped_owner() -> int:
    """The reserved organisation that shipped content belongs to; made when the shelf is filled for the first time."""
    owner = db.session.scalar(select(Organisation).where(Organisation.slug == SHIPPED))
    if owner is None:
        owner = Organisation(slug=SHIPPED, name="Hmut")
        db.session.add(owner)
        db.session.flush()
    return owner.id


def _report(done: Plan, revisions: int, withdrawals: tuple[Withdrawal, ...]) -> LoadReport:
    return LoadReport(
        revisions, len(done.publish), len(done.gone), done.findings, done.refused, withdrawals, done.notices
    )


def _apply(final: Plan, organisation_id: int, version: int) -> int:
    """Write the plan; returns how many revisions were new."""
    leaving = [*final.replaced, *final.gone]
    _withdraw(organisation_id, leaving, version)
    fresh, numbers = _revisions(organisation_id, final.publish)
    for unit in final.publish:
        place = _place(organisation_id, unit)
        db.session.add(
            Publication(
                revision_id=numbers[unit.name, unit.sha256],
                position=unit.position,
                published_version=version,
                published_at=clock.now(),
                **place,
            )
        )
    _remember_slugs(organisation_id, final.renames)
    db.session.flush()
    return fresh


def _withdraw(organisation_id: int, units: Sequence[PublishedUnit], version: int) -> None:
    """Before the new ones: a unit has one current publication."""
    if units:
        db.session.execute(
            update(Publication)
            .where(
                Publication.organisation_id == organisation_id,
                Publication.id.in_([unit.publication_id for unit in units]),
            )
            .values(withdrawn_at=clock.now(), withdrawn_version=version)
        )


def _revisions(organisation_id: int, units: Collection[ContentUnit]) -> tuple[int, dict[Any, int]]:
    """How many revisions had to be written, and the number of each: (name, digest) -> id."""
    rows = db.session.execute(
        select(Revision.kind, Revision.key, Revision.language, Revision.sha256, Revision.id).where(
            Revision.organisation_id == organisation_id, Revision.key.in_({unit.key for unit in units})
        )
    )
    numbers: dict[Any, int] = {((row.kind, row.key, row.language), row.sha256): row.id for row in rows}
    fresh = {(unit.name, unit.sha256): unit for unit in units if (unit.name, unit.sha256) not in numbers}
    written = {name: _revision(organisation_id, unit) for name, unit in fresh.items()}
    db.session.add_all(written.values())
    db.session.flush()
    return len(written), numbers | {name: revision.id for name, revision in written.items()}


def _revision(organisation_id: int, unit: ContentUnit) -> Revision:
    return Revision(**_place(organisation_id, unit), sha256=unit.sha256, source=unit.source, data=unit.data)


def _place(organisation_id: int, unit: ContentUnit) -> dict[str, Any]:
    kind, key, language = unit.name
    return {"organisation_id": organisation_id, "kind": kind, "key": key, "language": language, "path": unit.path}


def _remember_slugs(organisation_id: int, renames: Collection[Rename]) -> None:
    rows = [{"kind": rename.kind, "key": rename.key, "slug": rename.slug} for rename in renames]
    insert_new(FormerSlug, [{"organisation_id": organisation_id, **row} for row in rows])
