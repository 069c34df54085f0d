"""Which items a check asks: random ones of the module's bank, unseen ones first, sets whole, enemies apart."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence

from lms.content.model import Item

AT_LEAST, AT_MOST = 6, 8
Numbered = tuple[int, Item]


def draw(
    bank: Sequence[Numbered], seen: Collection[str], rng: random.Random, least: int = AT_LEAST, most: int = AT_MOST
) -> list[int]:
    """Revision ids of a check: `least` to `most` where the bank allows. The items of a table stay together."""
    groups: dict[str, list[Numbered]] = {}
    for number, item in bank:
        groups.setdefault(item.set_id or item.id, []).append((number, item))
    shuffled = rng.sample(list(groups.values()), len(groups))
    fresh_first = sorted(shuffled, key=lambda group: all(item.id in seen for _, item in group))
    taken: list[Numbered] = []
    for group in fresh_first:
        if len(taken) < least and len(taken) + len(group) <= most and not _enemies(group, taken):
            taken += group
    return [number for number, _ in taken]


def _enemies(group: Sequence[Numbered], taken: Sequence[Numbered]) -> bool:
    """Whether an item of one gives away another, said by either of them."""
    return any(one.id in other.enemies or other.id in one.enemies for _, one in group for _, other in taken)
