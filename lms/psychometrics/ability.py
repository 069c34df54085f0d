"""Ability from answers: the posterior on a fixed quadrature, its mean (EAP) and its own standard deviation.

The rectangle rule on an even grid is spectrally accurate for these smooth, fast-falling integrands: with step h an
error of about exp(-2 pi^2 s^2 / h^2) for a posterior of deviation s, below 1e-8 from s = h on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from lms.psychometrics.arrays import Floats
from lms.psychometrics.items import Items, as_categories
from lms.psychometrics.likelihood import LikelihoodTables
from lms.psychometrics.response_blocks import PersonBlock, SparseBlock
from lms.psychometrics.responses import Responses
from lms.psychometrics.special import sine_integral

COARSEST = 0.15  # step between points
REACH = 6.0  # deviations of the prior to either side
LEAST_POINTS = 81


@dataclass(frozen=True)
class Posterior:
    """Weights (..., Q), each row summing to 1, on evenly spaced points (Q,)."""

    points: Floats
    weights: Floats

    @property
    def mean(self) -> Floats:
        """EAP estimates, (...)."""
        return np.add(0.0, self.weights @ self.points)

    @property
    def sd(self) -> Floats:
        """Posterior standard deviations, (...): the errors of the EAP estimates."""
        variance = self.weights @ self.points**2 - self.mean**2
        return np.sqrt(np.maximum(variance, 0))

    def above(self, cut: float) -> Floats:
        """P(theta >= cut), (...)."""
        return np.clip(self.weights @ above_cut(self.points, cut), 0.0, 1.0)

    def moved(self, shift: float, sd: float) -> Posterior:
        """What it had been had the normal prior of this deviation stood so far to the right of where it stood."""
        with np.errstate(divide="ignore"):
            logs = np.log(self.weights) + self.points * (shift / sd**2)
        weights = np.exp(logs - logs.max(axis=-1, keepdims=True))
        return Posterior(self.points, weights / weights.sum(axis=-1, keepdims=True))


def above_cut(points: Floats, cut: float) -> Floats:
    """What the weight of each point (Q,) adds to P(theta >= cut).

    Integrates the band-limited interpolant of the weights (a sum of sinc functions): as exact between the points as
    the quadrature itself.
    """
    return _above_cut(float(points[0]), float(points[-1]), len(points), float(cut))


@lru_cache(maxsize=4096)
def _above_cut(first: float, last: float, count: int, cut: float) -> Floats:
    """The grids of one prior are few, and each skill of each person asks for the same cuts."""
    points, step = np.linspace(first, last, count, retstep=True)
    above = np.asarray(0.5 - sine_integral(np.pi * (cut - points) / step) / np.pi)
    above.flags.writeable = False
    return above


def quadrature(
    mu: float = 0.0,
    sd: float = 1.0,
    most_information: float = 0.0,
) -> tuple[Floats, Floats]:
    """Points (Q,) and normal prior weights (Q,), summing to 1.

    mu +- 6 sd, at least 81 points, never coarser than 0.15, nor than the deviation of a posterior that rests on so much
    information. ValueError for a prior without finite mean and positive deviation.
    """
    if not (np.isfinite(mu) and 0 < sd < np.inf):
        raise ValueError(f"the prior needs a finite mean and a positive deviation, got {mu} and {sd}")
    step = min(COARSEST, (most_information + sd**-2) ** -0.5)
    count = int(np.ceil(2 * REACH * sd / step)) + 1
    reach = REACH * sd
    points = np.linspace(mu - reach, mu + reach, max(LEAST_POINTS, count))
    weights = np.exp(-0.5 * ((points - mu) / sd) ** 2)
    return points, weights / weights.sum()


def posterior(
    items: Items,
    answers: ArrayLike,
    mu: float = 0.0,
    sd: float = 1.0,
    powers: ArrayLike | None = None,
) -> Posterior:
    """Posterior of each person, weights (..., Q), from answers (..., n), -1 for missing; none at all give the prior.

    Items with sd_b > 0 count with their difficulty error. powers (..., n) in (0, 1] weaken the likelihood of single
    answers, such as old ones.
    """
    categories = as_categories(items, answers)
    freshness = 1.0 if powers is None else np.asarray(powers, float)
    aged = (categories >= 0) * freshness
    scored = np.maximum(categories, 0) * aged
    belief = posterior_aged(
        items,
        np.atleast_2d(scored),
        np.atleast_2d(aged),
        mu,
        sd,
    )
    weights = belief.weights.reshape(*categories.shape[:-1], -1)
    return Posterior(belief.points, weights)


def posterior_aged(
    items: Items,
    scored: Floats,
    powers: Floats,
    mu: float = 0.0,
    sd: float = 1.0,
) -> Posterior:
    """Posteriors of N persons whose answers' likelihoods are raised to powers.

    powers: (N, n), 0 for missing. scored: (N, n), the categories times these powers. Repeated answers to one item may
    be added up in its cell.
    """
    block = PersonBlock(scored, powers, np.ones(len(scored)))
    return next(_posteriors(items, [block], mu, sd))


def eap(
    items: Items,
    answers: ArrayLike | Responses,
    mu: float = 0.0,
    sd: float = 1.0,
) -> tuple[Floats, Floats]:
    """Posterior means and SDs, both (N,), of many people's answers (N, n), -1 for missing, or of Responses.

    Goes block by block, so that no more posteriors than a block's are held.
    """
    responses = answers if isinstance(answers, Responses) else Responses.dense(items, answers)
    means, deviations = [], []
    for belief in _posteriors(items, responses.blocks, mu, sd):
        means.append(belief.mean)
        deviations.append(belief.sd)
    return np.concatenate(means), np.concatenate(deviations)


def _posteriors(
    items: Items,
    blocks: Sequence[PersonBlock | SparseBlock],
    mu: float,
    sd: float,
) -> Iterator[Posterior]:
    uncertain = items.with_difficulty_error()
    steepest = uncertain.a * uncertain.m
    points, prior = quadrature(mu, sd, float(steepest @ steepest) / 4)
    tables = LikelihoodTables.of(uncertain.natural, uncertain.c, points)
    log_prior = np.log(prior)
    for block in blocks:
        yield Posterior(points, _weights(tables, block, log_prior))


def _weights(
    tables: LikelihoodTables,
    block: PersonBlock | SparseBlock,
    log_prior: Floats,
) -> Floats:
    weights, _ = tables.posterior(block, log_prior)
    return np.asarray(weights, float)
