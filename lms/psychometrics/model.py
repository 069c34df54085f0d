"""The one response model: generalised partial credit (Muraki 1992); two categories give the 2PL.

P_k is proportional to exp of the sum over v <= k of a(theta - b_v). A dichotomous item may carry a *fixed* lower
asymptote c, P = c + (1 - c) P*, the chance of guessing it; c is never estimated.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from lms.psychometrics.arrays import TINY, Floats
from lms.psychometrics.items import Items
from lms.psychometrics.special import log_softmax


def log_probs(slopes: Floats, intercepts: Floats) -> Floats:
    """log P of every category before guessing, (..., M + 1).

    slopes: a theta (...); intercepts: e = -a b (..., M), NaN behind an item's last.
    """
    steps = slopes[..., None] + intercepts
    lowest = np.zeros((*steps.shape[:-1], 1))
    sums = np.cumsum(steps, axis=-1)
    logits = np.concatenate([lowest, sums], axis=-1)
    logits = np.where(np.isnan(logits), -np.inf, logits)
    return log_softmax(logits)


def category_probs(items: Items, theta: ArrayLike) -> Floats:
    """Probability of every category, (T, n, M + 1), at theta (T,) (a scalar counts as T = 1).

    Categories that an item doesn't have get 0. Takes parameters as known; see Items.with_difficulty_error.
    """
    return _with_guessing(items, _without_guessing(items, _column(theta)))


def expected_scores(items: Items, theta: ArrayLike) -> Floats:
    """Mean category of every item, (T, n), at theta (T,)."""
    scores = np.arange(items.b.shape[1] + 1.0)
    return np.asarray(category_probs(items, theta) @ scores)


def information(items: Items, theta: ArrayLike) -> Floats:
    """Fisher information, (T, n), at theta (T,): the mean of the squared slope of log P over the categories."""
    probs, slopes = derivatives(items, _column(theta))
    per_category = slopes**2 / np.maximum(probs, TINY)
    return np.asarray(per_category.sum(axis=2))


def derivatives(items: Items, theta: Floats) -> tuple[Floats, Floats]:
    """Category probabilities and their derivatives by theta, both (T, n, M + 1).

    theta: (T, 1), or (T, n) with a value of its own for every item.
    """
    probs = _without_guessing(items, theta)
    scores = np.arange(items.b.shape[1] + 1)
    deviations = scores - (probs @ scores)[:, :, None]
    factors = items.a * (1 - items.c)
    slopes = factors[:, None] * probs * deviations
    return _with_guessing(items, probs), slopes


def _column(theta: ArrayLike) -> Floats:
    return np.atleast_1d(np.asarray(theta, float))[:, None]


def _without_guessing(items: Items, theta: Floats) -> Floats:
    """Partial credit probabilities (T, n, M + 1) at theta (T, 1) or (T, n), before the lower asymptote."""
    intercepts = items.natural[:, 1:]
    return np.exp(log_probs(items.a * theta, intercepts))


def _with_guessing(items: Items, probs: Floats) -> Floats:
    guessed = probs * (1 - items.c[:, None])
    guessed[:, :, 1] += items.c
    return guessed
