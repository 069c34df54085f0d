"""Answers of many persons to many items: a dense matrix, or triplets that stay sparse, in blocks of persons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lms.psychometrics.arrays import Floats, Ints
from lms.psychometrics.items import Items, as_categories
from lms.psychometrics.response_blocks import PersonBlock, SparseBlock, sparse_blocks

CELLS = 32768  # of a dense block: it stays in cache and on one core, faster than sharing such small products out
LEAST_ROWS = 64  # of a dense block
SMALL = 200_000  # up to so many answers double precision costs nothing
Weights = ArrayLike | None


@dataclass(frozen=True)
class Responses:
    """N persons x n items.

    counts: (n, M + 1) weighted answers per category; empty: how many persons gave no answer.
    """

    blocks: tuple[PersonBlock | SparseBlock, ...]
    counts: Floats
    empty: int

    @classmethod
    def dense(
        cls,
        items: Items,
        answers: ArrayLike,
        weights: Weights = None,
    ) -> Responses:
        """From an integer matrix (N, n), -1 for missing; weights (N,) count a row several times.

        ValueError names the person and item whose answer is no category.
        """
        entries = as_categories(items, np.atleast_2d(np.asarray(answers)))
        kind = np.float64 if entries.size <= SMALL else np.float32
        frequencies = _frequencies(weights, len(entries))
        answered = entries >= 0
        return _in_blocks(
            categories=np.maximum(entries, 0).astype(kind),
            answered=None if answered.all() else answered.astype(kind),
            weights=frequencies,
            counts=_counts(items, entries, frequencies),
            rows=max(LEAST_ROWS, CELLS // max(1, len(items))),
        )

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
        """From equally long (person, item, category) integers with persons 0..count-1.

        ValueError names a person or item outside, a category that the item lacks, or a cell that comes twice.
        """
        rows = np.asarray(persons, np.int64)
        cols = np.asarray(columns, np.int64)
        entries = np.asarray(categories, np.int64)
        _check_triplets(items, rows, cols, entries, count)
        order = np.lexsort((cols, rows))
        rows, cols, entries = rows[order], cols[order], entries[order]
        _check_no_cell_twice(items, rows, cols)
        frequencies = _frequencies(weights, count)
        idle = np.bincount(rows, minlength=count) == 0
        used = np.where(idle, 0, frequencies)
        counts = _triplet_counts(items, cols, entries, frequencies[rows])
        return cls(tuple(sparse_blocks(rows, cols, entries, used, len(items))), counts, int(idle.sum()))


def _in_blocks(
    categories: Any,
    answered: Any,
    weights: Floats,
    counts: Floats,
    rows: int,
) -> Responses:
    """Cut into blocks of so many rows; persons without answers lose their weight."""
    idle = np.zeros(len(weights), bool)
    if answered is not None:
        idle = answered.sum(axis=1) == 0
    weights = np.where(idle, 0, weights)
    blocks = []
    for start in range(0, max(1, len(weights)), rows):
        part = slice(start, start + rows)
        block_answered = None if answered is None else answered[part]
        blocks.append(PersonBlock(categories[part], block_answered, weights[part]))
    return Responses(tuple(blocks), counts, int(idle.sum()))


def _counts(
    items: Items,
    entries: Ints,
    frequencies: Floats,
) -> Floats:
    categories = range(items.b.shape[1] + 1)
    columns = [frequencies @ (entries == category) for category in categories]
    return np.stack(columns, axis=1)


def _triplet_counts(
    items: Items,
    cols: Ints,
    entries: Ints,
    frequencies: Floats,
) -> Floats:
    width = items.b.shape[1] + 1
    cells = np.bincount(cols * width + entries, frequencies, len(items) * width)
    return cells.astype(float).reshape(-1, width)


def _check_triplets(
    items: Items,
    rows: Ints,
    cols: Ints,
    entries: Ints,
    count: int,
) -> None:
    persons_inside = (rows >= 0) & (rows < count)
    items_inside = (cols >= 0) & (cols < len(items))
    if not (persons_inside & items_inside).all():
        raise ValueError(f"person or item outside {count} persons and {len(items)} items")
    wrong = (entries < 0) | (entries > items.m[cols])
    if wrong.any():
        at = int(wrong.argmax())
        raise ValueError(f"person {rows[at]}, item {items.names[cols[at]]}: {entries[at]} is no category of this item")


def _check_no_cell_twice(items: Items, rows: Ints, cols: Ints) -> None:
    """Of cells in order of rows and columns."""
    again = (np.diff(rows) == 0) & (np.diff(cols) == 0)
    if again.any():
        at = int(again.argmax())
        raise ValueError(f"person {rows[at]} answers item {items.names[cols[at]]} twice")


def _frequencies(weights: Weights, count: int) -> Floats:
    frequencies = np.ones(count) if weights is None else np.asarray(weights, float)
    usable = np.isfinite(frequencies) & (frequencies >= 0)
    if frequencies.shape != (count,) or not usable.all():
        raise ValueError(f"weights must be {count} finite numbers, none negative")
    return frequencies
