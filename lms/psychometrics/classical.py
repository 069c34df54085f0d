"""Classical statistics of items and options, for authors."""

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


def item_table(
    answers: ArrayLike,
    maxima: ArrayLike | None = None,
    seconds: ArrayLike | None = None,
) -> ItemTable:
    """answers (N, n): categories, -1 for omitted; maxima (n,): full scores, by default the highest given; seconds
    (N, n), nan where unknown."""
    x = np.asarray(answers, float)
    answered = x >= 0
    full = _full_scores(x, maxima)
    score = np.where(answered, x, 0.0)
    reached = score.sum(axis=0)
    n = answered.sum(axis=0)
    complete = x[answered.all(axis=1)]
    return ItemTable(
        n=n,
        omitted=len(x) - n,
        p=np.where(n > 0, reached, np.nan) / np.maximum(n * full, 1),
        item_rest=_item_rest(x, answered, _rest_shares(score, answered, full)),
        alpha_without=_alpha_without(complete),
        seconds=_medians(seconds, x.shape[1]),
        alpha=alpha(complete),
        complete=len(complete),
    )


def alpha(scores: Floats) -> float:
    """Cronbach's alpha of complete scores (N, n); nan below two items or people, or without any variance."""
    people, n = scores.shape
    total = scores.sum(axis=1).var() if people > 1 else 0.0
    if n < 2 or total <= 0:
        return np.nan
    single = scores.var(axis=0).sum()
    return float(n / (n - 1) * (1 - single / total))


def correlation(x: Floats, y: Floats) -> float:
    """Pearson's r of x and y (N,); nan where one of them is constant."""
    if len(x) < 2:
        return np.nan
    x = x - x.mean()
    y = y - y.mean()
    norm = np.sqrt((x @ x) * (y @ y))
    return float(x @ y / norm) if norm > 1e-12 else np.nan


def _full_scores(x: Floats, maxima: ArrayLike | None) -> Floats:
    if maxima is not None:
        return np.asarray(maxima, float)
    highest = x.max(axis=0, initial=1)
    return np.asarray(np.maximum(highest, 1))


def _rest_shares(
    score: Floats,
    answered: Flags,
    full: Floats,
) -> Floats:
    """Share scored on the other items by every person, (N, n)."""
    others = score.sum(axis=1)[:, None] - score
    possible = answered @ full[:, None] - answered * full
    return np.asarray(others / np.maximum(possible, 1e-12))


def _item_rest(
    x: Floats,
    answered: Flags,
    rest: Floats,
) -> Floats:
    correlations = []
    for item in range(x.shape[1]):
        people = answered[:, item]
        correlations.append(correlation(x[people, item], rest[people, item]))
    return np.array(correlations)


def _alpha_without(complete: Floats) -> Floats:
    columns = range(complete.shape[1])
    forms = [np.delete(complete, item, axis=1) for item in columns]
    return np.array([alpha(form) for form in forms])


def _medians(seconds: ArrayLike | None, items: int) -> Floats:
    """Per column, over what is known; nan where nothing is."""
    medians = np.full(items, np.nan)
    if seconds is None:
        return medians
    for item, column in enumerate(np.asarray(seconds, float).T):
        finite = column[np.isfinite(column)]
        if len(finite):
            medians[item] = np.median(finite)
    return medians
