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
    """The highest point of every person's curve: the best of a grid, found by summing the curve's slope over it, then
    Newton steps in a shrinking bracket."""
    chosen, grid = (
        (answers[:, :, None] == np.arange(items.b.shape[1] + 1)) * 1.0,
        np.arange(-REACH, REACH + STEP / 2, STEP),
    )
    rise, _ = _rise(items, chosen, grid, prior, "ink,gnk->ig")
    height = np.cumsum(rise[:, 1:] + rise[:, :-1], axis=1)
    theta = grid[np.argmax(np.pad(height, ((0, 0), (1, 0))), axis=1)]
    low, high = np.maximum(theta - STEP, -REACH), np.minimum(theta + STEP, REACH)
    for _ in range(30):
        rise, width = _rise(items, chosen, theta, prior, "ink,ink->i")
        low, high = np.where(rise > 0, theta, low), np.where(rise < 0, theta, high)
        last, newton = theta, theta + rise / width
        theta = np.where((newton >= low) & (newton <= high), newton, (low + high) / 2)
        if np.abs(theta - last).max(initial=0) < 1e-9:
            break
    return theta, 1 / np.sqrt(width)


def _rise(
    items: Items, chosen: Floats, theta: Floats, prior: tuple[float, float] | None, pairs: str
) -> tuple[Floats, Floats]:
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
