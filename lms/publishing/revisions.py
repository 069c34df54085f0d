"""Any item that was ever published, by the revision that an attempt or a piece of evidence keeps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import abort, current_app, has_request_context
from sqlalchemy import select

from lms.content.model import Item
from lms.content.stored import stored_item
from lms.database import db
from lms.publishing.current_content import all_published_before, current_content, owners, published_before
from lms.publishing.models import Publication, Revision
from lms.publishing.viewer import viewer


def item(revision_id: int) -> Item:
    """The item of this revision, published or not; 404 where the id is no item's, or another organisation's."""
    return find_item(revision_id) or abort(404)


def find_item(revision_id: int) -> Item | None:
    """The same, or None. A revision never changes, so what the process read once needs no look at the database."""
    return published_before(revision_id) or current_content().items.get(revision_id) or _withdrawn(revision_id)


def find_items(revision_ids: Iterable[int]) -> dict[int, Item]:
    """The same of many at once; ids without an item are left out."""
    at_hand = all_published_before()
    pairs = ((number, at_hand.get(number) or find_item(number)) for number in revision_ids)
    return {number: item for number, item in pairs if item}


def last_publication(key: str) -> Publication | None:
    """When the viewer's organisation, or else the shipped content, last had an item of this id on its shelf."""
    ours = Publication.organisation_id.in_(owners()), Publication.kind == "item", Publication.key == key
    newest = (Publication.organisation_id == (viewer() or 0)).desc(), Publication.id.desc()
    return db.session.scalar(select(Publication).where(*ours).order_by(*newest).limit(1))


def _withdrawn(revision_id: int) -> Item | None:
    """In a request only for those whose organisation may see it; commands and jobs work for everybody."""
    items: dict[int, tuple[int, Item]] = current_app.extensions.setdefault("withdrawn_items", {})
    if revision_id not in items:
        row = db.session.execute(
            select(Revision).where(Revision.id == revision_id, Revision.kind == "item"),
            execution_options={"unscoped": True},  # the owner is looked at below
        ).scalar_one_or_none()
        if row is None:
            return None
        items[revision_id] = row.organisation_id, read_stored(row.source.decode(), _head(row), row.path, row.data)
    owner, item = items[revision_id]
    return item if not has_request_context() or owner in owners() else None


def read_stored(source: str, head: str, path: str, data: dict[str, Any]) -> Item:
    """A stored item with the table that stood beside it then: the one place where stored bytes become an item."""
    table = data.get("stimulus")
    stimulus = stored_item(table, head, path) if table else None
    return stored_item(source, head, path, stimulus=stimulus)


def _head(row: Revision) -> str:
    """The head of the bank that the item stood in; the first release did not keep it beside the item."""
    if "head" in row.data:
        return str(row.data["head"])
    newest = db.session.scalar(
        select(Revision.source)
        .where(Revision.organisation_id == row.organisation_id, Revision.kind == "bank", Revision.key == row.path)
        .order_by(Revision.id.desc())
        .limit(1)
    )
    return (newest or b"").decode()
