"""Where a calibration may start from: the answers alone, or experts."""

from dataclasses import replace
from math import log

import numpy as np
from numpy.typing import ArrayLike

from lms.psychometrics.arrays import Floats
from lms.psychometrics.items import Items
from lms.psychometrics.responses import Responses
from lms.psychometrics.sample_size import need
from lms.psychometrics.special import logistic

JUDGES_DIFFER = 0.8  # logits: spread between judges
JUDGES_SHARE = 0.5  # logits: spread of what they all get wrong together
NEAREST = 0.02  # of the way from chance to 1: shares nearer to either end say no more
NEWTON_ROUNDS = 25


def starting_items(responses: Responses, like: Items) -> Items:
    """Start values from the answers alone: slope 1, thresholds from log ratios of neighbouring category counts;
    lower asymptotes and names as in `like`."""
    counts = responses.counts + 0.5
    ratios = counts[:, 1:] / counts[:, :-1]
    thresholds = -1.2 * np.log(ratios)
    b = np.where(np.isnan(like.b), np.nan, thresholds)
    return replace(
        like,
        a=np.ones(len(like)),
        b=b,
        sd_b=np.zeros(len(like)),
    )


def angoff_difficulty(
    p: float,
    c: float,
    a: float,
    theta_cut: float,
) -> float:
    """Difficulty of an item that a share p of the persons just at theta_cut get right (modified Angoff), c < p < 1."""
    if not c < p < 1:
        raise ValueError(f"the judged share must lie between {c} and 1, got {p}")
    knowing = (p - c) / (1 - c)
    return theta_cut - log(knowing / (1 - knowing)) / a


def expert_prior(
    shares: ArrayLike,
    a: float,
    c: float,
    theta_cut: float,
) -> tuple[float, float]:
    """b and sd_b of an item from judges' Angoff shares (J,) for people at theta_cut: the mean of their difficulties.

    The spread between judges is drawn towards .8 logits while they are few, and what they all get wrong together (.5)
    stays however many they are. Shares at or below chance, or of 1, count as the nearest sensible ones.
    """
    margin = NEAREST * (1 - c)
    given = np.atleast_1d(np.asarray(shares, float))
    sensible = np.clip(given, c + margin, 1 - margin)
    need(len(sensible), 1, "judges")
    difficulties = [angoff_difficulty(float(share), c, a, theta_cut) for share in sensible]
    b = np.array(difficulties)
    squares = ((b - b.mean()) ** 2).sum()
    between = (2 * JUDGES_DIFFER**2 + squares) / (len(b) + 1)
    sd_b = np.sqrt(between / len(b) + JUDGES_SHARE**2)
    return float(b.mean()), float(sd_b)


def ranked_difficulty(rankings: ArrayLike, spread: float = 1.0) -> tuple[Floats, Floats]:
    """Difficulties (n,) and their standard errors from rankings (J, n): 1 = easiest, nan where a judge did not rank the
    item, ties allowed.

    Bradley-Terry on the pairs, each ranking of k items weighing as k - 1 comparisons, with a N(0, spread^2) prior, so
    that few judges claim little.
    """
    harder = _comparisons(np.asarray(rankings, float))
    pairs = harder + harder.T
    b = np.zeros(len(harder))
    for _ in range(NEWTON_ROUNDS):  # on a concave height
        chance = logistic(b[:, None] - b)
        slope = (harder - pairs * chance).sum(axis=1) - b / spread**2
        weight = pairs * chance * (1 - chance)
        information = np.diag(weight.sum(axis=1) + spread**-2) - weight
        b = b + np.linalg.solve(information, slope)
    covariance = np.linalg.inv(information)
    return b, np.sqrt(np.diag(covariance))


def _comparisons(ranks: Floats) -> Floats:
    """How often each item was ranked harder than each other, (n, n); ties count half."""
    difference = ranks[:, :, None] - ranks[:, None, :]
    ranked = (~np.isnan(ranks)).sum(axis=1)[:, None, None]
    won = (difference > 0) + 0.5 * (difference == 0)
    won = np.where(np.isnan(difference), 0.0, won)
    weight = won * 2 / np.maximum(ranked, 1)
    harder = np.asarray(weight.sum(axis=0))
    np.fill_diagonal(harder, 0)
    return harder
