"""Summed scores: their distribution at an ability (Lord & Wingersky 1984) and the ability they stand for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lms.score.ability import Posterior, quadrature
from lms.score.model import Floats, Items, category_probs


@dataclass(frozen=True)
class Conversion:
    """For every summed score 0..S: expected ability, its SD, and the score's share among persons of the prior."""

    theta: Floats
    sd: Floats
    share: Floats
    posterior: Posterior


def summed_scores(items: Items, theta: ArrayLike) -> Floats:
    """P(summed score = s | theta), (T, S + 1) with S = sum of m, by adding one item after another."""
    probs = category_probs(items, theta)
    scores = np.ones((len(probs), 1))
    for i, m in enumerate(items.m):
        longer = np.zeros((len(probs), scores.shape[1] + m))
        for k in range(m + 1):
            longer[:, k : k + scores.shape[1]] += scores * probs[:, i, k, None]
        scores = longer
    return scores


def conversion_table(items: Items, mu: float = 0.0, sd: float = 1.0) -> Conversion:
    """EAP ability for every summed score of a fixed form (Thissen et al. 1995), under a normal prior."""
    points, prior = quadrature(mu, sd)
    joint = summed_scores(items.widened(), points).T * prior
    share = joint.sum(axis=1)
    belief = Posterior(points, joint / share[:, None])
    return Conversion(belief.mean, belief.sd, share, belief)
