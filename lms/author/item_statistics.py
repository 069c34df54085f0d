"""How an item works, from the first answers of one organisation. No figure that needs many answers is given on few.

Pages read running counts (`item_counts`) and figures made in the background (`item_figures`): what they cost depends on
the number of items, not of answers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app

from lms import publishing
from lms.author import item_counts, item_figures
from lms.author.answer_table import scales
from lms.author.item_figures import ENOUGH, FitFigures, LanguageDif
from lms.author.tallies import Tally, correlation, median_seconds
from lms.content import Item
from lms.content.questions import TYPES
from lms.database import db

AT_ONCE = 20  # people whom a page counts itself


@dataclass(frozen=True)
class OptionStatistics:
    """place: in the author's order; share of the people who chose it; rest: r of choosing it with the share scored on
    the skill's other items, nan where undefined: it should be positive for the key and negative for the others."""

    place: int
    right: bool
    n: int
    share: float
    rest: float


@dataclass(frozen=True)
class ItemStatistics:
    """n: people who answered first; p: mean share of the full score; people: who has any evidence, so that n / people
    is the exposure; the rest is None below ENOUGH answers, or where its own condition (named there) isn't met.
    item_rest: r with the share scored on the skill's other items; for the others see `FitFigures`."""

    n: int
    people: int
    p: float
    categories: tuple[int, ...]
    omitted: int
    seconds: float | None
    options: tuple[OptionStatistics, ...]
    item_rest: float | None = None
    alpha: float | None = None
    alpha_without: float | None = None
    complete: int = 0
    infit: float | None = None
    outfit: float | None = None
    dif: LanguageDif | None = None
    leans_on: tuple[str, ...] = ()

    @property
    def enough(self) -> bool:
        return self.n >= ENOUGH


def item_statistics(organisation_id: int) -> dict[str, ItemStatistics]:
    """Every item that the organisation's people answered; kept while nobody is counted and nothing published."""
    item_counts.bring_up_to_date(organisation_id, AT_ONCE)
    db.session.rollback()  # a page that reads sees what has just been counted
    stamp = (item_counts.round_of(organisation_id), publishing.library())
    cache = current_app.extensions.setdefault("author_item_statistics", {})
    entry: tuple[object, dict[str, ItemStatistics]] | None = cache.get(organisation_id)
    if entry is None or entry[0] != stamp:
        entry = cache[organisation_id] = (stamp, _of_organisation(organisation_id))
    return entry[1]


def _of_organisation(organisation_id: int) -> dict[str, ItemStatistics]:
    present = item_counts.round_of(organisation_id)
    counts = item_counts.stored(organisation_id)
    return statistics_of(counts, present.people if present else 0, item_figures.stored(organisation_id))


def statistics_of(
    counts: item_counts.Cells, people: int, figures: Mapping[str, FitFigures]
) -> dict[str, ItemStatistics]:
    """Of the published items, over languages and revisions; an older revision counts while the item still has as many
    categories."""
    library, categories = publishing.library(), scales()
    by_key: dict[str, Tally] = {}
    for cell, tally in counts.items():
        if categories.get(cell.item_key) == cell.categories:
            by_key.setdefault(cell.item_key, Tally()).update(tally)
    return {
        key: _of_item(library.items[key], categories[key], tally, people, figures.get(key, FitFigures()))
        for key, tally in by_key.items()
    }


def _of_item(item: Item, categories: int, tally: Tally, people: int, figures: FitFigures) -> ItemStatistics:
    reached = tuple(tally[f"c{category}"] for category in range(categories))
    n = sum(reached)
    plain = {
        "n": n,
        "people": people,
        "p": sum(category * count for category, count in enumerate(reached)) / (n * (categories - 1)),
        "categories": _until_last(reached),
        "omitted": tally["o"],
        "seconds": median_seconds(tally),
        "options": _options(item, tally),
    }
    if n < ENOUGH:
        return ItemStatistics(**plain)  # type: ignore[arg-type]
    rest = correlation(*(tally[name] for name in ("n", "x", "xx", "r", "rr", "xr")))
    return ItemStatistics(**plain, item_rest=rest, **vars(figures))  # type: ignore[arg-type]


def _until_last(reached: tuple[int, ...]) -> tuple[int, ...]:
    """Without the highest categories where nobody is."""
    highest = max((category for category, count in enumerate(reached) if count), default=0)
    return reached[: highest + 1]


def _options(item: Item, tally: Tally) -> tuple[OptionStatistics, ...]:
    """Nothing for types without options; r only over people who have answered other items of the skill."""
    right = TYPES[item.type].right_options(item.text())
    return tuple(_option(place, is_right, tally) for place, is_right in enumerate(right))


def _option(place: int, right: bool, tally: Tally) -> OptionStatistics:
    picked, answers = tally[f"p{place}"], tally[f"q{place}"]
    rest = correlation(tally["fn"], answers, answers, tally["fr"], tally["frr"], tally[f"s{place}"])
    share = picked / tally["f"] if tally["f"] else 0.0
    return OptionStatistics(place, right, picked, share, math.nan if rest is None else rest)
