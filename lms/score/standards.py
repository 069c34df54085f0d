"""Cut scores and starting difficulties from the judgement of experts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from lms.score.classical import correlation, need
from lms.score.model import Floats, Items, angoff_difficulty, expected_scores

GRID = np.linspace(-6, 6, 1201)
JUDGES_DIFFER, JUDGES_SHARE = 0.8, 0.5


@dataclass(frozen=True)
class Panel:
    """A cut from J judges: theta and its standard error sd / sqrt(J); score, score_se: the same in points of the form;
    judges (J,): the cut of each; agreement (J,): correlation of a judge's ratings with the mean of the others';
    misfit (J,): mean distance of the ratings from what people at the judge's own cut really score. High misfit: the
    judge contradicts the data."""

    theta: float
    se: float
    score: float
    score_se: float
    judges: Floats
    agreement: Floats
    misfit: Floats


def angoff(items: Items, ratings: ArrayLike) -> Panel:
    """Modified Angoff: ratings (J, n), the share of the full score expected of a person just at the level. A judge's
    theta is where the form's expected score equals the sum of the ratings. TooFew below two judges."""
    shares = np.asarray(ratings, float)
    need(len(shares), 2, "judges")
    if shares.shape[1] != len(items) or (shares < 0).any() or (shares > 1).any():
        raise ValueError(f"ratings must be shares 0..1 of {len(items)} items, got shape {shares.shape}")
    curves = expected_scores(items, GRID) / items.m
    scores = np.asarray(shares @ items.m, float)
    judges = np.interp(scores, curves @ items.m, GRID)
    others = (shares.sum(axis=0) - shares) / (len(shares) - 1)
    real = curves[np.abs(GRID - judges[:, None]).argmin(axis=1)]
    return Panel(
        *_mean(judges), *_mean(scores), judges,
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
