"""People who judge: how far those who rate the same work agree and how severe each is; cut scores and starting
difficulties from experts."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from lms.psychometrics.analysis import correlation, need
from lms.psychometrics.model import Floats, Items, angoff_difficulty, expected_scores

GRID = np.linspace(-6, 6, 1201)
JUDGES_DIFFER, JUDGES_SHARE = 0.8, 0.5


def weighted_kappa(first: ArrayLike, second: ArrayLike, power: float = 2.0) -> float:
    """Cohen's kappa of two raters' numbers (N,), disagreement weighing |difference| ** power (2: quadratic, 1: linear).
    nan when both always gave one same number."""
    one, two = np.asarray(first, float), np.asarray(second, float)
    need(len(one), 2, "works rated by both")
    by_chance = float((np.abs(one[:, None] - two) ** power).mean())
    return 1 - float((np.abs(one - two) ** power).mean()) / by_chance if by_chance > 0 else float("nan")


def icc(ratings: ArrayLike) -> Floats:
    """Intraclass correlations of Shrout & Fleiss (1979) from complete ratings (N works, k raters): (2, 3), of one
    rating ICC1, ICC2, ICC3, and of the mean of k ICC1k, ICC2k, ICC3k. 1: raters differ from work to work, 2: random
    raters rate all, absolute agreement, 3: these raters, consistency. TooFew below two of either."""
    x = np.asarray(ratings, float)
    n, k = x.shape
    need(min(n, k), 2, "works and raters")
    if np.isnan(x).any():
        raise ValueError(f"work {np.argwhere(np.isnan(x))[0][0]}: a rating is missing; see severity")
    rows, columns, centre = x.mean(axis=1), x.mean(axis=0), x.mean()
    between = k * ((rows - centre) ** 2).sum() / (n - 1)
    within = ((x - rows[:, None]) ** 2).sum() / (n * (k - 1))
    judges = n * ((columns - centre) ** 2).sum() / (k - 1)
    error = (within * n - judges) / (n - 1)
    noise, tilt = np.array([within, error, error]), np.array([0, (judges - error) / n, 0])
    with np.errstate(divide="ignore", invalid="ignore"):
        single, mean = (between - noise) / (between + (k - 1) * noise + k * tilt), (between - noise) / (between + tilt)
    return np.stack([single, mean])


@dataclass(frozen=True)
class Severity:
    """severity: points by which a rater goes below the mean rater, with its standard error; fair: each work's score as
    the mean rater would give it; residual: SD of a single rating around all that."""

    severity: Mapping[Hashable, float]
    se: Mapping[Hashable, float]
    fair: Mapping[Hashable, float]
    residual: float


def severity(ratings: Sequence[tuple[Hashable, Hashable, float]]) -> Severity:
    """Additive model, score = work - severity + error, by least squares from (work, rater, score); not every rater
    rates every work. ValueError when raters share no works, even through others, and so can't be compared; TooFew when
    the ratings leave no error to judge by."""
    works, raters = (list(dict.fromkeys(row[k] for row in ratings)) for k in (0, 1))
    rows = np.array([(works.index(work), raters.index(rater), score) for work, rater, score in ratings])
    one, other, score = rows[:, 0].astype(int), rows[:, 1].astype(int), rows[:, 2]
    design = np.hstack([np.eye(len(works))[one], -np.eye(len(raters))[other]])
    need(len(ratings), design.shape[1], "ratings for this many works and raters")
    tied = np.vstack([design, np.arange(design.shape[1]) >= len(works)])  # the mean rater is the zero
    if np.linalg.matrix_rank(tied) < design.shape[1]:
        raise ValueError("the raters fall into groups without a common work and cannot be compared")
    spread = np.linalg.pinv(tied)[:, :-1]
    solution = spread @ score
    residual = float(((score - design @ solution) ** 2).sum() / (len(ratings) - design.shape[1] + 1)) ** 0.5
    error = residual * np.sqrt((spread**2).sum(axis=1))
    found, se = (dict(zip(raters, values[len(works) :].tolist(), strict=True)) for values in (solution, error))
    return Severity(found, se, dict(zip(works, solution[: len(works)].tolist(), strict=True)), residual)


@dataclass(frozen=True)
class Panel:
    """A cut from J judges: theta and its standard error sd / sqrt(J); judges (J,): the cut of each; agreement (J,):
    correlation of a judge's ratings with the mean of the others'; misfit (J,): mean distance of the ratings from what
    people at the judge's own cut really score. High misfit: the judge contradicts the data."""

    theta: float
    se: float
    judges: Floats
    agreement: Floats
    misfit: Floats


