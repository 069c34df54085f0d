"""Who uses an item: checks that may draw it, texts that show it, items that belong to it or exclude it."""

from __future__ import annotations

from dataclasses import dataclass

from lms import publishing
from lms.content import Item
from lms.content.document import shows


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
    shown = [key for key, module in library.modules.items() if shows(module, item.id)]
    together = [other.id for other in library.items.values() if _same_table(item, other)]
    apart = {other.id for other in library.items.values() if item.id in other.enemies} | set(item.enemies)
    return Uses(
        check=item.module if item.pool == "practice" and item.module not in shown else None,
        pretest=item.course if item.pool == "pretest" else None,
        embedded=tuple(shown),
        together=tuple(together),
        apart=tuple(sorted(apart)),
    )


def _same_table(item: Item, other: Item) -> bool:
    return item.set_id is not None and other.set_id == item.set_id and other.answerable and other is not item
