"""The items of a panel: drawn over the whole scale of difficulty, kept with the parameters of that day, shown as a test
would show them. They come from pools that are open anyway; the closed pool is never put before a panel."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from lms import evidence, publishing
from lms.assess.chance import chance
from lms.content import questions
from lms.content.model import Item
from lms.content.questions import DeliveredItem, Explanation
from lms.panels.models import Panel
from lms.psychometrics.items import ItemParameters, Items

POOLS = ("placement", "practice")


def drawn_items(pool: str, skill: str, count: int) -> list[dict[str, Any]]:
    """Of the pool, cut into as many parts of rising difficulty, one item by chance each; in a chance order, so that the
    page's number says nothing. Fewer where the pool has not so many."""
    drawn = {revision: item for revision, item in publishing.items(pool) if skill in ("", item.skill)}
    units = evidence.parameters(drawn)
    rising = sorted(units, key=lambda revision: (_middle(units[revision]), revision))
    rng = chance()
    chosen = [rng.choice(part) for part in _parts(rising, count)]
    rng.shuffle(chosen)
    return [_kept(revision, units[revision], rng.getrandbits(31)) for revision in chosen]


def _parts(rising: Sequence[int], count: int) -> list[Sequence[int]]:
    """As even as can be, none empty."""
    count = min(count, len(rising))
    ends = [round(len(rising) * place / count) for place in range(count + 1)] if count else []
    return [rising[low:high] for low, high in pairwise(ends)]


def _middle(unit: ItemParameters) -> float:
    return sum(unit.b) / len(unit.b)


def _kept(revision: int, unit: ItemParameters, seed: int) -> dict[str, Any]:
    return {"revision": revision, "seed": seed, "a": unit.a, "b": list(unit.b), "c": unit.c}


def parameters_of(panel: Panel) -> Items:
    """As they stood when the panel was opened."""
    return Items.of([ItemParameters(item["a"], tuple(item["b"]), item["c"]) for item in panel.items])


def item_at(panel: Panel, position: int) -> Item:
    """position: from 1."""
    return publishing.item(panel.items[position - 1]["revision"])


def shown_item(panel: Panel, position: int, language: str) -> DeliveredItem:
    item = item_at(panel, position)
    return questions.deliver(item, _instance(panel, position, item), language, publishing.links(item))


def explained_item(panel: Panel, position: int, language: str) -> Explanation:
    """Key and explanation: only for a judge who has rated the item in this round."""
    item = item_at(panel, position)
    return questions.explain(item, _instance(panel, position, item), None, language, publishing.links(item))


def _instance(panel: Panel, position: int, item: Item) -> dict[str, Any]:
    return questions.new_instance(item, panel.items[position - 1]["seed"], publishing.reference())
