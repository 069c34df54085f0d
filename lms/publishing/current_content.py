"""What is published now for the people of an organisation: the shipped content, and their own before it.

Shipped content belongs to the reserved organisation `hmut`. In a request everything here answers for the organisation
of the person signed in; elsewhere for nobody's, that is for the shipped content alone, unless `content_of` says whose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace

from flask import g, has_request_context
from sqlalchemy import bindparam, select

from lms.content.model import Item, Library
from lms.content.reference import Reference
from lms.database import db
from lms.identity.models import Organisation
from lms.publishing.content_cache import content_cache, keep_to_transaction
from lms.publishing.joined_shelves import CurrentContent, Stamp, joined
from lms.publishing.models import ShelfVersion
from lms.publishing.shelf import Shelf, advanced
from lms.publishing.viewer import viewer

SHIPPED = "hmut"
_VERSIONS = select(ShelfVersion.organisation_id, ShelfVersion.number).where(
    ShelfVersion.organisation_id.in_(bindparam("organisations", expanding=True))
)
_held: ContextVar[dict[int | None, CurrentContent] | None] = ContextVar("held", default=None)


@contextmanager
def held_content() -> Iterator[None]:
    """Inside, as in a request, everything is read as it was published at first sight, without looking again."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def shipped_organisation() -> int | None:
    """The id of the reserved organisation; None until something was published."""
    shipped = content_cache().shipped
    if not shipped:
        shipped.extend(db.session.scalars(select(Organisation.id).where(Organisation.slug == SHIPPED)))
    return shipped[0] if shipped else None


def owners() -> list[int]:
    """The organisations whose content the viewer sees."""
    names = {shipped_organisation(), viewer()}
    return sorted(number for number in names if number is not None)


def current_content() -> CurrentContent:
    """The viewer's content, one and the same for the whole of a request or of `held_content`."""
    by_organisation = _chosen()
    if by_organisation is None:
        return _newest(viewer())
    if (organisation := viewer()) not in by_organisation:
        by_organisation[organisation] = _newest(organisation)
    return by_organisation[organisation]


def _chosen() -> dict[int | None, CurrentContent] | None:
    """What this request or this scope has looked at; None outside of both."""
    if has_request_context():
        by_organisation: dict[int | None, CurrentContent] = g.setdefault("content", {})
        return by_organisation
    return _held.get()


def published_before(revision_id: int) -> Item | None:
    """The item of this revision among all that the process has read for the viewer; never asks the database."""
    return all_published_before().get(revision_id)


def all_published_before() -> Mapping[int, Item]:
    """All of them by revision."""
    content = content_cache().contents.get(viewer())
    return content.items if content else {}


def own_shelf(organisation_id: int) -> Shelf:
    """What the organisation has published itself, now."""
    version = _versions([organisation_id]).get(organisation_id, 0)
    with content_cache().lock:
        return _shelf(organisation_id, version)


def library() -> Library:
    return current_content().library


def reference() -> Reference:
    return library().reference


def items(pool: str = "", module: str = "", course: str = "") -> list[tuple[int, Item]]:
    """The answerable published items that count, in file order, narrowed by what is given."""
    return [pair for pair in _answerable(pool, module, course) if not pair[1].pretest]


def trials(pool: str = "", module: str = "", course: str = "") -> list[tuple[int, Item]]:
    """Those on trial, which count for nobody."""
    return [pair for pair in _answerable(pool, module, course) if pair[1].pretest]


def _answerable(pool: str, module: str, course: str) -> Iterator[tuple[int, Item]]:
    for revision, item in _narrowed(current_content(), pool, module):
        if item.answerable and pool in ("", item.pool) and course in ("", item.course):
            yield revision, item


def _narrowed(content: CurrentContent, pool: str, module: str) -> Iterable[tuple[int, Item]]:
    if module:
        return content.of_module.get(module, ())
    return content.of_pool.get(pool, ()) if pool else content.items.items()


def revision_of(key: str, kind: str = "item") -> int | None:
    """The published revision of what has no language: an item, a reference file."""
    unit = current_content().units.get((kind, key, ""))
    return unit.revision_id if unit else None


def is_own(kind: str, key: str, language: str = "") -> bool:
    """Whether the viewer's organisation published this itself; closed keys are shown to nobody else."""
    return (kind, key, language) in current_content().own_names


def _newest(organisation: int | None) -> CurrentContent:
    """A number of each shelf says whether the process still knows them."""
    numbers = [number for number in (organisation, shipped_organisation()) if number is not None]
    versions = _versions(numbers)
    stamp = tuple((number, versions[number]) for number in dict.fromkeys(numbers) if number in versions)
    cache = content_cache()
    content = cache.contents.get(organisation)
    if content is None or not _is_current(content.stamp, stamp):
        with cache.lock:
            content = cache.contents.get(organisation)
            if content is None or not _is_current(content.stamp, stamp):
                content = cache.contents[organisation] = _read(organisation, stamp)
    return content


def _is_current(read: Stamp, wanted: Stamp) -> bool:
    """A thread whose transaction began a moment earlier may be content with what a later one has read."""
    before = dict(read)
    return before.keys() == dict(wanted).keys() and all(before[number] >= version for number, version in wanted)


def _read(organisation: int | None, stamp: Stamp) -> CurrentContent:
    shelves = [_shelf(number, version) for number, version in stamp]
    if organisation is not None and len(shelves) == 1 and shelves[0].organisation_id != organisation:
        return _share(stamp)  # most organisations publish nothing themselves
    return joined(shelves, stamp, organisation)


def _share(stamp: Stamp) -> CurrentContent:
    """The shipped content as those see it to whom it does not belong."""
    contents = content_cache().contents
    shipped = contents.get(None)
    if shipped is None or not _is_current(shipped.stamp, stamp):
        shipped = contents[None] = _read(None, stamp)
    return replace(shipped, own_names=frozenset())


def _shelf(organisation_id: int, version: int) -> Shelf:
    shelves = content_cache().shelves
    shelf = shelves.get(organisation_id) or Shelf(organisation_id)
    if shelf.version < version:
        shelf = shelves[organisation_id] = advanced(shelf, version)
    return shelf


def _versions(organisations: list[int]) -> dict[int, int]:
    rows = db.session.execute(_VERSIONS, {"organisations": organisations})
    return {row.organisation_id: row.number for row in rows}


def keep_apart() -> None:
    """From here to the end of the transaction nothing that is read goes to the other threads."""
    keep_to_transaction()
    if (by_organisation := _chosen()) is not None:
        by_organisation.clear()
