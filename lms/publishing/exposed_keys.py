"""A question that was asked outside the closed pool has a key that people know: it can decide nothing any more."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import select

from lms.content.errors import Finding
from lms.content.model import Library
from lms.content.text import Text
from lms.database import db
from lms.publishing.models import Publication
from lms.publishing.shelf import Shelf

CLOSED = "quizzes/closed/"
KNOWN = Text(
    en="{id} was asked outside the closed pool, so its key is known: leave it there and write another question under a "
    "new id",
    hy="{id} հարցը տրվել է փակ ֆոնդից դուրս, և պատասխանը հայտնի է. թողեք այն իր տեղում և նոր id-ով այլ հարց գրեք",
)


def exposed_key_findings(library: Library, changed: Collection[str], shelves: Sequence[Shelf]) -> Iterator[Finding]:
    """About the items of changed closed banks, whatever has become of them in between."""
    closed = {item.id: item for item in library.items_in({path for path in changed if path.startswith(CLOSED)})}
    for name in sorted(_asked_openly(closed.keys(), [shelf.organisation_id for shelf in shelves])):
        yield Finding.bilingual(closed[name].path, closed[name].line, "pool", KNOWN.filled(id=name))


def _asked_openly(keys: Collection[str], organisations: Collection[int]) -> set[str]:
    if not keys:
        return set()
    statement = select(Publication.key).where(
        Publication.organisation_id.in_(organisations),
        Publication.kind == "item",
        Publication.key.in_(keys),
        ~Publication.path.startswith(CLOSED),
    )
    return set(db.session.scalars(statement))
