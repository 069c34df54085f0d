"""Classical statistics of items and options, for authors."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lms.psychometrics.arrays import Flags, Floats, Ints


@dataclass(frozen=True)
class ItemTable:
    """Per item, all (n,).

    n: answers. omitted: people without one. p: mean share of the full score. item_rest: correlation with the share
    scored on the other items. alpha_without: alpha of the form without the item. seconds: median time.
    alpha: KR-20 when every item is right or wrong, over the `complete` people who answered everything. nan where
    undefined.
    """

    n: Ints
    omitted: Ints
    p: Floats
    item_rest: Floats
    alpha_without: Floats
    seconds: Floats
    alpha: float
    complete: int


@dataclass(frozen=True)
class OptionTable:
    """Per option (K,): how many and what share of the people chose it, and its correlation with their rest scores: it
    should be positive for the key and negative for a distractor."""

    n: Ints
    share: Floats
    rest: Floats


def item_table(answers: ArrayLike, maxima: ArrayLike | None = None, seconds: ArrayLike | None = None) -> ItemTable:
    """answers (N, n): categories, -1 for omitted; maxima (n,): full scores, by default the highest given; seconds
    (N, n), nan where unknown."""
    x = np.asarray(answers, float)
    answered = x >= 0
    full = np.maximum(x.max(axis=0, initial=1), 1) if maxima is None else np.asarray(maxima, float)
    score = np.where(answered, x, 0.0)
    n = answered.sum(axis=0)
    complete = x[answered.all(axis=1)]
    return ItemTable(
        n=n,
        omitted=len(x) - n,
        p=np.where(n > 0, score.sum(axis=0), np.nan) / np.maximum(n * full, 1),
        item_rest=_item_rest(x, answered, _rest_shares(score, answered, full)),
        alpha_without=_alpha_without(complete),
        seconds=_medians(np.full(x.shape, np.nan) if seconds is None else np.asarray(seconds, float)),
        alpha=alpha(complete),
        complete=len(complete),
    )


def alpha(scores: Floats) -> float:
    """Cronbach's alpha of complete scores (N, n); nan below two items or people, or without any variance."""
    people, n = scores.shape
    total = scores.sum(axis=1).var() if people > 1 else 0.0
    if n < 2 or total <= 0:
        return np.nan
    return float(n / (n - 1) * (1 - scores.var(axis=0).sum() / total))


def correlation(x: Floats, y: Floats) -> float:
    """Pearson's r of x and y (N,); nan where one of them is constant."""
    if len(x) < 2:
        return np.nan
    x = x - x.mean()
    y = y - y.mean()
    norm = np.sqrt((x @ x) * (y @ y))
    return float(x @ y / norm) if norm > 1e-12 else np.nan


def distractors(chosen: Sequence[Hashable], rest: ArrayLike, options: Sequence[Hashable]) -> OptionTable:
    """chosen (N,): option of each person, anything else (None) for omitted; rest (N,): score on the other items."""
    picks = np.array([[choice == option for choice in chosen] for option in options], float)
    rest_scores = np.asarray(rest, float)
    n = picks.sum(axis=1)
    return OptionTable(
        n=n.astype(int),
        share=n / max(len(chosen), 1),
        rest=np.array([correlation(picked, rest_scores) for picked in picks]),
    )


def _rest_shares(score: Floats, answered: Flags, full: Floats) -> Floats:
    """Share scored on the other items by every person, (N, n)."""
    others = score.sum(axis=1)[:, None] - score
    possible = answered @ full[:, None] - answered * full
    return np.asarray(others / np.maximum(possible, 1e-12))


def _item_rest(x: Floats, answered: Flags, rest: Floats) -> Floats:
    correlations = []
    for item in range(x.shape[1]):
        people = answered[:, item]
        correlations.append(correlation(x[people, item], rest[people, item]))
    return np.array(correlations)


def _alpha_without(complete: Floats) -> Floats:
    return np.array([alpha(np.delete(complete, item, axis=1)) for item in range(complete.shape[1])])


def _medians(times: Floats) -> Floats:
    """Per column, over what is known; nan where nothing is."""
    known = [column[np.isfinite(column)] for column in times.T]
    return np.array([np.median(column) if len(column) else np.nan for column in known])
