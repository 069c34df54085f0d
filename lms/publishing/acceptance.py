"""Which of the files that somebody wants to publish are refused, and why, until what is left is sound.

Which file an error belongs to is the file that it names, or, where that one did not change, the changed file that goes
with it or took away what it needs. A refused file keeps its last good version in force, wherever that stood (see
`moved_files`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from lms.content.check import file_findings
from lms.content.errors import Finding
from lms.content.load import is_bank, place_of
from lms.content.model import Library
from lms.content.parse_cache import read_banks
from lms.content.reading_cache import brought
from lms.content.text import Text
from lms.publishing.exposed_keys import exposed_key_findings
from lms.publishing.joined_shelves import authors_library
from lms.publishing.moved_files import files_to_keep
from lms.publishing.removed_names import removed_names
from lms.publishing.shelf import Shelf
from lms.publishing.two_processes import MANY, in_parts

NOT_WITH = Text(en="does not go with {place}: {message}", hy="չի համաձայնում սրան՝ {place}: {message}")


@dataclass(frozen=True, eq=False)
class Proposal:
    """The files an organisation wants to publish, its shelf, those beneath it, and what its people read now. changed:
    paths that came, went or hold other bytes."""

    files: Mapping[str, bytes]
    changed: frozenset[str]
    shelf: Shelf
    beneath: Sequence[Shelf]
    before: Library
    today: dt.date

    def accepted(self, refused: Collection[str]) -> dict[str, bytes]:
        """The organisation's files where these are refused."""
        kept = {path: self.shelf.files[path] for path in refused if path in self.shelf.files}
        return {path: data for path, data in self.files.items() if path not in refused} | kept

    def library(self, own_files: Mapping[str, bytes]) -> Library:
        """What its people would read with these files of their own."""
        beneath = {path: source for shelf in self.beneath for path, source in shelf.files.items()}
        return authors_library({**beneath, **own_files}, [self.shelf, *self.beneath])


@dataclass(frozen=True, eq=False)
class Acceptance:
    """The organisation's files then, the library of what its people would read, what is refused, and why."""

    files: Mapping[str, bytes]
    library: Library
    refused: frozenset[str]
    findings: tuple[Finding, ...]


def accept(proposal: Proposal) -> Acceptance:
    """Refuse the files with errors and look again, since others may have needed them."""
    _read_ahead(proposal)
    refused: frozenset[str] = frozenset()
    findings: dict[Finding, None] = {}
    while True:
        files = proposal.accepted(refused)
        library = proposal.library(files)
        left = proposal.changed - refused
        charges = dict(_charges(proposal, library, left)) or dict(_losses(proposal, library, files, left))
        if not charges:
            return Acceptance(files, library, refused, tuple(findings))
        for finding, guilty in charges.items():
            of_itself = () if finding.path in refused else (finding,)  # what stands there is not what was said before
            others = () if finding.code == "missing-file" and finding.path in refused else _for_others(finding, guilty)
            findings |= dict.fromkeys([*of_itself, *others])
        refused = refused.union(*charges.values())
        homes = files_to_keep(proposal.files, proposal.shelf, library, refused, left)
        refused |= homes.keys()
        findings |= dict.fromkeys(finding for finding in homes.values() if finding)


def _read_ahead(proposal: Proposal) -> None:
    """Many banks at once, as on a first start, are read by two processes."""
    banks = sorted(path for path in proposal.changed & proposal.files.keys() if is_bank(path))
    if len(banks) >= MANY:
        parts = in_parts(partial(read_banks, proposal.files), banks)
        with brought({call: result for readings in parts for call, result in readings.items()}):
            read_banks(proposal.files, banks)


def _charges(proposal: Proposal, library: Library, left: Collection[str]) -> Iterator[tuple[Finding, Collection[str]]]:
    exposed = exposed_key_findings(library, left, [proposal.shelf, *proposal.beneath])
    for finding in sorted({*_file_findings(library, proposal.today, left), *exposed}):
        if finding.severity == "error" and (guilty := _blamed(finding, left)):
            yield finding, guilty


def _file_findings(library: Library, today: dt.date, left: Collection[str]) -> set[Finding]:
    """A first start checks everything, and does so in two processes, since a file answers for itself."""
    return set().union(*in_parts(lambda paths: set(file_findings(library, today, frozenset(paths))), sorted(left)))


def _blamed(finding: Finding, left: Collection[str]) -> Collection[str]:
    """The changed files that an error is laid to: the file itself, else its other language, else its course.yaml, or
    what stands in a folder whose course.yaml is not there."""
    if finding.path in left:
        return {finding.path}
    place, folder = place_of(finding.path), finding.path.rpartition("/")[0]
    if finding.code == "missing-file":
        return {path for path in left if path.startswith(f"{folder}/")}
    other = {path for path in left if place_of(path) == place}
    return other or {path for path in left if path == f"{folder}/course.yaml"}


def _losses(
    proposal: Proposal, library: Library, files: Mapping[str, bytes], left: Collection[str]
) -> Iterator[tuple[Finding, Collection[str]]]:
    """What files that stay as they are would miss, laid to the files that no longer have it."""
    lost = removed_names(proposal.before, library)
    names = [name.encode() for name in lost]
    texts = [path for path, data in files.items() if path not in left and any(name in data for name in names)]
    if not texts:
        return
    today, before = proposal.today, proposal.library(proposal.shelf.files)
    for finding in sorted(set(file_findings(library, today, texts)) - set(file_findings(before, today, texts))):
        homes = {home for name, places in lost.items() if name in finding.message for home in places if home in left}
        if finding.severity == "error" and homes:
            yield finding, homes


def _for_others(finding: Finding, guilty: Collection[str]) -> list[Finding]:
    """The same told of a file that is refused for what shows in another."""
    place = f"{finding.path}:{finding.line}"
    text = Text(
        en=NOT_WITH.en.format(place=place, message=finding.message),
        hy=NOT_WITH.hy.format(place=place, message=finding.words("hy")),
    )
    return [Finding.bilingual(path, 1, finding.code, text) for path in sorted(guilty) if path != finding.path]
