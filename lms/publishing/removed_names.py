"""What one library has and the next has not: names that texts refer to, and the files where they stood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lms.content.model import Library
from lms.content.reference import FOLDER, Reference

Loss = tuple[str, frozenset[str]]


def removed_names(before: Library, after: Library) -> dict[str, frozenset[str]]:
    """Ids and names of pictures and sheets that went -> the files that had them. Costs what went, not what there is."""
    return dict(_losses(before, after))


def _losses(before: Library, after: Library) -> Iterator[Loss]:
    for name in before.items.keys() - after.items.keys():
        yield name, frozenset({before.items[name].path})
    for name in before.courses.keys() - after.courses.keys():
        yield name, frozenset({before.courses[name].path})
    for name in before.modules.keys() - after.modules.keys():
        yield name, frozenset(text.path for text in before.modules[name].languages.values())
    yield from _beside("figures", before.figures, after.figures)
    yield from _beside("sheets", before.sheets, after.sheets)
    was, now = _entries(before.reference), _entries(after.reference)
    for stem, entries in was.items():
        yield from ((name, frozenset({f"{FOLDER}/{stem}.yaml"})) for name in entries.keys() - now[stem].keys())


def _beside(kind: str, before: Mapping[str, frozenset[str]], after: Mapping[str, frozenset[str]]) -> Iterator[Loss]:
    for folder, names in before.items():
        for name in names - after.get(folder, frozenset()):
            yield f"{kind}/{name}", frozenset({f"courses/{folder}/{kind}/{name}"})


def _entries(reference: Reference) -> dict[str, Mapping[str, object]]:
    """By the file they stand in."""
    return {
        "platform_facts": reference.facts,
        "metrics": reference.metrics,
        "seed": reference.seed,
        "skill_matrix": reference.framework.sub_competencies,
    }
