"""Ability where a curve peaks: the MAP of one skill, and the joint MAP over correlated skills."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lms.psychometrics.ability import quadrature
from lms.psychometrics.arrays import TINY, Floats, Ints
from lms.psychometrics.items import Items, as_categories
from lms.psychometrics.model import derivatives

EDGE = 8.0  # deviations to either side of the grid on which a peak is looked for
COARSE = 161  # its points
PORTION = 1024  # persons at once
NEWTON_ROUNDS = 60
CLOSE = 1e-9
JOINT_ROUNDS = 100
JOINT_CLOSE = 1e-10


@dataclass(frozen=True)
class NormalPrior:
    mu: float
    sd: float


def map_estimates(
    items: Items,
    answers: ArrayLike,
    mu: float = 0.0,
    sd: float = 1.0,
) -> tuple[Floats, Floats]:
    """Posterior modes and their standard errors 1 / sqrt(information + 1 / sd^2), both (N,), of answers (N, n)."""
    quadrature(mu, sd)  # checks the prior
    categories = as_categories(items, np.atleast_2d(answers))
    uncertain = items.with_difficulty_error()
    modes, errors = [], []
    for start in range(0, max(1, len(categories)), PORTION):
        theta, error = _modes(
            uncertain,
            categories[start : start + PORTION],
            NormalPrior(mu, sd),
        )
        modes.append(theta)
        errors.append(error)
    return np.concatenate(modes), np.concatenate(errors)


def _modes(
    items: Items,
    answers: Ints,
    prior: NormalPrior,
) -> tuple[Floats, Floats]:
    """Newton steps in a bracket that shrinks, from the best point of a grid; both (N,)."""
    categories = np.arange(items.b.shape[1] + 1)
    indicator = (answers[:, :, None] == categories) * 1.0
    theta, low, high = _bracket(items, indicator, prior)
    for _ in range(NEWTON_ROUNDS):
        slope, information = _slope(items, indicator, theta, prior, "ink,ink->i")
        low = np.where(slope > 0, theta, low)
        high = np.where(slope < 0, theta, high)
        newton = theta + slope / information
        inside = (newton >= low) & (newton <= high)
        before = theta
        theta = np.where(inside, newton, (low + high) / 2)
        if np.abs(theta - before).max(initial=0) < CLOSE:
            break
    return theta, 1 / np.sqrt(information)


def _bracket(
    items: Items,
    indicator: Floats,
    prior: NormalPrior,
) -> tuple[Floats, Floats, Floats]:
    """The best point of a grid for every person, found by summing the curve's slope over it, and its neighbours."""
    reach = EDGE * prior.sd
    low, high = prior.mu - reach, prior.mu + reach
    grid, step = np.linspace(low, high, COARSE, retstep=True)
    slope, _ = _slope(items, indicator, grid, prior, "ink,gnk->ig")
    rises = slope[:, 1:] + slope[:, :-1]
    height = np.cumsum(rises, axis=1)
    height = np.pad(height, ((0, 0), (1, 0)))
    best = grid[np.argmax(height, axis=1)]
    low = np.maximum(best - step, grid[0])
    high = np.minimum(best + step, grid[-1])
    return np.asarray(best), low, high


def _slope(
    items: Items,
    indicator: Floats,
    theta: Floats,
    prior: NormalPrior,
    pairs: str,
) -> tuple[Floats, Floats]:
    """Slope of the log posterior and its information at theta (T,): both (N, T), or (N,) when `pairs` gives every
    person a theta of their own. indicator: (N, n, M + 1), ones at the answers."""
    probs, first = derivatives(items, theta[:, None])
    ratio = first / np.maximum(probs, TINY)
    any_category = indicator.sum(axis=2, keepdims=True)
    answered = np.broadcast_to(any_category, indicator.shape)
    slope = np.einsum(pairs, indicator, ratio, optimize=True)
    information = np.einsum(pairs, answered, ratio * first, optimize=True)
    slope = slope - (theta - prior.mu) / prior.sd**2
    return slope, information + prior.sd**-2


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
    theta: Floats = np.zeros(weights.shape[1])
    for _ in range(JOINT_ROUNDS):
        gradient, information = _joint_slope(uncertain, weights, answers, power, precision, theta)
        move = np.linalg.solve(information, gradient)
        farthest = float(np.abs(move).max())
        theta = theta + move / max(1.0, farthest)
        if farthest < JOINT_CLOSE:
            break
    covariance: Floats = np.asarray(np.linalg.inv(information))
    return theta, covariance


def _joint_slope(
    items: Items,
    weights: Floats,
    answers: Ints,
    power: Floats,
    precision: Floats,
    theta: Floats,
) -> tuple[Floats, Floats]:
    """Gradient (S,) and information (S, S) of the joint log posterior."""
    probs, first = derivatives(items, (weights @ theta)[None])
    ratio = first[0] / np.maximum(probs[0], TINY)
    slope = power * ratio[np.arange(len(weights)), answers]
    per_item = power * (ratio * first[0]).sum(axis=1)
    gradient = weights.T @ slope - precision @ theta
    information = (weights.T * per_item) @ weights + precision
    return gradient, information
