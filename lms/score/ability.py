"""Ability from answers: posterior on a fixed quadrature, its mean (EAP) and its own standard deviation.

The rectangle rule on an even grid is spectrally accurate for these smooth, fast-falling integrands: with step h an
error of about exp(-2 pi^2 s^2 / h^2) for a posterior of deviation s, below 1e-8 from s = h on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import sici

from lms.score.data import Responses
from lms.score.kernel import Tables, normalised
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

    def above(self, cut: float) -> Floats:
        """P(theta >= cut), (...)."""
        return np.asarray(np.clip(self.weights @ above_cut(self.points, cut), 0.0, 1.0))


def above_cut(points: Floats, cut: float) -> Floats:
    """What the weight of each point (Q,) adds to P(theta >= cut), by integrating the band-limited interpolant of the
    weights (a sum of sinc functions): as exact between the points as the quadrature itself."""
    return np.asarray(0.5 - sici(np.pi * (cut - points) / (points[1] - points[0]))[0] / np.pi)


def quadrature(mu: float = 0.0, sd: float = 1.0) -> tuple[Floats, Floats]:
    """Points and normal prior weights (sum 1): mu +- 6 sd, at least 81 points, never coarser than 0.15."""
    if not (np.isfinite(mu) and 0 < sd < np.inf):
        raise ValueError(f"the prior needs a finite mean and a positive deviation, got {mu} and {sd}")
    points = np.linspace(mu - REACH * sd, mu + REACH * sd, max(81, int(np.ceil(2 * REACH * sd / STEP)) + 1))
    weights = np.exp(-0.5 * ((points - mu) / sd) ** 2)
    return points, weights / weights.sum()


def as_categories(items: Items, categories: ArrayLike) -> Ints:
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


def posterior(
    items: Items, categories: ArrayLike, mu: float = 0.0, sd: float = 1.0, powers: ArrayLike | None = None
) -> Posterior:
    """Posterior of one person from categories (n,), -1 for missing; no answers give the prior. Items with sd_b > 0
    count widened; powers (n,) in (0, 1] weaken the likelihood of single answers, such as old ones."""
    points, prior = quadrature(mu, sd)
    answers = as_categories(items, categories)
    given = np.flatnonzero(answers >= 0)
    probs = category_probs(items.take(given).widened(), points)[:, np.arange(len(given)), answers[given]]
    aged = np.ones(len(given)) if powers is None else np.asarray(powers, float)[given]
    return Posterior(points, _weights(np.log(np.maximum(probs, TINY)) @ aged + np.log(np.maximum(prior, TINY))))


def posterior_batch(items: Items, answers: ArrayLike | Responses, mu: float = 0.0, sd: float = 1.0) -> Posterior:
    """Posteriors of N persons, weights (N, Q), from answers (N, n) with -1 for missing, or from Responses."""
    points, prior = quadrature(mu, sd)
    return Posterior(points, np.concatenate([part.astype(float) for part in _parts(items, answers, points, prior)]))


def eap_batch(items: Items, answers: ArrayLike | Responses, mu: float = 0.0, sd: float = 1.0) -> tuple[Floats, Floats]:
    """Posterior means and SDs, both (N,), of answers (N, n) with -1 for missing, or of Responses."""
    points, prior = quadrature(mu, sd)
    powers = np.stack([points - mu, (points - mu) ** 2], axis=1)
    moments = np.concatenate([part @ powers.astype(part.dtype) for part in _parts(items, answers, points, prior)])
    return mu + moments[:, 0].astype(float), np.sqrt(np.maximum(moments[:, 1] - moments[:, 0] ** 2, 0)).astype(float)


def _parts(items: Items, answers: ArrayLike | Responses, points: Floats, prior: Floats) -> Iterator[Any]:
    """Posterior weights block by block."""
    wide = items.widened()
    tables = Tables.of(wide.a, -wide.a[:, None] * wide.b, wide.c, points)
    responses = answers if isinstance(answers, Responses) else Responses.dense(items, answers)
    for block in responses.blocks:
        logs = tables.log_likelihood(block)
        logs += np.log(prior).astype(logs.dtype)
        yield normalised(logs)[0]


def _weights(logs: Floats) -> Floats:
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())


def p_above(posterior: Posterior, cut: float) -> float:
    """P(theta >= cut) of one person."""
    return float(posterior.above(cut))


def eap(
    items: Items, categories: ArrayLike, mu: float = 0.0, sd: float = 1.0, powers: ArrayLike | None = None
) -> Estimate:
    """Posterior mean and SD of one person from categories (n,), -1 for missing, under a normal prior."""
    belief = posterior(items, categories, mu, sd, powers)
    return Estimate(float(belief.mean), float(belief.sd), int((np.asarray(categories) >= 0).sum()))
