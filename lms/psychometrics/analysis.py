"""How items and people behaved: classical statistics for authors, and whether the model's assumptions hold (item fit,
local dependence, odd answer patterns, drift of parameters)."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from lms.psychometrics.ability import eap, map_estimates, posterior
from lms.psychometrics.model import TINY, Floats, Ints, Items, category_probs, derivatives, expected_scores

LEAST = 100


class TooFew(ValueError):
    """Too few people for a statistic to mean anything."""


def need(have: int, least: int, what: str) -> None:
    """TooFew, saying of what, unless there are at least so many."""
    if have < least:
        raise TooFew(f"{what}: {have} are too few, {least} are needed")


@dataclass(frozen=True)
class Table:
    """Per item, all (n,): n answers; omitted: people without one; p: mean share of the full score; item_rest:
    correlation with the share scored on the other items; alpha_without: alpha of the form without the item; seconds:
    median time. alpha (KR-20 when every item is right or wrong) over the `complete` people who answered everything.
    nan where undefined."""

    n: Ints
    omitted: Ints
    p: Floats
    item_rest: Floats
    alpha_without: Floats
    seconds: Floats
    alpha: float
    complete: int


def item_table(answers: ArrayLike, maxima: ArrayLike | None = None, seconds: ArrayLike | None = None) -> Table:
    """answers (N, n): categories, -1 for omitted; maxima (n,): full scores, by default the highest seen; seconds
    (N, n), nan where unknown."""
    x = np.asarray(answers, float)
    seen, columns = x >= 0, range(x.shape[1])
    top = np.maximum(x.max(axis=0, initial=1), 1) if maxima is None else np.asarray(maxima, float)
    score, n, whole = np.where(seen, x, 0.0), seen.sum(axis=0), x[seen.all(axis=1)]
    rest = (score.sum(axis=1)[:, None] - score) / np.maximum(seen @ top[:, None] - seen * top, 1e-12)
    times = np.full(x.shape, np.nan) if seconds is None else np.asarray(seconds, float)
    known = [column[np.isfinite(column)] for column in times.T]
    return Table(
        n, len(x) - n, np.where(n > 0, score.sum(axis=0), np.nan) / np.maximum(n * top, 1),
        np.array([correlation(x[seen[:, i], i], rest[seen[:, i], i]) for i in columns]),
        np.array([alpha(np.delete(whole, i, axis=1)) for i in columns]),
        np.array([np.median(times) if len(times) else np.nan for times in known]), alpha(whole), len(whole),
    )  # fmt: skip


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
class Options:
    """Per option (K,): how many and what share of the people chose it, and its correlation with their rest scores: it
    should be positive for the key and negative for a distractor."""

    n: Ints
    share: Floats
    rest: Floats


def distractors(chosen: Sequence[Hashable], rest: ArrayLike, options: Sequence[Hashable]) -> Options:
    """chosen (N,): option of each person, anything else (None) for omitted; rest (N,): score on the other items."""
    took = np.array([[choice == option for choice in chosen] for option in options], float)
    others, n = np.asarray(rest, float), took.sum(axis=1)
    return Options(n.astype(int), n / max(len(chosen), 1), np.array([correlation(own, others) for own in took]))


def mean_squares(items: Items, answers: ArrayLike, mu: float = 0.0, sd: float = 1.0) -> tuple[Floats, Floats]:
    """Infit and outfit (n,) for sparse answers (N, n), -1 missing: squared residuals, weighted by information and not,
    averaged over each person's posterior, so that 1 is expected whatever the length of a test. nan without answers."""
    x = np.asarray(answers)
    belief = posterior(items, x, mu, sd)
    score, probs = np.arange(items.b.shape[1] + 1), category_probs(items, belief.points)
    mean = probs @ score
    variance = np.maximum(probs @ score**2 - mean**2, TINY).T
    n, first, square = (np.where(x >= 0, x**k, 0.0).T @ belief.weights for k in range(3))
    off = square - 2 * first * mean.T + n * mean.T**2
    with np.errstate(divide="ignore", invalid="ignore"):
        return off.sum(axis=1) / (n * variance).sum(axis=1), (off / variance).sum(axis=1) / n.sum(axis=1)


def q3(items: Items, answers: ArrayLike, mu: float = 0.0, sd: float = 1.0, least: int = LEAST) -> Floats:
    """Yen's Q3 (n, n): correlation of two items' residuals from their expectation at EAP; about -1 / (n - 1) when the
    items are independent given ability. Compare with the mean of all (Christensen et al. 2017: .2 above is much). nan
    for pairs with fewer than `least` common answers, and on the diagonal."""
    x = np.asarray(answers, float)
    seen = (x >= 0).astype(float)
    residual = seen * (x - expected_scores(items, eap(items, x.astype(int), mu, sd)[0]))
    n = seen.T @ seen
    with np.errstate(divide="ignore", invalid="ignore"):
        one, square = residual.T @ seen / n, (residual**2).T @ seen / n
        r = (residual.T @ residual / n - one * one.T) / np.sqrt((square - one**2) * (square - one**2).T)
    r[(n < least) | np.eye(len(r), dtype=bool)] = np.nan
    return np.asarray(r)


def person_fit(items: Items, answers: ArrayLike, mu: float = 0.0, sd: float = 1.0) -> Floats:
    """lz* (N,) of answers (N, n), -1 missing: standardised log-likelihood at the MAP ability, corrected for its being
    estimated (Snijders 2001; Sinharay 2016 for more categories). Near N(0, 1) for people who fit; below -2 the pattern
    is odd (guessing, another's answers, carelessness): a reason to look, never to judge. nan where undefined."""
    x = np.asarray(answers, np.int64)
    theta = map_estimates(items, x, mu, sd)[0]
    probs, first, _ = derivatives(items.widened(), theta[:, None])
    seen, logs = x >= 0, np.log(np.maximum(probs, TINY))
    mean = (probs * logs).sum(axis=2)
    off = (np.take_along_axis(logs, np.maximum(x, 0)[:, :, None], axis=2)[:, :, 0] - mean) * seen
    spread = ((probs * logs**2).sum(axis=2) - mean**2) * seen
    shared = ((first * logs).sum(axis=2) * seen).sum(axis=1)
    told = ((first**2 / np.maximum(probs, TINY)).sum(axis=2) * seen).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = shared / told
        drawn = slope * (theta - mu) / sd**2
        return np.asarray((off.sum(axis=1) - drawn) / np.sqrt(spread.sum(axis=1) - slope * shared))


@dataclass(frozen=True)
class Drift:
    """Change of difficulty (n,) beyond the shift that all items share (a median), with z and p per item."""

    shift: float
    change: Floats
    z: Floats
    p: Floats


def drift(before: ArrayLike, after: ArrayLike, se_before: ArrayLike, se_after: ArrayLike) -> Drift:
    """Difficulties (n,) and their standard errors from two separate periods, same items in the same order. TooFew below
    four items: with fewer nothing tells a drifting item from a drifting scale."""
    step = np.asarray(after, float) - np.asarray(before, float)
    need(len(step), 4, "items common to both periods")
    change = step - np.median(step)
    z = change / np.hypot(np.asarray(se_before, float), np.asarray(se_after, float))
    return Drift(float(np.median(step)), change, z, 2 * ndtr(-np.abs(z)))
