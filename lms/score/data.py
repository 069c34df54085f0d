"""Answers of many persons to many items (a dense matrix, or triplets that stay sparse) and their likelihood.

Written in slope and step intercepts, e_v = -a b_v, partial credit is an exponential family: log P_k - log P_0 =
k a theta + sum of e_v up to k. So a person enters through x . a alone, and the e-part, constant in theta, drops out of
every posterior; only lower asymptotes need the full product.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from lms.score.model import Floats, Items, as_categories, log_probs

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

    def tails(self, categories: int) -> Floats:
        """Weighted answers in category v or above, (n, M + 1)."""
        seen = np.ones_like(self.x) if self.seen is None else self.seen
        return np.stack([self.weights @ part for part in (seen, *(self.x >= v for v in range(1, categories)))], axis=1)


@dataclass(frozen=True)
class Responses:
    """N persons x n items of up to M + 1 categories."""

    blocks: tuple[Block, ...]
    categories: int

    @property
    def empty(self) -> int:
        """Persons without any answer."""
        return sum(0 if block.seen is None else int((block.seen.sum(axis=1) == 0).sum()) for block in self.blocks)

    @cached_property
    def tails(self) -> Floats:
        """Weighted answers in category v or above, (n, M + 1), v = 0..M."""
        return np.asarray(np.sum([block.tails(self.categories) for block in self.blocks], axis=0))

    @classmethod
    def dense(cls, items: Items, answers: ArrayLike, weights: Weights = None) -> Responses:
        """From an integer matrix (N, n), -1 for missing; weights (N,) count a row several times."""
        given = as_categories(items, np.atleast_2d(np.asarray(answers)))
        seen, kind = given >= 0, np.float64 if given.size <= SMALL else np.float32
        rows = max(64, CELLS // max(1, len(items)))
        x = np.maximum(given, 0).astype(kind)
        return cls(_blocks(x, None if seen.all() else seen.astype(kind), weights, rows), items.b.shape[1] + 1)

    @classmethod
    def triplets(
        cls,
        items: Items,
        persons: ArrayLike,
        columns: ArrayLike,
        categories: ArrayLike,
        count: int,
        weights: Weights = None,
    ) -> Responses:
        """From equally long (person, item, category) integers with persons 0..count-1; no cell may come twice."""
        rows, cols, x = (np.asarray(part, np.int64) for part in (persons, columns, categories))
        if not (((rows >= 0) & (rows < count)).all() and ((cols >= 0) & (cols < len(items))).all()):
            raise ValueError(f"person or item outside {count} persons and {len(items)} items")
        if (bad := (x < 0) | (x > items.m[cols])).any():
            at = int(bad.argmax())
            raise ValueError(f"person {rows[at]}, item {items.names[cols[at]]}: {x[at]} is no category of this item")
        scored, seen = (
            csr_array((part.astype(np.float32), (rows, cols)), shape=(count, len(items))) for part in (x, x >= 0)
        )
        twice: Any = (seen > 1).nonzero()
        if len(twice[0]):
            raise ValueError(f"person {twice[0][0]} answers item {items.names[twice[1][0]]} twice")
        return cls(_blocks(scored, seen, weights, ROWS), items.b.shape[1] + 1)

    def counts(self) -> Floats:
        """Weighted answers per category, (n, M + 1)."""
        return np.asarray(-np.diff(self.tails, axis=1, append=0))


def _blocks(x: Any, seen: Any, weights: Weights, rows: int) -> tuple[Block, ...]:
    count = x.shape[0]
    given = np.ones(count) if weights is None else np.asarray(weights, float)
    if given.shape != (count,) or not (np.isfinite(given) & (given >= 0)).all():
        raise ValueError(f"weights must be {count} finite numbers, none negative")
    if seen is not None:
        given = given * (seen.sum(axis=1) > 0)
    parts = [slice(at, at + rows) for at in range(0, max(1, count), rows)]
    return tuple(Block(x[part], None if seen is None else seen[part], given[part]) for part in parts)


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
    def of(cls, w: Floats, c: Floats, points: Floats) -> Tables:
        """From w (n, 1 + M) as Items.natural, lower asymptotes c (n,) and points (Q,)."""
        a, e = w[:, 0], w[:, 1:]
        straight = np.outer(a, points)
        logs = log_probs(straight, e[:, None])
        # where c > 0: log P_1 - log P_0 = log(c + exp z) - log(1 - c), intercept included
        with np.errstate(divide="ignore"):
            guessed = np.logaddexp(np.log(c)[:, None], straight + e[:, :1]) - np.log1p(-c)[:, None]
        lift = np.where(c[:, None] > 0, guessed, straight) if c.any() else None
        return cls(a, points, np.exp(logs), logs[:, :, 0] + np.log1p(-c)[:, None], lift)

    def posterior(self, block: Block, prior: Floats) -> tuple[Any, Any]:
        """Weights (B, Q) in the block's precision from log prior weights (Q,), and the log of each person's sum (B,),
        a likelihood up to a constant of the person."""
        kind = block.x.dtype
        if self.lift is None:
            logs = np.multiply.outer(block.x @ self.a.astype(kind), self.points.astype(kind))
        else:
            logs = product(block.x, self.lift.astype(kind))
        if block.seen is None:
            logs += (self.zero.sum(axis=0) + prior).astype(kind)
        else:
            logs += product(block.seen, self.zero.astype(kind)) + prior.astype(kind)
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
