"""Ability from answers: posterior on a fixed quadrature, its mean (EAP) and its own standard deviation; point estimates
where a curve peaks: MAP, Warm's weighted likelihood, and the joint MAP over correlated skills.

The rectangle rule on an even grid is spectrally accurate for these smooth, fast-falling integrands: with step h an
error of about exp(-2 pi^2 s^2 / h^2) for a posterior of deviation s, below 1e-8 from s = h on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import sici

from lms.psychometrics.data import Block, Responses, Tables
from lms.psychometrics.model import TINY, Floats, Ints, Items, as_categories, derivatives

STEP, REACH = 0.15, 6.0
EDGE, COARSE = 8.0, 161  # deviations and points of the grid on which a peak is looked for
PORTION = 1024  # persons at once
Prior = tuple[float, float] | None


@dataclass(frozen=True)
class Posterior:
    """Weights (..., Q), each row summing to 1, on evenly spaced points (Q,)."""

    points: Floats
    weights: Floats

    @property
    def mean(self) -> Floats:
        return np.add(0.0, self.weights @ self.points)

    @property
    def sd(self) -> Floats:
        return np.sqrt(np.maximum(self.weights @ self.points**2 - self.mean**2, 0))

    def above(self, cut: float) -> Floats:
        """P(theta >= cut), (...)."""
        return np.clip(self.weights @ above_cut(self.points, cut), 0.0, 1.0)


def above_cut(points: Floats, cut: float) -> Floats:
    """What the weight of each point (Q,) adds to P(theta >= cut), by integrating the band-limited interpolant of the
    weights (a sum of sinc functions): as exact between the points as the quadrature itself."""
    return np.asarray(0.5 - sici(np.pi * (cut - points) / (points[1] - points[0]))[0] / np.pi)


def quadrature(mu: float = 0.0, sd: float = 1.0, told: float = 0.0) -> tuple[Floats, Floats]:
    """Points and normal prior weights (sum 1): mu +- 6 sd, at least 81 points, never coarser than 0.15, nor than the
    deviation of a posterior that rests on so much information."""
    if not (np.isfinite(mu) and 0 < sd < np.inf):
        raise ValueError(f"the prior needs a finite mean and a positive deviation, got {mu} and {sd}")
    step = min(STEP, (told + sd**-2) ** -0.5)
    points = np.linspace(mu - REACH * sd, mu + REACH * sd, max(81, int(np.ceil(2 * REACH * sd / step)) + 1))
    weights = np.exp(-0.5 * ((points - mu) / sd) ** 2)
    return points, weights / weights.sum()


def posterior(
    items: Items, answers: ArrayLike, mu: float = 0.0, sd: float = 1.0, powers: ArrayLike | None = None
) -> Posterior:
    """Posterior of each person, weights (..., Q), from answers (..., n), -1 for missing; none at all give the prior.
    Items with sd_b > 0 count widened; powers (..., n) in (0, 1] weaken the likelihood of single answers, such as old
    ones."""
    given = as_categories(items, answers)
    aged = (given >= 0) * (1.0 if powers is None else np.asarray(powers, float))
    scored, weight = np.atleast_2d(np.maximum(given, 0) * aged, aged)
    belief = posterior_aged(items, scored, weight, mu, sd)
    return Posterior(belief.points, belief.weights.reshape(*given.shape[:-1], -1))


def posterior_aged(items: Items, scored: Floats, powers: Floats, mu: float = 0.0, sd: float = 1.0) -> Posterior:
    """Posteriors of N persons from powers (N, n) that answers' likelihoods are raised to, 0 for missing, and from
    scored (N, n), the categories times these powers. Repeated answers to one item may be added up in its cell."""
    return next(_posteriors(items, (Block(scored, powers, np.ones(len(scored))),), mu, sd))


def eap(items: Items, answers: ArrayLike | Responses, mu: float = 0.0, sd: float = 1.0) -> tuple[Floats, Floats]:
    """Posterior means and SDs, both (N,), of many people's answers (N, n), -1 for missing, or of Responses: block by
    block, so that no more posteriors than a block's are held."""
    blocks = (answers if isinstance(answers, Responses) else Responses.dense(items, answers)).blocks
    theta, sds = zip(*((part.mean, part.sd) for part in _posteriors(items, blocks, mu, sd)), strict=True)
    return np.concatenate(theta), np.concatenate(sds)


def _posteriors(items: Items, blocks: Sequence[Block], mu: float, sd: float) -> Iterator[Posterior]:
    wide = items.widened()
    points, prior = quadrature(mu, sd, float((wide.a * wide.m) @ (wide.a * wide.m)) / 4)
    tables = Tables.of(wide.natural, wide.c, points)
    for block in blocks:
        yield Posterior(points, tables.posterior(block, np.log(prior))[0].astype(float))


