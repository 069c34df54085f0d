"""What stands on the shelf now, read once per process and again only when a publication came or went."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import abort, current_app, g, has_request_context
from sqlalchemy import func, select

from lms.content.load import load
from lms.content.model import Item, Library
from lms.content.reference import Reference
from lms.content.stored import stored_item
from lms.database import db
from lms.publishing.files import saved_files, write_files
from lms.publishing.models import Publication, Revision

Stamp = tuple[int | None, int]


@dataclass(frozen=True)
class Published:
    """The library of the published revisions and the revision of each entry: (kind, key, language) -> id."""

    stamp: Stamp
    library: Library
    revisions: Mapping[tuple[str, str, str], int]
    items: Mapping[int, Item]


def published() -> Published:
    """The current shelf, one and the same for the whole of a request."""
    if not has_request_context():
        return _newest()
    if "shelf" not in g:
        g.shelf = _newest()
    found: Published = g.shelf
    return found


def _newest() -> Published:
    """Two numbers from the database say whether the process still knows the shelf."""
    newest, gone = db.session.execute(select(func.max(Publication.id), func.count(Publication.withdrawn_at))).one()
    stamp = (newest, gone)
    known: Published | None = current_app.extensions.get("shelf")
    if known is None or known.stamp != stamp:
        known = current_app.extensions["shelf"] = _read(stamp)
    return known


def library() -> Library:
    return published().library


def reference() -> Reference:
    return published().library.reference


def items(pool: str = "", module: str = "", course: str = "") -> list[tuple[int, Item]]:
    """The answerable published items, in file order, narrowed by what is given."""
    return [
        (revision, item)
        for revision, item in published().items.items()
        if item.answerable and pool in ("", item.pool) and module in ("", item.module) and course in ("", item.course)
    ]


def item(revision_id: int) -> Item:
    """The item of this revision, published or not; 404 where the id is no item's. A revision never changes, so what
    the process read once needs no look at the database."""
    known: Published | None = current_app.extensions.get("shelf")
    found = (known or published()).items.get(revision_id)
    return found or _withdrawn(revision_id)


def revision_of(key: str) -> int | None:
    """The published revision of an item."""
    return published().revisions.get(("item", key, ""))


def _read(stamp: Stamp) -> Published:
    rows = db.session.execute(
        select(Publication.kind, Publication.key, Publication.language, Publication.revision_id)
        .where(Publication.withdrawn_at.is_(None))
        .order_by(Publication.path, Publication.position)
    ).all()
    found = _parsed(_Files(saved_files()))
    revisions = {(row.kind, row.key, row.language): row.revision_id for row in rows}
    numbers = {key: number for (kind, key, _), number in revisions.items() if kind == "item"}
    items = {number: found.items[key] for key, number in numbers.items() if key in found.items}
    return Published(stamp, found, revisions, items)


class _Files(dict[str, bytes]):
    """Files that can key a cache: equal when every byte is."""

    def __hash__(self) -> int:  # type: ignore[override]
        digest = hashlib.sha256()
        for path, source in sorted(self.items()):
            digest.update(path.encode() + b"\0" + source)
        return int.from_bytes(digest.digest()[:8], "big")


@lru_cache(maxsize=2)
def _parsed(files: _Files) -> Library:
    """The library reads folders, so the shelf unfolds one."""
    with TemporaryDirectory() as folder:
        write_files(files, Path(folder))
        return load(Path(folder))


def _withdrawn(revision_id: int) -> Item:
    cache: dict[int, Item] = current_app.extensions.setdefault("shelf_items", {})
    if revision_id not in cache:
        revision = db.session.get(Revision, revision_id)
        if revision is None or revision.kind != "item":
            abort(404)
        cache[revision_id] = _parse(revision)
    return cache[revision_id]


def _parse(revision: Revision) -> Item:
    """An item of an older version, with the table that stood beside it then."""
    found = db.session.scalar(
        select(Revision.source).filter_by(kind="bank", key=revision.path).order_by(Revision.id.desc()).limit(1)
    )
    head = (found or b"").decode()
    table = revision.data.get("stimulus")
    stimulus = stored_item(table, head, revision.path) if table else None
    return stored_item(revision.source.decode(), head, revision.path, stimulus=stimulus)
