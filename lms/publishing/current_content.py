"""What is published now for the people of an organisation: the shipped content, and their own before it.

Shipped content belongs to the reserved organisation `hmut`. In a request everything here answers for the organisation
of the person signed in; elsewhere for nobody's, that is for the shipped content alone, unless `content_of` says whose.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from flask import Flask, current_app, g, has_request_context
from flask_login import current_user
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from lms.content.load import library_from, place_of, published_library
from lms.content.model import Item, Library
from lms.content.reference import Reference
from lms.database import db
from lms.identity.models import Organisation
from lms.publishing.content_units import Name
from lms.publishing.models import ShelfVersion
from lms.publishing.overlaid_facts import overlaid
from lms.publishing.shelf import PublishedUnit, Shelf, advanced, empty

SHIPPED = "hmut"
_viewer: ContextVar[int | None] = ContextVar("viewer", default=None)
_held: ContextVar[dict[int | None, CurrentContent] | None] = ContextVar("held", default=None)


@dataclass(frozen=True)
class CurrentContent:
    """units: what is published, own before shipped; library: the same read; items: the published ones by revision;
    own: names that the organisation published itself (for nobody's organisation: the shipped ones); checked: facts that
    its people looked up, in place of the files'."""

    stamp: tuple[tuple[int, int], ...]  # organisation and version of each shelf
    units: Mapping[Name, PublishedUnit]
    library: Library
    items: Mapping[int, Item]
    own: frozenset[Name]
    checked: frozenset[str] = frozenset()

    @property
    def revisions(self) -> Mapping[Name, int]:
        return {name: unit.revision_id for name, unit in self.units.items()}


@dataclass
class Known:
    """What the process has read. One thread at a time reads what is missing; the others wait for it."""

    shelves: dict[int, Shelf] = field(default_factory=dict)
    contents: dict[int | None, CurrentContent] = field(default_factory=dict)
    shipped: list[int] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)


def init_app(app: Flask) -> None:
    app.extensions["publishing"] = Known()
    for name in ("after_commit", "after_rollback"):
        if not event.contains(db.session, name, _forget_uncommitted):
            event.listen(db.session, name, _forget_uncommitted)


@contextmanager
def content_of(organisation_id: int) -> Iterator[None]:
    """Inside, everything published is read as the people of this organisation see it."""
    token = _viewer.set(organisation_id)
    try:
        yield
    finally:
        _viewer.reset(token)


@contextmanager
def held_content() -> Iterator[None]:
    """Inside, as in a request, everything is read as it was published at first sight, without looking again."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def viewer() -> int | None:
    """The organisation that is answered for; None for nobody's."""
    chosen = _viewer.get()
    if chosen is None and has_request_context() and current_user and current_user.is_authenticated:
        return int(current_user.organisation_id)
    return chosen


def shipped_organisation() -> int | None:
    """The id of the reserved organisation; None until something was published."""
    known = _known()
    if not known.shipped:
        known.shipped.extend(db.session.scalars(select(Organisation.id).where(Organisation.slug == SHIPPED)))
    return known.shipped[0] if known.shipped else None


def owners() -> list[int]:
    """The organisations whose content the viewer sees."""
    found = {shipped_organisation(), viewer()}
    return sorted(number for number in found if number is not None)


def current_content() -> CurrentContent:
    """The viewer's content, one and the same for the whole of a request or of `held_content`."""
    chosen = _chosen()
    if chosen is None:
        return _newest(viewer())
    if (organisation := viewer()) not in chosen:
        chosen[organisation] = _newest(organisation)
    return chosen[organisation]


def _chosen() -> dict[int | None, CurrentContent] | None:
    """What this request or this scope has looked at; None outside of both."""
    if has_request_context():
        chosen: dict[int | None, CurrentContent] = g.setdefault("content", {})
        return chosen
    return _held.get()


def published_before(revision_id: int) -> Item | None:
    """The item of this revision among all that the process has read for the viewer; never asks the database."""
    content = _known().contents.get(viewer())
    return content.items.get(revision_id) if content else None


def own_shelf(organisation_id: int) -> Shelf:
    """What the organisation has published itself, now."""
    version = _versions([organisation_id]).get(organisation_id, 0)
    with _known().lock:
        return _shelf(organisation_id, version)


def library() -> Library:
    return current_content().library


def reference() -> Reference:
    return library().reference


def items(pool: str = "", module: str = "", course: str = "") -> list[tuple[int, Item]]:
    """The answerable published items, in file order, narrowed by what is given."""
    return [
        (revision, item)
        for revision, item in current_content().items.items()
        if item.answerable and pool in ("", item.pool) and module in ("", item.module) and course in ("", item.course)
    ]


