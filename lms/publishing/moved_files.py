"""Where a refused file came from: what it took with it stays in force there, for ids are identity and paths are not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from lms.content.claimed_ids import claimed_ids, kind_of
from lms.content.errors import Finding
from lms.content.load import place_of
from lms.content.model import Library
from lms.content.text import Text
from lms.publishing.content_units import Name, content_units
from lms.publishing.shelf import Shelf

MOVED = Text(
    en="what stands here went to {path}, which is refused: this last good version stays until that is mended",
    hy="սրա բովանդակությունը տեղափոխված է {path} ֆայլ, որը մերժված է. մինչև այն ուղղելը գործում է այս տարբերակը",
)


def files_to_keep(
    files: Mapping[str, bytes], shelf: Shelf, library: Library, refused: Collection[str], left: Collection[str]
) -> dict[str, Finding | None]:
    """The changed or absent files (of `left`) that a refused one took something from, each with what is to be said,
    where its course has not said it. What another, sound file has is nobody's loss."""
    sound = {path for path in left if path in files and path not in refused}
    living = {unit.name for unit in content_units(library, files, sound)}
    homes: dict[str, str] = {}
    for path in sorted(path for path in refused if path in files):
        for home in _homes(path, files, shelf, living):
            for whole in _whole(home, files, shelf) if place_of(home) != place_of(path) else ():
                if whole in left and whole not in refused:
                    homes.setdefault(whole, path)
    return {home: _said(home, path, homes) for home, path in homes.items()}


def _said(home: str, path: str, homes: Collection[str]) -> Finding | None:
    folder = home.split("/")[1]
    if kind_of(home) != "course" and home.startswith("courses/") and f"courses/{folder}/course.yaml" in homes:
        return None
    return Finding.bilingual(home, 1, "moved", MOVED.filled(path=path))


def _homes(path: str, files: Mapping[str, bytes], shelf: Shelf, living: Collection[Name]) -> Iterator[str]:
    """By the ids that the file claims; of a newcomer whose ids cannot be made out, or that bears the name of a file
    that is not there any more, every such file could be the one."""
    names = claimed_ids(path, files[path])
    yield from (shelf.units[name].path for name in names if name in shelf.units and name not in living)
    if path in shelf.files or not (kind := kind_of(path)):
        return
    for home, file in shelf.published.items():
        alike = not names or (kind != "course" and _name(home) == _name(path))
        if alike and home not in files and kind_of(home) == kind and not file.units.keys() <= set(living):
            yield home


def _whole(home: str, files: Mapping[str, bytes], shelf: Shelf) -> list[str]:
    """A module stays with both languages, a course with all that went with it."""
    place, folder = place_of(home), home.rpartition("/")[0]
    if kind_of(home) == "course":
        return [home, *(path for path in shelf.files if path.startswith(f"{folder}/") and path not in files)]
    return [path for path in (home, f"{place}.hy.md", f"{place}.en.md") if path in shelf.published]


def _name(path: str) -> str:
    return path.rpartition("/")[2].lower()
