"""The likelihood of many persons' answers at quadrature points.

Written in slope and step intercepts, e_v = -a b_v, partial credit is an exponential family: log P_k - log P_0 =
k a theta + sum of e_v up to k. So a person enters through categories . a alone, and the e-part, constant in theta,
drops out of every posterior; only items with a lower asymptote need more, their `guessing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lms.psychometrics.arrays import Floats, Ints
from lms.psychometrics.model import log_probs
from lms.psychometrics.response_blocks import PersonBlock, SparseBlock

ONE_CORE = 250_000  # multiplications up to which OpenBLAS starts no threads


@dataclass(frozen=True)
class LikelihoodTables:
    """Item quantities at Q points.

    slopes: (n,). probs: (n, Q, M + 1) before guessing. log_zero: (n, Q) log P of category 0. guessed: (G,) the items
    with a lower asymptote. guessing: (G, Q) what being right there adds to the log-likelihood beyond a theta.
    """

    slopes: Floats
    points: Floats
    probs: Floats
    log_zero: Floats
    guessed: Ints
    guessing: Floats

    @classmethod
    def of(
        cls,
        natural: Floats,
        asymptotes: Floats,
        points: Floats,
    ) -> LikelihoodTables:
        """From natural parameters (n, 1 + M) as Items.natural, lower asymptotes (n,) and points (Q,)."""
        slopes = natural[:, 0]
        straight = np.outer(slopes, points)
        log_p = log_probs(straight, natural[:, None, 1:])
        guessed = np.flatnonzero(asymptotes)
        return cls(
            slopes=slopes,
            points=points,
            probs=np.exp(log_p),
            log_zero=log_p[:, :, 0] + np.log1p(-asymptotes)[:, None],
            guessed=guessed,
            guessing=_guessing(natural[guessed], asymptotes[guessed, None], points),
        )

    def posterior(self, block: PersonBlock | SparseBlock, log_prior: Floats) -> tuple[Any, Any]:
        """Posterior weights (B, Q), in the block's precision, from log prior weights (Q,), and the log of each person's
        sum (B,): a likelihood up to a constant of the person."""
        logs = self._log_joint(block, log_prior)
        top = logs.max(axis=1)
        weights = np.exp(logs - top[:, None])
        total = weights.sum(axis=1)
        return weights / total[:, None], top + np.log(total)

    def _log_joint(self, block: PersonBlock | SparseBlock, log_prior: Floats) -> Any:
        categories = block.categories
        kind = categories.dtype
        scores = categories @ self.slopes.astype(kind)
        logs = np.multiply.outer(scores, self.points.astype(kind))
        logs += log_prior.astype(kind)
        if len(self.guessed):
            logs += product(
                categories[:, self.guessed],
                self.guessing.astype(kind),
            )
        answered = block.answered
        if answered is None:
            logs += self.log_zero.sum(axis=0, dtype=kind)
        else:
            logs += product(answered, self.log_zero.astype(kind))
        return logs


def _guessing(
    natural: Floats,
    asymptotes: Floats,
    points: Floats,
) -> Floats:
    """log P_1 - log P_0 - a theta = log(c + exp z) - log(1 - c) - a theta with z = a theta + e, (G, Q)."""
    straight = np.outer(natural[:, 0], points)
    right = np.logaddexp(np.log(asymptotes), straight + natural[:, 1:2])
    return np.asarray(right - np.log1p(-asymptotes) - straight)


def product(left: Any, right: Any) -> Any:
    """left @ right, in pieces so small that BLAS keeps to one core.

    On a busy machine its threads wait for each other a hundred times longer than they compute.
    """
    pieces = _pieces(left, right)
    return np.concatenate([left[rows] @ right for rows in pieces])


def transposed_product(left: Any, right: Any) -> Any:
    """left.T @ right, likewise."""
    return sum(left[rows].T @ right[rows] for rows in _pieces(left, right))


def _pieces(left: Any, right: Any) -> list[slice]:
    per_row = left.shape[1] * right.shape[1]
    rows = ONE_CORE // max(1, per_row) + 1
    starts = range(0, max(1, len(left)), rows)
    return [slice(start, start + rows) for start in starts]


def of_one_item(logs: Floats, column: Ints) -> Floats:
    """Log-likelihood (N, Q) of everybody's answer to one item, 0 where there is none. logs (Q, M + 1): log P of its
    categories at every point; column (N,): categories, -1 for missing."""
    return np.asarray(np.where(column[:, None] >= 0, logs[:, np.maximum(column, 0)].T, 0.0))