def revision_of(key: str) -> int | None:
    """The published revision of an item."""
    unit = current_content().units.get(("item", key, ""))
    return unit.revision_id if unit else None


def is_own(kind: str, key: str, language: str = "") -> bool:
    """Whether the viewer's organisation published this itself; closed keys are shown to nobody else."""
    return (kind, key, language) in current_content().own


def edition(files: Mapping[str, bytes], shelves: Sequence[Shelf]) -> Library:
    """The library of these files as authors' work. Ids belong to the first of the shelves that published them."""
    return library_from(files, _holders(shelves))


def _holders(shelves: Sequence[Shelf]) -> dict[str, str]:
    holders: dict[str, str] = {}
    for shelf in reversed(shelves):
        holders |= {
            unit.name[1]: place_of(unit.path)
            for unit in shelf.units.values()
            if unit.name[0] in ("course", "module", "item")
        }
    return holders


def _newest(organisation: int | None) -> CurrentContent:
    """A number of each shelf says whether the process still knows them."""
    numbers = [number for number in (organisation, shipped_organisation()) if number is not None]
    versions = _versions(numbers)
    stamp = tuple((number, versions[number]) for number in dict.fromkeys(numbers) if number in versions)
    known = _known()
    content = known.contents.get(organisation)
    if content is None or not _is_current(content.stamp, stamp):
        with known.lock:
            content = known.contents.get(organisation)
            if content is None or not _is_current(content.stamp, stamp):
                content = known.contents[organisation] = _read(organisation, stamp)
    return content


def _is_current(known: tuple[tuple[int, int], ...], wanted: tuple[tuple[int, int], ...]) -> bool:
    """A thread whose transaction began a moment earlier may be content with what a later one has read."""
    before = dict(known)
    return before.keys() == dict(wanted).keys() and all(before[number] >= version for number, version in wanted)


def _read(organisation: int | None, stamp: tuple[tuple[int, int], ...]) -> CurrentContent:
    shelves = [_shelf(number, version) for number, version in stamp]
    if organisation is not None and len(shelves) == 1 and shelves[0].organisation_id != organisation:
        return _share(stamp)  # most organisations publish nothing themselves
    files: dict[str, bytes] = {}
    units: dict[Name, PublishedUnit] = {}
    for shelf in reversed(shelves):
        files |= shelf.files
        units |= shelf.units
    found, checked = overlaid(published_library(files, _holders(shelves)), organisation)
    own = frozenset(shelves[0].units) if shelves else frozenset()
    return CurrentContent(stamp, units, found, _items(units, found), own, checked)


def _share(stamp: tuple[tuple[int, int], ...]) -> CurrentContent:
    """The shipped content as those see it to whom it does not belong."""
    known = _known()
    shipped = known.contents.get(None)
    if shipped is None or not _is_current(shipped.stamp, stamp):
        shipped = known.contents[None] = _read(None, stamp)
    return replace(shipped, own=frozenset())


def _items(units: Mapping[Name, PublishedUnit], library: Library) -> dict[int, Item]:
    """By revision, in file order. A unit whose file gave way to an edited copy is not shown."""
    found = ((library.items.get(key), unit) for (kind, key, _), unit in units.items() if kind == "item")
    shown = [(unit, item) for item, unit in found if item is not None and item.path == unit.path]
    shown.sort(key=lambda pair: (pair[0].path, pair[0].position))
    return {unit.revision_id: item for unit, item in shown}


def _shelf(organisation_id: int, version: int) -> Shelf:
    shelves = _known().shelves
    shelf = shelves.get(organisation_id) or empty(organisation_id)
    if shelf.version < version:
        shelf = shelves[organisation_id] = advanced(shelf, version)
    return shelf


def _versions(organisations: list[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(ShelfVersion.organisation_id, ShelfVersion.number).where(ShelfVersion.organisation_id.in_(organisations))
    )
    return {row.organisation_id: row.number for row in rows}


def _known() -> Known:
    """A transaction that has published keeps what it reads to itself: it may yet be rolled back."""
    known: Known = db.session.info.get("uncommitted") or current_app.extensions["publishing"]
    return known


def keep_apart() -> None:
    """From here to the end of the transaction nothing that is read goes to the other threads."""
    if "uncommitted" not in db.session.info:
        known = _known()
        with known.lock:
            db.session.info["uncommitted"] = Known(dict(known.shelves), dict(known.contents))
    if (chosen := _chosen()) is not None:
        chosen.clear()


def _forget_uncommitted(session: Session) -> None:
    session.info.pop("uncommitted", None)
