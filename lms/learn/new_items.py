"""Questions whose answer could still become a person's evidence: neither their key was seen nor were they answered."""

from __future__ import annotations

from lms import evidence, publishing
from lms.content.model import Item


def new_items(person_id: int, *pools: str) -> list[tuple[int, Item]]:
    """Of these pools, each with its revision."""
    exposed = evidence.seen_keys(person_id) | evidence.answered_keys(person_id)
    return [(number, item) for pool in pools for number, item in publishing.items(pool) if item.id not in exposed]
