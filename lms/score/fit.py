"""Do the model's assumptions hold? Item fit, local dependence, odd answer patterns, drift of parameters."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr
from scipy.stats import chi2

from lms.score.ability import eap_batch, map_batch, posterior_batch, quadrature
from lms.score.classical import need
from lms.score.form import summed_scores
from lms.score.model import TINY, Floats, Ints, Items, category_probs, derivatives, expected_scores

LEAST = 100


@dataclass(frozen=True)
class ItemFit:
    """S-X2 of Orlando & Thissen (2000; Kang & Chen 2008 for more categories) with its df and p (nan when df < 1)."""

    s_x2: float
    df: int
    p: float


def item_fit(items: Items, answers: ArrayLike, mu: float = 0.0, sd: float = 1.0) -> tuple[ItemFit, ...]:
    """Observed against expected categories among people of the same summed score; neighbouring scores are pooled until
    every expected count is at least 1. answers (N, n): rows with a missing answer are left out. df counts m + 1
    estimated parameters an item (m with a fixed asymptote a and b: the same). TooFew below 100 complete rows."""
    x = np.asarray(answers, np.int64)
    x = x[(x >= 0).all(axis=1)]
    need(len(x), LEAST, "people with complete answers for item fit")
    points, weights = quadrature(mu, sd)
    return tuple(_s_x2(items, i, x, points, weights) for i in range(len(items)))


def _s_x2(items: Items, i: int, x: Ints, points: Floats, weights: Floats) -> ItemFit:
    m, total = int(items.m[i]), x.sum(axis=1)
    others = summed_scores(items.take(np.delete(np.arange(len(items)), i)), points)
    own = category_probs(items.take([i]), points)[:, 0, : m + 1]
    joint = np.zeros((int(items.m.sum()) + 1, m + 1))
    for k in range(m + 1):
        joint[k : k + others.shape[1], k] = (weights * own[:, k]) @ others
    observed = np.zeros_like(joint)
    np.add.at(observed, (total, x[:, i]), 1)
    expected = joint / joint.sum(axis=1, keepdims=True) * observed.sum(axis=1, keepdims=True)
    # the lowest and the highest scores leave the item no choice
    groups = _pooled(expected[m:-m])
    seen, due = (np.stack([cells[m:-m][g].sum(axis=0) for g in groups]) for cells in (observed, expected))
    value, df = float(((seen - due) ** 2 / np.maximum(due, TINY)).sum()), len(groups) * m - (m + 1)
    return ItemFit(value, df, float(chi2.sf(value, df)) if df > 0 else np.nan)


def _pooled(expected: Floats) -> list[list[int]]:
    """Neighbouring rows put together until every cell expects at least 1; a last poor group joins the one before."""
    groups: list[list[int]] = [[]]
    for row in range(len(expected)):
        groups[-1].append(row)
        if (expected[groups[-1]].sum(axis=0) >= 1).all():
            groups.append([])
    tail = groups.pop()
    if groups:
        groups[-1] += tail
    return groups or [tail]


def mean_squares(items: Items, answers: ArrayLike, mu: float = 0.0, sd: float = 1.0) -> tuple[Floats, Floats]:
    """Infit and outfit (n,) for sparse answers (N, n), -1 missing: squared residuals, weighted by information and not,
    averaged over each person's posterior, so that 1 is expected whatever the length of a test. nan without answers."""
    x = np.asarray(answers)
    belief = posterior_batch(items, x, mu, sd)
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
    residual = seen * (x - expected_scores(items, eap_batch(items, x.astype(int), mu, sd)[0]))
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
    theta = map_batch(items, x, mu, sd)[0]
    probs, first, _ = derivatives(items.widened(), theta[:, None])
    seen, logs = x >= 0, np.log(np.maximum(probs, TINY))
    mean = (probs * logs).sum(axis=2)
    off = (np.take_along_axis(logs, np.maximum(x, 0)[:, :, None], axis=2)[:, :, 0] - mean) * seen
    spread = ((probs * logs**2).sum(axis=2) - mean**2) * seen
    shared = ((first * logs).sum(axis=2) * seen).sum(axis=1)
    told = ((first**2 / np.maximum(probs, TINY)).sum(axis=2) * seen).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = shared / told
        return np.asarray(
            (off.sum(axis=1) - slope * (theta - mu) / sd**2) / np.sqrt(spread.sum(axis=1) - slope * shared)
        )


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
