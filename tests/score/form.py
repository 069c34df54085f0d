"""Forms: summed scores, error along the scale, reliability.

A form is Items; abilities are N(mu, sd^2). Uncertain difficulties count (Items.with_difficulty_error).
"""

import numpy as np
from numpy.typing import ArrayLike

from lms.psychometrics.ability import quadrature
from lms.psychometrics.arrays import Floats
from lms.psychometrics.items import Items
from lms.psychometrics.model import category_probs, information


def summed_scores(items: Items, theta: ArrayLike) -> Floats:
    """P(summed score = s | theta), (T, S + 1) with S = sum of m, by adding one item after another (Lord & Wingersky
    1984). Takes parameters as known."""
    probs = category_probs(items, theta)
    scores = np.ones((len(probs), 1))
    for i, m in enumerate(items.m):
        width = scores.shape[1]
        longer = np.zeros((len(probs), width + m))
        for category in range(m + 1):
            longer[:, category : category + width] += scores * probs[:, i, category, None]
        scores = longer
    return scores


def error_curve(items: Items, theta: ArrayLike) -> tuple[Floats, Floats]:
    """Test information (T,) and standard error of measurement 1 / sqrt(information), inf where there is none."""
    total = information(items.with_difficulty_error(), theta).sum(axis=1)
    with np.errstate(divide="ignore"):
        return total, 1 / np.sqrt(total)


def marginal_reliability(
    items: Items,
    mu: float = 0.0,
    sd: float = 1.0,
) -> float:
    """Reliability expected of EAP scores, mean of I / (I + 1 / sd^2) over the population."""
    points, weights = quadrature(mu, sd)
    total, _ = error_curve(items, points)
    return float(weights @ (total / (total + sd**-2)))
