"""Classical item statistics for authors: what people chose, how hard it was, how well it goes with the rest."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lms.score.model import Floats


class TooFew(ValueError):
    """Too few people for a statistic to mean anything."""


def need(have: int, least: int, what: str) -> None:
    """TooFew, saying of what, unless there are at least so many."""
    if have < least:
        raise TooFew(f"{what}: {have} are too few, {least} are needed")


@dataclass(frozen=True)
class ItemRow:
    """n: answers; omitted: people without one; p: mean share of the full score; item_rest: correlation with the share
    scored on the other items; alpha_without: alpha of the form without the item; seconds: median time. nan where
    undefined."""

    n: int
    omitted: int
    p: float
    item_rest: float
    alpha_without: float
    seconds: float


@dataclass(frozen=True)
class Table:
    """alpha (KR-20 when every item is right or wrong) over the `complete` people who answered everything."""

    items: tuple[ItemRow, ...]
    alpha: float
    complete: int


def item_table(answers: ArrayLike, maxima: ArrayLike | None = None, seconds: ArrayLike | None = None) -> Table:
    """answers (N, n): categories, -1 for omitted; maxima (n,): full scores, by default the highest seen; seconds
    (N, n), nan where unknown."""
    x = np.asarray(answers, float)
    seen = x >= 0
    top = np.maximum(x.max(axis=0, initial=1), 1) if maxima is None else np.asarray(maxima, float)
    score = np.where(seen, x, 0.0)
    rest = (score.sum(axis=1)[:, None] - score) / np.maximum(seen @ top[:, None] - seen * top, 1e-12)
    whole = x[seen.all(axis=1)]
    times = np.full(x.shape, np.nan) if seconds is None else np.asarray(seconds, float)
    rows = []
    for i in range(x.shape[1]):
        own = seen[:, i]
        clock = times[~np.isnan(times[:, i]), i]
        rows.append(ItemRow(
            int(own.sum()), int((~own).sum()), float(x[own, i].mean() / top[i]) if own.any() else np.nan,
            correlation(x[own, i], rest[own, i]), alpha(np.delete(whole, i, axis=1)),
            float(np.median(clock)) if len(clock) else np.nan,
        ))  # fmt: skip
    return Table(tuple(rows), alpha(whole), len(whole))


def alpha(scores: Floats) -> float:
    """Cronbach's alpha of complete scores (N, n); nan below two items or people, or without any variance."""
    n = scores.shape[1]
    total = scores.sum(axis=1).var() if len(scores) > 1 else 0.0
    return float(n / (n - 1) * (1 - scores.var(axis=0).sum() / total)) if n > 1 and total > 0 else np.nan


def correlation(x: Floats, y: Floats) -> float:
    """Pearson's r of x and y (N,); nan where one of them is constant."""
    if len(x) < 2:
        return np.nan
    x, y = x - x.mean(), y - y.mean()
    norm = np.sqrt((x @ x) * (y @ y))
    return float(x @ y / norm) if norm > 1e-12 else np.nan


@dataclass(frozen=True)
class OptionRow:
    """How many and what share of the people chose an option, and its correlation with their rest scores: it should be
    positive for the key and negative for a distractor."""

    option: Hashable
    key: bool
    n: int
    share: float
    option_rest: float


def distractors(
    chosen: Sequence[Hashable], rest: ArrayLike, options: Sequence[Hashable], key: Hashable
) -> tuple[OptionRow, ...]:
    """chosen (N,): option of each person, anything else (None) for omitted; rest (N,): score on the other items."""
    others = np.asarray(rest, float)
    rows = []
    for option in options:
        took = np.array([choice == option for choice in chosen], float)
        share = float(took.mean()) if len(took) else np.nan
        rows.append(OptionRow(option, option == key, int(took.sum()), share, correlation(took, others)))
    return tuple(rows)
