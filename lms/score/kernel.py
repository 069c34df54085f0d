"""Likelihood of many persons on a quadrature. Written in slope and step intercepts, e_v = -a b_v, partial credit is an
exponential family: log P_k - log P_0 = k a theta + sum of e_v up to k. So a person enters through x . a alone, and the
e-part, constant in theta, drops out of every posterior; only lower asymptotes need the full product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lms.score.data import Block
from lms.score.model import Floats

ONE_CORE = 250_000  # multiplications up to which OpenBLAS starts no threads


@dataclass(frozen=True)
class Tables:
    """Item quantities at Q points. probs (n, Q, M + 1) before guessing; zero (n, Q): log P of category 0;
    lift (n, Q): what one category step adds to the log-likelihood; None without lower asymptotes: then a theta."""

    a: Floats
    points: Floats
    probs: Floats
    zero: Floats
    lift: Floats | None

    @classmethod
    def of(cls, a: Floats, e: Floats, c: Floats, points: Floats) -> Tables:
        """From slopes a (n,), step intercepts e (n, M; NaN behind the last), asymptotes c (n,), points (Q,)."""
        n, width = e.shape
        z = np.zeros((n, len(points), width + 1))
        z[:, :, 1:] = np.cumsum(np.outer(a, points)[:, :, None] + e[:, None, :], axis=2)
        z = np.where(np.isnan(z), -np.inf, z)
        top = z.max(axis=2, keepdims=True)
        probs = np.exp(z - top)
        total = probs.sum(axis=2, keepdims=True)
        zero = -(top + np.log(total))[:, :, 0]
        if not c.any():
            return cls(a, points, probs / total, zero, None)
        return cls(a, points, probs / total, zero + np.log1p(-c)[:, None], _lift(a, e, c, points))

    def log_likelihood(self, block: Block) -> Any:
        """(B, Q), up to a constant of each person, in the block's precision."""
        kind = block.x.dtype
        if self.lift is None:
            logs = np.multiply.outer(block.x @ self.a.astype(kind), self.points.astype(kind))
        else:
            logs = product(block.x, self.lift.astype(kind))
        if block.seen is None:
            logs += self.zero.sum(axis=0).astype(kind)
        else:
            logs += product(block.seen, self.zero.astype(kind))
        return logs


def _lift(a: Floats, e: Floats, c: Floats, points: Floats) -> Floats:
    """log P_1 - log P_0 = log(c + exp z) - log(1 - c), intercept included, where c > 0; the plain a theta elsewhere."""
    straight = np.outer(a, points)
    with np.errstate(divide="ignore"):
        guessed = np.logaddexp(np.log(c)[:, None], straight + e[:, :1]) - np.log1p(-c)[:, None]
    return np.where(c[:, None] > 0, guessed, straight)


def product(left: Any, right: Any) -> Any:
    """left @ right, in pieces so small that BLAS keeps to one core: on a busy machine its threads wait for each other a
    hundred times longer than they compute."""
    if not isinstance(left, np.ndarray):
        return left @ right
    return np.concatenate([left[rows] @ right for rows in _pieces(left, right)])


def crossed(left: Any, right: Any) -> Any:
    """left.T @ right, likewise."""
    if not isinstance(left, np.ndarray):
        return left.T @ right
    return sum(left[rows].T @ right[rows] for rows in _pieces(left, right))


def _pieces(left: Any, right: Any) -> list[slice]:
    rows = max(1, ONE_CORE // (left.shape[1] * right.shape[1]))
    return [slice(at, at + rows) for at in range(0, max(1, len(left)), rows)]


def normalised(logs: Any) -> tuple[Any, Any]:
    """Posterior weights (B, Q), in place, and the log of each person's sum (B,), from log-likelihood + log prior."""
    top = logs.max(axis=1)
    logs -= top[:, None]
    np.exp(logs, out=logs)
    total = logs.sum(axis=1)
    logs /= total[:, None]
    return logs, top + np.log(total)