def angoff(items: Items, ratings: ArrayLike) -> Panel:
    """Modified Angoff: ratings (J, n), the share of the full score expected of a person just at the level. A judge's
    theta is where the form's expected score equals the sum of the ratings. TooFew below two judges."""
    shares = np.asarray(ratings, float)
    need(len(shares), 2, "judges")
    if shares.shape[1] != len(items):
        raise ValueError(f"ratings must be shares of {len(items)} items, got shape {shares.shape}")
    if (bad := ~((shares >= 0) & (shares <= 1))).any():
        judge, item = np.argwhere(bad)[0]
        raise ValueError(f"judge {judge}, item {items.names[item]}: {shares[judge, item]} is no share 0..1")
    curves = expected_scores(items, GRID) / items.m
    judges = np.interp(shares @ items.m, curves @ items.m, GRID)
    others = (shares.sum(axis=0) - shares) / (len(shares) - 1)
    real = curves[np.abs(GRID - judges[:, None]).argmin(axis=1)]
    return Panel(
        *_mean(judges), judges,
        np.array([correlation(own, rest) for own, rest in zip(shares, others, strict=True)]),
        np.abs(shares - real).mean(axis=1),
    )  # fmt: skip


def bookmark(items: Items, pages: ArrayLike, chance: float = 0.67) -> tuple[float, float, Floats]:
    """Theta of the cut, its standard error, and each judge's theta (J,). The booklet holds the items in order of the
    ability that scores a share `chance` on them; page (J,), from 1, is the first item that a person just at the level
    would not manage so often; the judge's cut is the item before it (the first item for page 1)."""
    places = np.sort([float(np.interp(chance, curve, GRID)) for curve in (expected_scores(items, GRID) / items.m).T])
    page = np.asarray(pages, int)
    need(len(page), 2, "judges")
    if (page < 1).any() or (page > len(places) + 1).any():
        raise ValueError(f"pages run from 1 to {len(places) + 1}, got {page.tolist()}")
    judges = places[np.maximum(page - 2, 0)]
    return (*_mean(judges), judges)


def ranked_difficulty(rankings: ArrayLike, spread: float = 1.0) -> tuple[Floats, Floats]:
    """Difficulties (n,) and their standard errors from rankings (J, n): 1 = easiest, nan where a judge did not see the
    item, ties allowed. Bradley-Terry on the pairs, each ranking of k items weighing as k - 1 comparisons, with a
    N(0, spread^2) prior, so that few judges claim little."""
    ranks = np.asarray(rankings, float)
    gap = ranks[:, :, None] - ranks[:, None, :]
    seen = (~np.isnan(ranks)).sum(axis=1)[:, None, None]
    harder = (np.where(np.isnan(gap), 0.0, (gap > 0) + 0.5 * (gap == 0)) * 2 / np.maximum(seen, 1)).sum(axis=0)
    np.fill_diagonal(harder, 0)
    pairs, b = harder + harder.T, np.zeros(ranks.shape[1])
    for _ in range(25):  # Newton steps on a concave height
        chance = expit(b[:, None] - b)
        slope = (harder - pairs * chance).sum(axis=1) - b / spread**2
        weight = pairs * chance * (1 - chance)
        curve = np.diag(weight.sum(axis=1) + spread**-2) - weight
        b = b + np.linalg.solve(curve, slope)
    return b, np.sqrt(np.diag(np.linalg.inv(curve)))


def expert_prior(shares: ArrayLike, a: float, c: float, theta_cut: float) -> tuple[float, float]:
    """b and sd_b of an item from judges' Angoff shares (J,) for people at theta_cut: the mean of their difficulties.
    The spread between judges is drawn towards .8 logits while they are few, and what they all get wrong together (.5)
    stays however many they are. Shares at or below chance, or of 1, count as the nearest sensible ones."""
    given = np.clip(np.atleast_1d(np.asarray(shares, float)), c + 0.02 * (1 - c), 1 - 0.02 * (1 - c))
    need(len(given), 1, "judges")
    b = np.array([angoff_difficulty(float(p), c, a, theta_cut) for p in given])
    between = (2 * JUDGES_DIFFER**2 + ((b - b.mean()) ** 2).sum()) / (len(b) + 1)
    return float(b.mean()), float(np.sqrt(between / len(b) + JUDGES_SHARE**2))


def _mean(values: Floats) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))
