"""Point estimates where a curve peaks: MAP, Warm's weighted likelihood, and the joint MAP over correlated skills."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from lms.score.model import TINY, Floats, Ints, Items, as_categories, derivatives

REACH, STEP = 8.0, 0.1
PORTION = 1024  # persons at once


def map_batch(items: Items, answers: ArrayLike, mu: float = 0.0, sd: float = 1.0) -> tuple[Floats, Floats]:
    """Posterior modes and their standard errors 1 / sqrt(information + 1 / sd^2), both (N,), of answers (N, n)."""
    return _peaks(items.widened(), as_categories(items, answers), (mu, sd))


def wle_batch(items: Items, answers: ArrayLike) -> tuple[Floats, Floats]:
    """Warm's (1989) weighted likelihood estimates and 1 / sqrt(information), both (N,), of answers (N, n): nearly
    unbiased and finite for all-right and all-wrong. ValueError names a person without answers; range +-8."""
    given = as_categories(items, answers)
    idle = (given < 0).all(axis=1)
    if idle.any():
        raise ValueError(f"person {int(idle.argmax())} gave no answers, and without a prior has no ability")
    return _peaks(items.widened(), given, None)


def _peaks(items: Items, answers: Ints, prior: tuple[float, float] | None) -> tuple[Floats, Floats]:
    parts = [_peak(items, answers[at : at + PORTION], prior) for at in range(0, max(1, len(answers)), PORTION)]
    theta, sd = (np.concatenate(column) for column in zip(*parts, strict=True))
    return theta, sd


def _peak(items: Items, answers: Ints, prior: tuple[float, float] | None) -> tuple[Floats, Floats]:
    """The highest point of every person's curve: the best of a grid, then Newton steps in a shrinking bracket."""
    top = _highest(items, answers, prior)
    low, high = np.maximum(top - STEP, -REACH), np.minimum(top + STEP, REACH)
    theta, width = top, np.ones(len(top))
    for _ in range(30):
        rise, width = _rise(items, answers, theta, prior)
        low, high = np.where(rise > 0, theta, low), np.where(rise < 0, theta, high)
        last, newton = theta, theta + rise / width
        theta = np.where((newton >= low) & (newton <= high), newton, (low + high) / 2)
        if np.abs(theta - last).max(initial=0) < 1e-9:
            break
    return theta, 1 / np.sqrt(width)


def _highest(items: Items, answers: Ints, prior: tuple[float, float] | None) -> Floats:
    """Grid point (N,) nearest to the top of each curve, found by summing its slope over the grid."""
    grid = np.arange(-REACH, REACH + STEP / 2, STEP)
    probs, first, second = derivatives(items, grid[:, None])
    ratio = first / np.maximum(probs, TINY)
    rise = sum((answers == k) @ ratio[:, :, k].T for k in range(ratio.shape[2]))
    if prior is not None:
        rise = rise - (grid - prior[0]) / prior[1] ** 2
    else:
        seen = (answers >= 0).astype(float)
        rise = rise + seen @ (ratio * second).sum(axis=2).T / (2 * seen @ (ratio * first).sum(axis=2).T)
    height = np.cumsum(rise[:, 1:] + rise[:, :-1], axis=1)
    return np.asarray(grid[np.argmax(np.pad(height, ((0, 0), (1, 0))), axis=1)])


def _rise(items: Items, answers: Ints, theta: Floats, prior: tuple[float, float] | None) -> tuple[Floats, Floats]:
    """Slope of the curve to climb and its information, both (N,), every person at an own theta (N,)."""
    probs, first, second = derivatives(items, theta[:, None])
    seen, ratio = answers >= 0, first / np.maximum(probs, TINY)
    own = np.take_along_axis(ratio, np.maximum(answers, 0)[:, :, None], axis=2)[:, :, 0]
    rise, information = (own * seen).sum(axis=1), ((ratio * first).sum(axis=2) * seen).sum(axis=1)
    if prior is not None:
        return rise - (theta - prior[0]) / prior[1] ** 2, information + prior[1] ** -2
    return rise + ((ratio * second).sum(axis=2) * seen).sum(axis=1) / (2 * information), information


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
