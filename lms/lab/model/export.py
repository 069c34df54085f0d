"""The export of W5: a month of posts with their figures, all from the seed, and the traps planted in it (design 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np

ROWS, DAYS, TOPICS = 28, 28, 12
PLATFORMS = ("instagram", "facebook", "telegram")
FORMATS = ("photo", "carousel", "short_video", "poll")
FOLLOWERS = (9400, 6200, 3100)  # of these platforms, about
RENAMED = 14  # from this day on the platform calls impressions views and counts them anew
RATE = {"photo": 0.035, "carousel": 0.055, "short_video": 0.045, "poll": 0.03}  # engagement by reach, about
SHOWN_TO = 0.3  # share of the followers that a usual post reaches
SPREAD, PAID, SMALL = 0.5, 0.18, 50  # of reach's logarithm; share of posts with spend; people of the small-number trap
FIGURES = (
    *("followers", "reach", "impressions", "views", "likes", "comments", "shares", "saves", "clicks"),
    *("spend", "conversions", "revenue"),
)


@dataclass(frozen=True)
class ExportRow:
    """One post. number: from 1; day: 0..27; topic: index; None where a figure is missing or not counted."""

    number: int
    day: int
    hour: int
    platform: str
    format: str
    topic: int
    followers: int
    reach: int
    impressions: int | None
    views: int | None
    likes: int | None
    comments: int
    shares: int
    saves: int
    clicks: int
    spend: int
    conversions: int
    revenue: int

    @property
    def engagement(self) -> int:
        """Likes, comments, shares and saves; those of a missing value are left out."""
        return (self.likes or 0) + self.comments + self.shares + self.saves

    def figure(self, name: str) -> int | None:
        value: int | None = getattr(self, name)
        return value


@dataclass(frozen=True)
class Export:
    """rows: by day. impossible, missing, viral, small: numbers of the rows in which those traps stand."""

    seed: int
    rows: tuple[ExportRow, ...]
    impossible: int
    missing: int
    viral: int
    small: int

    def row(self, number: int) -> ExportRow:
        return self.rows[number - 1]

    @property
    def sound(self) -> list[ExportRow]:
        """Without the row that cannot be and the one that lacks a value."""
        return [row for row in self.rows if row.number not in (self.impossible, self.missing)]


@lru_cache(maxsize=64)
def draw(seed: int) -> Export:
    """The month of a seed."""
    random = np.random.default_rng([seed, 501])
    start = {name: int(size * random.uniform(0.8, 1.25)) for name, size in zip(PLATFORMS, FOLLOWERS, strict=True)}
    shuffled = [int(at) for at in random.permutation(ROWS)]
    paid = set(shuffled[: round(ROWS * PAID) + 3])
    rows = [_row(random, at, start, at in paid) for at in range(ROWS)]
    return _planted(random, seed, rows, paid)


def _row(random: np.random.Generator, at: int, start: dict[str, int], paid: bool) -> ExportRow:
    platform, form = PLATFORMS[at % len(PLATFORMS)], FORMATS[int(random.integers(len(FORMATS)))]
    followers = start[platform] + 9 * at
    reach = max(240, int(followers * SHOWN_TO * np.exp(random.normal(0, SPREAD)) * (1.8 if paid else 1)))
    shown = int(reach * random.uniform(1.1, 1.6))
    engaged = _engaged(random, reach, form)
    clicks = int(random.binomial(reach, 0.014))
    spend = int(random.integers(8, 41)) * 500 if paid else 0
    bought = int(random.binomial(max(clicks, 20), 0.12)) + 1 if paid else int(random.binomial(clicks, 0.01))
    late = at >= RENAMED
    return ExportRow(
        number=at + 1,
        day=at * DAYS // ROWS,
        hour=int(random.choice([9, 12, 13, 18, 19, 20, 21])),
        platform=platform,
        format=form,
        topic=int(random.integers(TOPICS)),
        followers=followers,
        reach=reach,
        impressions=None if late else shown,
        views=int(shown * 1.25) if late else None,
        **engaged,
        clicks=clicks,
        spend=spend,
        conversions=bought,
        revenue=bought * int(random.integers(9, 16)) * 500,
    )


def _engaged(random: np.random.Generator, reach: int, form: str) -> dict[str, int]:
    """Likes 80 %, comments 7 %, shares 5 %, saves 8 % of those who react."""
    reacted = int(random.binomial(reach, RATE[form] * random.uniform(0.6, 1.5)))
    parts = random.multinomial(reacted, [0.80, 0.07, 0.05, 0.08])
    return {name: int(part) for name, part in zip(("likes", "comments", "shares", "saves"), parts, strict=True)}


def _planted(random: np.random.Generator, seed: int, rows: list[ExportRow], paid: set[int]) -> Export:
    """One of each trap, in rows of their own and never in one with spend, but for the outlier, which was paid for."""
    free = [at for at in range(ROWS) if at not in paid]
    impossible = next(at for at in random.permutation(free) if at >= RENAMED)
    missing, small = (int(at) for at in [each for each in random.permutation(free) if each != impossible][:2])
    viral = int(random.permutation(sorted(paid))[0])
    rows[impossible] = replace(rows[impossible], views=int(rows[impossible].reach * 0.7))
    rows[missing] = replace(rows[missing], likes=None)
    rows[small] = replace(_seen(rows[small], SMALL, 1.3), likes=4, comments=1, shares=0, saves=1, clicks=2)
    rows[viral] = _outlier(rows[viral])
    return Export(seed, tuple(rows), int(impossible) + 1, missing + 1, viral + 1, small + 1)


def _seen(row: ExportRow, reach: int, often: float) -> ExportRow:
    """The row as if so many people had seen it so often."""
    shown = round(reach * often)
    late = row.impressions is None
    return replace(row, reach=reach, impressions=None if late else shown, views=shown if late else None)


def _outlier(row: ExportRow) -> ExportRow:
    grown = _seen(row, row.reach * 7, 1.4)
    parts = [count * 7 for count in (row.likes or 0, row.comments, row.shares, row.saves, row.clicks)]
    likes, comments, shares, saves, clicks = parts
    return replace(grown, likes=likes, comments=comments, shares=shares, saves=saves, clicks=clicks, spend=48_000)


def total(rows: Sequence[ExportRow], name: str) -> int:
    """Sum of a figure; missing values are left out."""
    return sum(row.figure(name) or 0 for row in rows)


COLUMNS = tuple(each.name for each in fields(ExportRow))
