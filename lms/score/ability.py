"""Ability from answers: posterior on a fixed quadrature, its mean (EAP) and its own standard deviation.

The rectangle rule on an even grid is spectrally accurate for these smooth, fast-falling integrands: with step h an
error of about exp(-2 pi^2 s^2 / h^2) for a posterior of deviation s, below 1e-8 from s = h on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import sici

from lms.score.model import Floats, Ints, Items, category_probs

STEP, REACH = 0.15, 6.0
TINY = 1e-300


@dataclass(frozen=True)
class Estimate:
    """Ability theta, its standard error sd (posterior SD for Bayesian kinds), and n, the answers it rests on."""

    theta: float
    sd: float
    n: int


@dataclass(frozen=True)
class Posterior:
    """Weights (..., Q), each row summing to 1, on evenly spaced points (Q,)."""

    points: Floats
    weights: Floats

    @property
    def mean(self) -> Floats:
        return np.asarray(self.weights @ self.points)

    @property
    def sd(self) -> Floats:
        return np.sqrt(np.maximum(self.weights @ self.points**2 - self.mean**2, 0))


def quadrature(mu: float = 0.0, sd: float = 1.0) -> tuple[Floats, Floats]:
    """Points and normal prior weights (sum 1): mu +- 6 sd, at least 81 points, never coarser than 0.15."""
    if not (np.isfinite(mu) and 0 < sd < np.inf):
        raise ValueError(f"the prior needs a finite mean and a positive deviation, got {mu} and {sd}")
    points = np.linspace(mu - REACH * sd, mu + REACH * sd, max(81, int(np.ceil(2 * REACH * sd / STEP)) + 1))
    weights = np.exp(-0.5 * ((points - mu) / sd) ** 2)
    return points, weights / weights.sum()


def as_categories(items: Items, categories: ArrayLike, person: str = "") -> Ints:
    """Answers (..., n) as integers: 0..m, or -1 for missing. ValueError names the item (and row) that breaks this."""
    given = np.asarray(categories)
    if given.ndim == 0 or given.shape[-1] != len(items):
        raise ValueError(f"{len(items)} items need as many answers, got shape {given.shape}")
    answers = given.astype(np.int64)
    wrong = (answers != given) | (answers < -1) | (answers > items.m)
    if wrong.any():
        *row, item = np.argwhere(wrong)[0]
        where = f"person {int(row[0])}, " if row else ""
        raise ValueError(f"{where}item {items.names[item]}: {given[*row, item]} is no category 0..{items.m[item]}")
    return answers


def log_likelihood(items: Items, answers: Ints, points: Floats, powers: ArrayLike | None = None) -> Floats:
    """Log-likelihood (N, Q) of answers (N, n) at the points; powers (n,) in (0, 1] age single answers."""
    logs = np.log(np.maximum(category_probs(items, points), TINY))
    if powers is not None:
        logs = logs * np.asarray(powers, float)[:, None]
    total = np.zeros((len(answers), len(points)))
    for k in range(logs.shape[2]):
        total += (answers == k).astype(float) @ logs[:, :, k].T
    return total


def posterior_batch(
    items: Items, answers: ArrayLike, mu: float = 0.0, sd: float = 1.0, powers: ArrayLike | None = None
) -> Posterior:
    """Posterior of every person, weights (N, Q), from answers (N, n) with -1 for missing."""
    points, prior = quadrature(mu, sd)
    logs = log_likelihood(items.widened(), as_categories(items, answers), points, powers)
    logs += np.log(prior)
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    return Posterior(points, weights / weights.sum(axis=1, keepdims=True))


def posterior(
    items: Items, categories: ArrayLike, mu: float = 0.0, sd: float = 1.0, powers: ArrayLike | None = None
) -> Posterior:
    """Posterior of one person, weights (Q,), from categories (n,) with -1 for missing; no answers give the prior.
    Items with sd_b > 0 count widened."""
    batch = posterior_batch(items, np.asarray(categories).reshape(1, -1), mu, sd, powers)
    return Posterior(batch.points, batch.weights[0])


def p_above(posterior: Posterior, cut: float) -> NDArray[np.float64] | float:
    """P(theta >= cut): a float, or (N,) for a batch. Integrates the band-limited interpolant of the weights
    (sum of sinc functions), so it is as exact between the points as the quadrature itself."""
    step = posterior.points[1] - posterior.points[0]
    below = 0.5 + sici(np.pi * (cut - posterior.points) / step)[0] / np.pi
    above = np.clip(posterior.weights @ (1 - below), 0.0, 1.0)
    return above if posterior.weights.ndim > 1 else float(above)


def eap(
    items: Items, categories: ArrayLike, mu: float = 0.0, sd: float = 1.0, powers: ArrayLike | None = None
) -> Estimate:
    """Posterior mean and SD of one person from categories (n,), -1 for missing, under a normal prior."""
    belief = posterior(items, categories, mu, sd, powers)
    return Estimate(float(belief.mean), float(belief.sd), int((np.asarray(categories) >= 0).sum()))


def eap_batch(
    items: Items, answers: ArrayLike, mu: float = 0.0, sd: float = 1.0, powers: ArrayLike | None = None
) -> tuple[Floats, Floats]:
    """Posterior means and SDs, both (N,), of answers (N, n)."""
    belief = posterior_batch(items, answers, mu, sd, powers)
    return belief.mean, belief.sd