def map_estimates(items: Items, answers: ArrayLike, mu: float = 0.0, sd: float = 1.0) -> tuple[Floats, Floats]:
    """Posterior modes and their standard errors 1 / sqrt(information + 1 / sd^2), both (N,), of answers (N, n)."""
    quadrature(mu, sd)
    return _peaks(items, answers, (mu, sd))


def wle(items: Items, answers: ArrayLike) -> tuple[Floats, Floats]:
    """Warm's (1989) weighted likelihood estimates and 1 / sqrt(information), both (N,), of answers (N, n): nearly
    unbiased and finite for all-right and all-wrong. ValueError names a person without answers; range +-8."""
    idle = (np.atleast_2d(answers) < 0).all(axis=1)
    if idle.any():
        raise ValueError(f"person {int(idle.argmax())} gave no answers, and without a prior has no ability")
    return _peaks(items, answers, None)


def _peaks(items: Items, answers: ArrayLike, prior: Prior) -> tuple[Floats, Floats]:
    given, form = as_categories(items, np.atleast_2d(answers)), items.widened()
    starts = range(0, max(1, len(given)), PORTION)
    theta, sd = zip(*(_peak(form, given[at : at + PORTION], prior) for at in starts), strict=True)
    return np.concatenate(theta), np.concatenate(sd)


def _peak(items: Items, answers: Ints, prior: Prior) -> tuple[Floats, Floats]:
    """The highest point of every person's curve: the best of a grid, found by summing the curve's slope over it, then
    Newton steps in a shrinking bracket."""
    chosen, (mu, sd) = (answers[:, :, None] == np.arange(items.b.shape[1] + 1)) * 1.0, prior or (0.0, 1.0)
    grid, step = np.linspace(mu - EDGE * sd, mu + EDGE * sd, COARSE, retstep=True)
    rise, _ = _rise(items, chosen, grid, prior, "ink,gnk->ig")
    height = np.cumsum(rise[:, 1:] + rise[:, :-1], axis=1)
    theta = grid[np.argmax(np.pad(height, ((0, 0), (1, 0))), axis=1)]
    low, high = np.maximum(theta - step, grid[0]), np.minimum(theta + step, grid[-1])
    for _ in range(60):
        rise, width = _rise(items, chosen, theta, prior, "ink,ink->i")
        low, high = np.where(rise > 0, theta, low), np.where(rise < 0, theta, high)
        last, newton = theta, theta + rise / width
        theta = np.where((newton >= low) & (newton <= high), newton, (low + high) / 2)
        if np.abs(theta - last).max(initial=0) < 1e-9:
            break
    return theta, 1 / np.sqrt(width)


def _rise(items: Items, chosen: Floats, theta: Floats, prior: Prior, pairs: str) -> tuple[Floats, Floats]:
    """Slope of the curve to climb and its information for answers chosen (N, n, M + 1), ones and zeros, at theta (T,):
    both (N, T), or (N,) when `pairs` gives every person a theta of their own."""
    probs, first, second = derivatives(items, theta[:, None])
    ratio = first / np.maximum(probs, TINY)
    seen = np.broadcast_to(chosen.sum(axis=2, keepdims=True), chosen.shape)
    rise, told = np.einsum(pairs, chosen, ratio, optimize=True), np.einsum(pairs, seen, ratio * first, optimize=True)
    if prior is not None:
        return rise - (theta - prior[0]) / prior[1] ** 2, told + prior[1] ** -2
    return rise + np.einsum(pairs, seen, ratio * second, optimize=True) / (2 * told), told


def joint_map(
    items: Items, loadings: ArrayLike, categories: ArrayLike, sigma: ArrayLike, powers: ArrayLike | None = None
) -> tuple[Floats, Floats]:
    """Joint MAP theta (K,) of correlated skills under N(0, sigma), and its covariance (K, K), inverse of information.

    Item i answers to loadings[i] (n, K) . theta in the place of theta; categories (n,), -1 for missing. It borrows
    evidence across skills: for a learner's own feedback, never for a decision.
    """
    answers = as_categories(items, categories)
    a, wide = np.asarray(loadings, float), items.widened()
    power = (answers >= 0) * (np.ones(len(items)) if powers is None else np.asarray(powers, float))
    precision = np.linalg.inv(np.asarray(sigma, float))
    theta = np.zeros(a.shape[1])
    for _ in range(100):
        probs, first, _ = derivatives(wide, (a @ theta)[None])
        ratio = first[0] / np.maximum(probs[0], TINY)
        gradient = a.T @ (power * ratio[np.arange(len(a)), answers]) - precision @ theta
        information = (a.T * (power * (ratio * first[0]).sum(axis=1))) @ a + precision
        move = np.linalg.solve(information, gradient)
        theta = theta + move / max(1.0, float(np.abs(move).max()))
        if np.abs(move).max() < 1e-10:
            break
    return theta, np.linalg.inv(information)
