"""Ability from answers: posterior on a fixed quadrature, its mean (EAP) and its own standard deviation.

The rectangle rule on an even grid is spectrally accurate for these smooth, fast-falling integrands: with step h an
error of about exp(-2 pi^2 s^2 / h^2) for a posterior of deviation s, below 1e-8 from s = h on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import sici

from lms.score.data import Block, Responses, Tables
from lms.score.model import Floats, Items, as_categories

STEP, REACH = 0.15, 6.0


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


def posterior(
    items: Items, categories: ArrayLike, mu: float = 0.0, sd: float = 1.0, powers: ArrayLike | None = None
) -> Posterior:
    """Posterior of one person from categories (n,), -1 for missing; no answers give the prior. Items with sd_b > 0
    count widened; powers (n,) in (0, 1] weaken the likelihood of single answers, such as old ones."""
    answers = as_categories(items, categories)
    aged = (answers >= 0) * (1.0 if powers is None else np.asarray(powers, float))
    one = Block((np.maximum(answers, 0) * aged)[None], aged[None], np.ones(1))
    belief = next(_posteriors(items, [one], mu, sd))
    return Posterior(belief.points, belief.weights[0])


def posterior_batch(items: Items, answers: ArrayLike | Responses, mu: float = 0.0, sd: float = 1.0) -> Posterior:
    """Posteriors of N persons, weights (N, Q), from answers (N, n) with -1 for missing, or from Responses."""
    parts = list(_posteriors(items, _blocks(items, answers), mu, sd))
    return Posterior(parts[0].points, np.concatenate([part.weights for part in parts]))


def eap_batch(items: Items, answers: ArrayLike | Responses, mu: float = 0.0, sd: float = 1.0) -> tuple[Floats, Floats]:
    """Posterior means and SDs, both (N,), of answers (N, n) with -1 for missing, or of Responses."""
    parts = [(part.mean, part.sd) for part in _posteriors(items, _blocks(items, answers), mu, sd)]
    theta, sds = (np.concatenate(column) for column in zip(*parts, strict=True))
    return theta, sds


def _blocks(items: Items, answers: ArrayLike | Responses) -> tuple[Block, ...]:
    return (answers if isinstance(answers, Responses) else Responses.dense(items, answers)).blocks


def _posteriors(items: Items, blocks: Iterable[Block], mu: float, sd: float) -> Iterator[Posterior]:
    points, prior = quadrature(mu, sd)
    wide = items.widened()
    tables = Tables.of(wide.natural, wide.c, points)
    for block in blocks:
        yield Posterior(points, tables.posterior(block, np.log(prior))[0].astype(float))


def p_above(posterior: Posterior, cut: float) -> float:
    """P(theta >= cut) of one person."""
    return float(posterior.above(cut))


def eap(
    items: Items, categories: ArrayLike, mu: float = 0.0, sd: float = 1.0, powers: ArrayLike | None = None
) -> Estimate:
    """Posterior mean and SD of one person from categories (n,), -1 for missing, under a normal prior."""
    belief = posterior(items, categories, mu, sd, powers)
    return Estimate(float(belief.mean), float(belief.sd), int((np.asarray(categories) >= 0).sum()))
