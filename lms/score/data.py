"""Answers of many persons to many items: a dense matrix with -1 for missing, or triplets that stay sparse."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_array, csr_array

from lms.score.model import Floats, Items

CELLS = 32768  # of a dense block: it stays in cache and on one core, faster than sharing such small products out
ROWS = 1024  # of a sparse block
SMALL = 200_000  # up to so many answers double precision costs nothing


@dataclass(frozen=True)
class Block:
    """Some persons: x (B, n) categories, 0 where missing; seen (B, n) ones and zeros, None where all is seen (both
    dense or both sparse, `@` serves either); weights (B,) frequencies of the persons, 0 for those without answers."""

    x: Any
    seen: Any
    weights: Floats


@dataclass(frozen=True)
class Responses:
    """N persons x n items of up to M + 1 categories."""

    blocks: tuple[Block, ...]
    categories: int

    @property
    def persons(self) -> int:
        return sum(len(block.weights) for block in self.blocks)

    @property
    def empty(self) -> int:
        """Persons without any answer."""
        return sum(0 if block.seen is None else int((block.seen.sum(axis=1) == 0).sum()) for block in self.blocks)

    @cached_property
    def tails(self) -> Floats:
        """Weighted answers in category v or above, (n, M + 1), v = 0..M."""
        totals = [[block.weights @ _reached(block, v) for v in range(self.categories)] for block in self.blocks]
        return np.asarray(np.sum(totals, axis=0).T)

    @classmethod
    def dense(cls, items: Items, answers: ArrayLike, weights: ArrayLike | None = None) -> Responses:
        """From an integer matrix (N, n), -1 for missing; weights (N,) count a row several times."""
        given = np.asarray(answers)
        if given.ndim != 2 or given.shape[1] != len(items):
            raise ValueError(f"answers must be persons x {len(items)} items, got shape {given.shape}")
        bad = (given < -1).any(axis=0) | (given > items.m).any(axis=0)
        if given.dtype.kind not in "iub":
            bad |= (given != np.floor(given)).any(axis=0)
        if bad.any():
            _complain(items, given, int(bad.argmax()))
        kind = np.float64 if given.size <= SMALL else np.float32
        weights = _weights(weights, len(given))
        rows = max(64, CELLS // max(1, len(items)))
        cuts = range(0, max(1, len(given)), rows)
        blocks = tuple(_dense_block(given[at : at + rows], weights[at : at + rows], kind) for at in cuts)
        return cls(blocks, items.b.shape[1] + 1)

    @classmethod
    def triplets(
        cls,
        items: Items,
        persons: ArrayLike,
        columns: ArrayLike,
        categories: ArrayLike,
        count: int,
        weights: ArrayLike | None = None,
    ) -> Responses:
        """From equally long (person, item, category) integers with persons 0..count-1; no cell may come twice."""
        rows, cols, x = (np.asarray(part, np.int64) for part in (persons, columns, categories))
        if not (((rows >= 0) & (rows < count)).all() and ((cols >= 0) & (cols < len(items))).all()):
            raise ValueError(f"person or item outside {count} persons and {len(items)} items")
        bad = (x < 0) | (x > items.m[cols])
        if bad.any():
            at = int(bad.argmax())
            raise ValueError(f"person {rows[at]}, item {items.names[cols[at]]}: {x[at]} is no category of this item")
        shifted: Any = csr_array(coo_array((x + np.float32(1), (rows, cols)), shape=(count, len(items))))
        if shifted.nnz != len(x):
            cell, times = np.unique(rows * len(items) + cols, return_counts=True)
            person, item = divmod(int(cell[times > 1][0]), len(items))
            raise ValueError(f"person {person} answers item {items.names[item]} twice")
        weights = _weights(weights, count)
        cuts = range(0, max(1, count), ROWS)
        blocks = tuple(_sparse_block(shifted[at : at + ROWS], weights[at : at + ROWS]) for at in cuts)
        return cls(blocks, items.b.shape[1] + 1)

    def counts(self) -> Floats:
        """Weighted answers per category, (n, M + 1)."""
        return np.asarray(-np.diff(self.tails, axis=1, append=0))

    def thinned(self, stride: int) -> tuple[Responses, float]:
        """Every stride-th block in double precision, and how many times its weight all have."""
        kept = [
            Block(b.x.astype(float), None if b.seen is None else b.seen.astype(float), b.weights)
            for b in self.blocks[::stride]
        ]
        whole, part = (sum(float(block.weights.sum()) for block in blocks) for blocks in (self.blocks, kept))
        return Responses(tuple(kept), self.categories), whole / part if part else 1.0


def _weights(weights: ArrayLike | None, count: int) -> Floats:
    given = np.ones(count) if weights is None else np.asarray(weights, float)
    if given.shape != (count,) or not (np.isfinite(given) & (given >= 0)).all():
        raise ValueError(f"weights must be {count} finite numbers, none negative")
    return given


def _complain(items: Items, given: Any, item: int) -> None:
    column = given[:, item]
    person = int(((column < -1) | (column > items.m[item]) | (column != np.floor(column))).argmax())
    raise ValueError(f"person {person}, item {items.names[item]}: {column[person]} is no category 0..{items.m[item]}")


def _dense_block(given: Any, weights: Floats, kind: Any) -> Block:
    seen = given >= 0
    if seen.all():
        return Block(given.astype(kind), None, weights)
    return Block(np.where(seen, given, 0).astype(kind), seen.astype(kind), weights * seen.any(axis=1))


def _sparse_block(shifted: Any, weights: Floats) -> Block:
    seen = shifted.copy()
    seen.data = np.ones_like(seen.data)
    x = shifted.copy()
    x.data = x.data - 1
    return Block(x, seen, weights * (np.diff(shifted.indptr) > 0))


def _reached(block: Block, v: int) -> Any:
    """(B, n) ones where category v or more was given, dense or sparse as the block."""
    if v == 0:
        return np.ones_like(block.x) if block.seen is None else block.seen
    if isinstance(block.x, np.ndarray):
        return (block.x >= v).astype(block.x.dtype)
    hits = block.x.copy()
    hits.data = (hits.data >= v).astype(np.float32)
    return hits
