"""What publishing a folder's files would do: what may be published, what is refused and why, what goes and from whom.

A file that the content check finds an error in keeps its last good version, by the ids in it and wherever it went; the
others are published. See `acceptance`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from lms.content.errors import Finding
from lms.content.load import place_of
from lms.content.model import Course, Library, Module
from lms.content.text import Text
from lms.publishing.acceptance import Proposal, accept
from lms.publishing.affected import people_by_key
from lms.publishing.content_units import ContentUnit, content_units
from lms.publishing.current_content import library as current_library
from lms.publishing.current_content import own_shelf, shipped_organisation
from lms.publishing.shelf import PublishedUnit, Shelf
from lms.publishing.viewer import content_of

WITHDRAWN = Text(
    en="{kind} {key} ({path}): {people} people have progress or answers on it",
    hy="{kind} {key} ({path}). առաջընթաց կամ պատասխաններ ունեցող մարդիկ՝ {people}",
)
OTHER_ID = Text(
    en="{place}: the id {old} became {new}. An id is identity: progress and evidence stay with {old}. To keep them, "
    "put the id back; to rename, change title and slug.",
    hy="{place}. {old} id-ն դարձել է {new}։ Id-ն ինքնությունն է. առաջընթացն ու տվյալները մնում են {old} id-ի տակ։ "
    "Դրանք պահելու համար վերադարձրեք հին id-ն, վերանվանելու համար փոխեք վերնագիրը և slug-ը։",
)
OTHER_SLUG = Text(
    en="{kind} {key}: the address {slug} became {new}; the old one leads to it, progress stays",
    hy="{kind} {key}. {slug} հասցեն դարձել է {new}. հինը տանում է նորը, առաջընթացը մնում է",
)
OPENED = Text(
    en="item {name}: leaves the closed pool for {pool}: learners will see its key, and it cannot come back",
    hy="item {name}. փակ ֆոնդից անցնում է {pool} ֆոնդ. սովորողները կտեսնեն ճիշտ պատասխանը, և հետ բերել չի լինի",
)
ANSWERED = ("course", "module", "item")  # kinds that people have progress or evidence on


@dataclass(frozen=True)
class Withdrawal:
    """A unit that leaves the shelf without a successor; people: ids of those who have something on it."""

    kind: str
    key: str
    path: str
    people: frozenset[int] = frozenset()

    def said(self, language: str = "en") -> str:
        """What goes, and from how many people."""
        return WITHDRAWN.filled(**vars(self) | {"people": str(len(self.people))}).get(language)


@dataclass(frozen=True)
class Rename:
    """A course or module whose slug changed: `slug` is the former one, which goes on leading to it."""

    kind: str
    key: str
    slug: str
    new: str


@dataclass(frozen=True)
class Plan:
    """refused: files that keep their last good version, errors in `findings`; notices: what an author should know about
    ids and addresses; replaced and gone: units that leave the shelf, with and without a successor."""

    shelf: Shelf
    publish: tuple[ContentUnit, ...] = ()
    replaced: tuple[PublishedUnit, ...] = ()
    gone: tuple[PublishedUnit, ...] = ()
    refused: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    renames: tuple[Rename, ...] = ()
    notices: tuple[Text, ...] = ()

    @property
    def changes(self) -> bool:
        return bool(self.publish or self.gone)

    def withdrawals(self) -> list[Withdrawal]:
        """What goes and whom it touches, by kind."""
        by_kind: dict[str, list[PublishedUnit]] = {}
        for unit in self.gone:
            by_kind.setdefault(unit.name[0], []).append(unit)
        return [withdrawal for kind, units in by_kind.items() for withdrawal in _withdrawals(kind, units)]


def plan(organisation_id: int, files: Mapping[str, bytes], today: dt.date) -> Plan:
    """Bring the organisation's shelf to these files, as far as they are sound."""
    shelf = own_shelf(organisation_id)
    paths = files.keys() | shelf.files.keys()
    changed = frozenset(path for path in paths if files.get(path) != shelf.files.get(path))
    if not changed:
        return Plan(shelf)
    with content_of(organisation_id):
        before = current_library()
    accepted = accept(Proposal(files, changed, shelf, _beneath(organisation_id), before, today))
    units = {unit.name: unit for unit in content_units(accepted.library, accepted.files, changed)}
    missing = [old for path in sorted(changed) for name, old in shelf.units_at(path).items() if name not in units]
    # Where a file cannot be read any more, its units stay: only what a readable file no longer holds is gone.
    readable = {unit.path for unit in units.values()}
    gone = [old for old in missing if old.path not in accepted.files or old.path in readable]
    fresh = [unit for name, unit in units.items() if not _stands(shelf.units.get(name), unit)]
    return Plan(
        shelf=shelf,
        publish=tuple(fresh),
        replaced=tuple(shelf.units[unit.name] for unit in fresh if unit.name in shelf.units),
        gone=tuple(gone),
        refused=tuple(sorted(accepted.refused)),
        findings=accepted.findings,
        renames=tuple(_renames(before, accepted.library)),
        notices=tuple(_notices(before, accepted.library)),
    )


def _beneath(organisation_id: int) -> list[Shelf]:
    shipped = shipped_organisation()
    return [own_shelf(shipped)] if shipped is not None and shipped != organisation_id else []


def _stands(old: PublishedUnit | None, unit: ContentUnit) -> bool:
    here = (unit.sha256, unit.path, unit.position)
    return old is not None and (old.sha256, old.path, old.position) == here


def _withdrawals(kind: str, units: list[PublishedUnit]) -> list[Withdrawal]:
    paths = {unit.name[1]: unit.path for unit in units}
    people = people_by_key(kind, paths.keys()) if kind in ANSWERED else {}
    return [Withdrawal(kind, key, path, frozenset(people.get(key, ()))) for key, path in paths.items()]


def _renames(before: Library, after: Library) -> list[Rename]:
    pairs: list[tuple[str, Course | Module, Course | Module | None]]
    pairs = [("course", old, after.courses.get(key)) for key, old in before.courses.items()]
    pairs += [("module", old, after.modules.get(key)) for key, old in before.modules.items()]
    return [Rename(kind, old.id, old.slug, new.slug) for kind, old, new in pairs if new and new.slug != old.slug]


def _notices(before: Library, after: Library) -> list[Text]:
    """What became of ids, addresses and secrets: an id is identity, a slug is only an address."""
    old_ids = _ids_by_place(before)
    notices = [
        OTHER_ID.filled(place=place, old=old_ids[place], new=new)
        for place, new in _ids_by_place(after).items()
        if place in old_ids and old_ids[place] != new
    ]
    notices += [OTHER_SLUG.filled(**vars(rename)) for rename in _renames(before, after)]
    return notices + [OPENED.filled(name=name, pool=pool) for name, pool in _opened(before, after)]


def _opened(before: Library, after: Library) -> list[tuple[str, str]]:
    """Closed questions that learners would meet from now on, with their new pool."""
    closed = {name for bank in before.banks.values() if bank.pool == "closed" for name in bank.items_by_id}
    moved = [after.items[name] for name in sorted(closed & after.items.keys())]
    return [(item.id, item.pool) for item in moved if item.pool != "closed"]


def _ids_by_place(library: Library) -> dict[str, str]:
    courses = {course.path: course.id for course in library.courses.values()}
    modules = {place_of(next(iter(module.languages.values())).path): module.id for module in library.modules.values()}
    return courses | modules
