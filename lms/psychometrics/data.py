"""Answers of many persons to many items (a dense matrix, or triplets that stay sparse) and their likelihood.

Written in slope and step intercepts, e_v = -a b_v, partial credit is an exponential family: log P_k - log P_0 =
k a theta + sum of e_v up to k. So a person enters through x . a alone, and the e-part, constant in theta, drops out of
every posterior; only items with a lower asymptote need more, their `extra`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from lms.psychometrics.model import Floats, Ints, Items, as_categories, log_probs

CELLS = 32768  # of a dense block: it stays in cache and on one core, faster than sharing such small products out
ROWS = 1024  # of a sparse block
SMALL = 200_000  # up to so many answers double precision costs nothing
ONE_CORE = 250_000  # multiplications up to which OpenBLAS starts no threads
Weights = ArrayLike | None


@dataclass(frozen=True)
class Block:
    """Some persons: x (B, n) categories, 0 where missing; seen (B, n) ones and zeros, None where all is seen (both
    dense or both sparse, `@` serves either); weights (B,) frequencies of the persons, 0 for those without answers."""

    x: Any
    seen: Any
    weights: Floats


@dataclass(frozen=True)
class Responses:
    """N persons x n items in blocks of persons; counts (n, M + 1): weighted answers per category; empty: persons
    without any answer."""

    blocks: tuple[Block, ...]
    counts: Floats
    empty: int

    @classmethod
    def dense(cls, items: Items, answers: ArrayLike, weights: Weights = None) -> Responses:
        """From an integer matrix (N, n), -1 for missing; weights (N,) count a row several times."""
        given = as_categories(items, np.atleast_2d(np.asarray(answers)))
        seen, kind = given >= 0, np.float64 if given.size <= SMALL else np.float32
        many = _weights(weights, len(given))
        counts = np.stack([many @ (given == k) for k in range(items.b.shape[1] + 1)], axis=1)
        x, marks = np.maximum(given, 0).astype(kind), None if seen.all() else seen.astype(kind)
        return cls._split(x, marks, many, counts, max(64, CELLS // max(1, len(items))))

    @classmethod
    def triplets(
        cls, items: Items, persons: ArrayLike, columns: ArrayLike, categories: ArrayLike, count: int,
        weights: Weights = None,
    ) -> Responses:  # fmt: skip
        """From equally long (person, item, category) integers with persons 0..count-1; no cell may come twice."""
        rows, cols, x = (np.asarray(part, np.int64) for part in (persons, columns, categories))
        _check_triplets(items, rows, cols, x, count)
        scored, seen = (
            csr_array((part.astype(np.float32), (rows, cols)), shape=(count, len(items))) for part in (x, x >= 0)
        )
        twice: Any = (seen > 1).nonzero()
        if len(twice[0]):
            raise ValueError(f"person {twice[0][0]} answers item {items.names[twice[1][0]]} twice")
        many, width = _weights(weights, count), items.b.shape[1] + 1
        counts = np.bincount(cols * width + x, many[rows], len(items) * width).astype(float)
        return cls._split(scored, seen, many, counts.reshape(-1, width), ROWS)

    @classmethod
    def _split(cls, x: Any, seen: Any, weights: Floats, counts: Floats, rows: int) -> Responses:
        idle = np.zeros(len(weights), bool) if seen is None else seen.sum(axis=1) == 0
        weights = np.where(idle, 0, weights)
        parts = [slice(at, at + rows) for at in range(0, max(1, len(weights)), rows)]
        blocks = (Block(x[part], None if seen is None else seen[part], weights[part]) for part in parts)
        return cls(tuple(blocks), counts, int(idle.sum()))


def _check_triplets(items: Items, rows: Ints, cols: Ints, x: Ints, count: int) -> None:
    if not (((rows >= 0) & (rows < count)).all() and ((cols >= 0) & (cols < len(items))).all()):
        raise ValueError(f"person or item outside {count} persons and {len(items)} items")
    if (bad := (x < 0) | (x > items.m[cols])).any():
        at = int(bad.argmax())
        raise ValueError(f"person {rows[at]}, item {items.names[cols[at]]}: {x[at]} is no category of this item")


def _weights(weights: Weights, count: int) -> Floats:
    given = np.ones(count) if weights is None else np.asarray(weights, float)
    if given.shape != (count,) or not (np.isfinite(given) & (given >= 0)).all():
        raise ValueError(f"weights must be {count} finite numbers, none negative")
    return given


@dataclass(frozen=True)
class Tables:
    """Item quantities at Q points. probs (n, Q, M + 1) before guessing; zero (n, Q): log P of category 0; guessed (G,):
    the items with a lower asymptote; extra (G, Q): what being right there adds to the log-likelihood beyond a theta."""

    a: Floats
    points: Floats
    probs: Floats
    zero: Floats
    guessed: Ints
    extra: Floats

    @classmethod
    def of(cls, w: Floats, c: Floats, points: Floats) -> Tables:
        """From w (n, 1 + M) as Items.natural, lower asymptotes c (n,) and points (Q,)."""
        logs, guessed = log_probs(np.outer(w[:, 0], points), w[:, None, 1:]), np.flatnonzero(c)
        straight, share = np.outer(w[guessed, 0], points), c[guessed, None]
        # log P_1 - log P_0 = log(c + exp z) - log(1 - c), intercept included
        extra = np.logaddexp(np.log(share), straight + w[guessed, 1:2]) - np.log1p(-share) - straight
        return cls(w[:, 0], points, np.exp(logs), logs[:, :, 0] + np.log1p(-c)[:, None], guessed, extra)

    def posterior(self, block: Block, prior: Floats) -> tuple[Any, Any]:
        """Weights (B, Q) in the block's precision from log prior weights (Q,), and the log of each person's sum (B,),
        a likelihood up to a constant of the person."""
        kind = block.x.dtype
        logs = np.multiply.outer(block.x @ self.a.astype(kind), self.points.astype(kind))
        logs += prior.astype(kind)
        if len(self.guessed):
            logs += product(block.x[:, self.guessed], self.extra.astype(kind))
        logs += self.zero.sum(axis=0, dtype=kind) if block.seen is None else product(block.seen, self.zero.astype(kind))
        top = logs.max(axis=1)
        weights = np.exp(logs - top[:, None])
        total = weights.sum(axis=1)
        return weights / total[:, None], top + np.log(total)


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
    rows = ONE_CORE // max(1, left.shape[1] * right.shape[1]) + 1
    return [slice(at, at + rows) for at in range(0, max(1, len(left)), rows)]
