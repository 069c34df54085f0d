"""Ability where a curve peaks: the MAP of one skill, and the joint MAP over correlated skills."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lms.psychometrics.ability import quadrature
from lms.psychometrics.arrays import TINY, Floats, Ints
from lms.psychometrics.items import Items, as_categories
from lms.psychometrics.model import derivatives

EDGE, COARSE = 8.0, 161  # deviations and points of the grid on which a peak is looked for
PORTION = 1024  # persons at once
NEWTON_ROUNDS, CLOSE = 60, 1e-9
JOINT_ROUNDS, JOINT_CLOSE = 100, 1e-10


@dataclass(frozen=True)
class NormalPrior:
    mu: float
    sd: float


def map_estimates(items: Items, answers: ArrayLike, mu: float = 0.0, sd: float = 1.0) -> tuple[Floats, Floats]:
    """Posterior modes and their standard errors 1 / sqrt(information + 1 / sd^2), both (N,), of answers (N, n)."""
    quadrature(mu, sd)  # checks the prior
    given = as_categories(items, np.atleast_2d(answers))
    uncertain = items.with_difficulty_error()
    modes, errors = [], []
    for start in range(0, max(1, len(given)), PORTION):
        theta, error = _modes(uncertain, given[start : start + PORTION], NormalPrior(mu, sd))
        modes.append(theta)
        errors.append(error)
    return np.concatenate(modes), np.concatenate(errors)


def _modes(items: Items, answers: Ints, prior: NormalPrior) -> tuple[Floats, Floats]:
    """Newton steps in a bracket that shrinks, from the best point of a grid; both (N,)."""
    chosen = (answers[:, :, None] == np.arange(items.b.shape[1] + 1)) * 1.0
    theta, low, high = _bracket(items, chosen, prior)
    for _ in range(NEWTON_ROUNDS):
        slope, information = _slope(items, chosen, theta, prior, "ink,ink->i")
        low = np.where(slope > 0, theta, low)
        high = np.where(slope < 0, theta, high)
        newton = theta + slope / information
        before, inside = theta, (newton >= low) & (newton <= high)
        theta = np.where(inside, newton, (low + high) / 2)
        if np.abs(theta - before).max(initial=0) < CLOSE:
            break
    return theta, 1 / np.sqrt(information)


def _bracket(items: Items, chosen: Floats, prior: NormalPrior) -> tuple[Floats, Floats, Floats]:
    """The best point of a grid for every person, found by summing the curve's slope over it, and its neighbours."""
    reach = EDGE * prior.sd
    grid, step = np.linspace(prior.mu - reach, prior.mu + reach, COARSE, retstep=True)
    slope, _ = _slope(items, chosen, grid, prior, "ink,gnk->ig")
    height = np.cumsum(slope[:, 1:] + slope[:, :-1], axis=1)
    height = np.pad(height, ((0, 0), (1, 0)))
    best = grid[np.argmax(height, axis=1)]
    return np.asarray(best), np.maximum(best - step, grid[0]), np.minimum(best + step, grid[-1])


def _slope(items: Items, chosen: Floats, theta: Floats, prior: NormalPrior, pairs: str) -> tuple[Floats, Floats]:
    """Slope of the log posterior and its information at theta (T,): both (N, T), or (N,) when `pairs` gives every
    person a theta of their own. chosen: (N, n, M + 1), ones at the answers."""
    probs, first = derivatives(items, theta[:, None])
    ratio = first / np.maximum(probs, TINY)
    answered = np.broadcast_to(chosen.sum(axis=2, keepdims=True), chosen.shape)
    slope = np.einsum(pairs, chosen, ratio, optimize=True)
    information = np.einsum(pairs, answered, ratio * first, optimize=True)
    return slope - (theta - prior.mu) / prior.sd**2, information + prior.sd**-2


def joint_map(
    items: Items,
    loadings: ArrayLike,
    categories: ArrayLike,
    sigma: ArrayLike,
    powers: ArrayLike | None = None,
) -> tuple[Floats, Floats]:
    """Joint MAP theta (S,) of correlated skills under N(0, sigma), and its covariance (S, S), inverse of information.

    Item i answers to loadings[i] (n, S) . theta in the place of theta; categories (n,), -1 for missing; powers (n,) as
    in posterior. It borrows evidence across skills: for a learner's own feedback, never for a decision.
    """
    answers = as_categories(items, categories)
    weights = np.asarray(loadings, float)
    freshness = np.ones(len(items)) if powers is None else np.asarray(powers, float)
    power = (answers >= 0) * freshness
    precision = np.linalg.inv(np.asarray(sigma, float))
    uncertain = items.with_difficulty_error()
    theta = np.zeros(weights.shape[1])
    for _ in range(JOINT_ROUNDS):
        gradient, information = _joint_slope(uncertain, weights, answers, power, precision, theta)
        move = np.linalg.solve(information, gradient)
        theta = theta + move / max(1.0, float(np.abs(move).max()))
        if np.abs(move).max() < JOINT_CLOSE:
            break
    return theta, np.linalg.inv(information)


def _joint_slope(
    items: Items, weights: Floats, answers: Ints, power: Floats, precision: Floats, theta: Floats
) -> tuple[Floats, Floats]:
    """Gradient (S,) and information (S, S) of the joint log posterior."""
    probs, first = derivatives(items, (weights @ theta)[None])
    ratio = first[0] / np.maximum(probs[0], TINY)
    slope = power * ratio[np.arange(len(weights)), answers]
    told = power * (ratio * first[0]).sum(axis=1)
    gradient = weights.T @ slope - precision @ theta
    information = (weights.T * told) @ weights + precision
    return gradient, information
