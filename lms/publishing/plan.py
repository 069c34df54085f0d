"""What publishing a folder's files would do: what may be published, what is refused and why, what goes and from whom.

A file that the content check finds an error in keeps its last good version; the others are published. Which file an
error belongs to is the file that it names, or, where that one did not change, the changed file that goes with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lms.content.check import file_findings
from lms.content.errors import Finding
from lms.content.load import place_of
from lms.content.model import Course, Library, Module
from lms.content.text import Text
from lms.publishing.affected import people_by_key
from lms.publishing.content_units import ContentUnit, content_units
from lms.publishing.current_content import library as current_library
from lms.publishing.current_content import own_shelf, shipped_organisation
from lms.publishing.joined_shelves import authors_library
from lms.publishing.shelf import PublishedUnit, Shelf
from lms.publishing.viewer import content_of

NOT_WITH = Text(en="does not go with {place}: {message}", hy="չի համաձայնում սրան՝ {place}: {message}")
ANSWERED = ("course", "module", "item")  # kinds that people have progress or evidence on


@dataclass(frozen=True)
class Withdrawal:
    """A unit that leaves the shelf without a successor; people: ids of those who have something on it."""

    kind: str
    key: str
    path: str
    people: frozenset[int] = frozenset()

    def __str__(self) -> str:
        return f"{self.kind} {self.key} ({self.path}): {len(self.people)} people have progress or answers on it"


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
    notices: tuple[str, ...] = ()

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
    changed = {path for path in files.keys() | shelf.files.keys() if files.get(path) != shelf.files.get(path)}
    if not changed:
        return Plan(shelf)
    beneath = _beneath(organisation_id)
    accepted, library, refused, findings = _accept(files, shelf, beneath, changed, today)
    units = {unit.name: unit for unit in content_units(library, accepted, changed)}
    missing = [old for path in sorted(changed) for name, old in shelf.units_at(path).items() if name not in units]
    # Where a file cannot be read any more, its units stay: only what a readable file no longer holds is gone.
    readable = {unit.path for unit in units.values()}
    gone = [old for old in missing if old.path not in accepted or old.path in readable]
    fresh = [unit for name, unit in units.items() if not _stands(shelf.units.get(name), unit)]
    with content_of(organisation_id):
        before = current_library()
    return Plan(
        shelf=shelf,
        publish=tuple(fresh),
        replaced=tuple(shelf.units[unit.name] for unit in fresh if unit.name in shelf.units),
        gone=tuple(gone),
        refused=tuple(sorted(refused)),
        findings=findings,
        renames=tuple(_renames(before, library)),
        notices=tuple(_notices(before, library)),
    )


def _beneath(organisation_id: int) -> list[Shelf]:
    shipped = shipped_organisation()
    return [own_shelf(shipped)] if shipped is not None and shipped != organisation_id else []


def _files(shelves: Collection[Shelf]) -> dict[str, bytes]:
    return {path: source for shelf in shelves for path, source in shelf.files.items()}


def _accept(
    files: Mapping[str, bytes], shelf: Shelf, beneath: list[Shelf], changed: set[str], today: dt.date
) -> tuple[dict[str, bytes], Library, set[str], tuple[Finding, ...]]:
    """Refuse the files with errors and look again, since others may have needed them, until what is left is sound.
    Returns the organisation's files then, the library of what its people would read, what is refused, and why."""
    refused: set[str] = set()
    findings: dict[Finding, None] = {}
    while True:
        kept = {path: shelf.files[path] for path in refused & shelf.files.keys()}
        accepted = {path: data for path, data in files.items() if path not in refused} | kept
        library = authors_library({**_files(beneath), **accepted}, [shelf, *beneath])
        left = changed - refused
        blamed: set[str] = set()
        for finding in sorted({*file_findings(library, today, left)}):
            if finding.severity == "error":
                guilty = _blamed(finding, left)
                blamed |= guilty
                findings |= dict.fromkeys([finding, *_for_others(finding, guilty)] if guilty else ())
        refused |= blamed
        if not blamed:
            return accepted, library, refused, tuple(findings)


def _blamed(finding: Finding, changed: Collection[str]) -> set[str]:
    """The changed files that an error is laid to: the file itself, else its other language, else its course.yaml."""
    if finding.path in changed:
        return {finding.path}
    place, folder = place_of(finding.path), finding.path.rpartition("/")[0]
    other = {path for path in changed if place_of(path) == place}
    return other or {path for path in changed if path == f"{folder}/course.yaml"}


def _for_others(finding: Finding, guilty: Collection[str]) -> list[Finding]:
    """The same told of a file that is refused for what shows in another."""
    place = f"{finding.path}:{finding.line}"
    text = Text(
        en=NOT_WITH.en.format(place=place, message=finding.message),
        hy=NOT_WITH.hy.format(place=place, message=finding.words("hy")),
    )
    return [Finding.told(path, 1, finding.code, text) for path in sorted(guilty) if path != finding.path]


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


def _notices(before: Library, after: Library) -> list[str]:
    """What became of ids and addresses: an id is identity, a slug is only an address."""
    old_ids = _ids_by_place(before)
    notices = [
        f"{place}: the id {old_ids[place]} became {new}. An id is identity: progress and evidence stay with "
        f"{old_ids[place]}. To keep them, put the id back; to rename, change title and slug."
        for place, new in _ids_by_place(after).items()
        if place in old_ids and old_ids[place] != new
    ]
    return notices + [
        f"{rename.kind} {rename.key}: the address {rename.slug} became {rename.new}; "
        "the old one leads to it, progress stays"
        for rename in _renames(before, after)
    ]


def _ids_by_place(library: Library) -> dict[str, str]:
    courses = {course.path: course.id for course in library.courses.values()}
    modules = {place_of(next(iter(module.languages.values())).path): module.id for module in library.modules.values()}
    return courses | modules
