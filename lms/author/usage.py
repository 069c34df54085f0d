"""Who uses an item: checks that may draw it, texts that show it, items that belong to it or exclude it."""

from __future__ import annotations

from dataclasses import dataclass

from lms import publishing
from lms.content import Item


@dataclass(frozen=True)
class Uses:
    """check: the module whose check may draw it; pretest: the course; embedded: modules whose text shows it; together:
    items over the same table; apart: items that never stand in one test with it."""

    check: str | None
    pretest: str | None
    embedded: tuple[str, ...]
    together: tuple[str, ...]
    apart: tuple[str, ...]


def uses(item: Item) -> Uses:
    library = publishing.library()
    mark = f"{{{{item:{item.id}}}}}"
    shown = [
        key for key, module in library.modules.items() if any(mark in text.body for text in module.languages.values())
    ]
    apart = {other.id for other in library.items.values() if item.id in other.enemies} | set(item.enemies)
    return Uses(
        check=item.module if item.pool == "practice" else None,
        pretest=item.course if item.pool == "pretest" else None,
        embedded=tuple(shown),
        together=_together(item),
        apart=tuple(sorted(apart)),
    )


def _together(item: Item) -> tuple[str, ...]:
    if not item.set_id:
        return ()
    items = publishing.library().items.values()
    same_set = [other for other in items if other.set_id == item.set_id and other.answerable]
    return tuple(other.id for other in same_set if other is not item)
