"""Answers of some persons, cut so that a block is quick to multiply: dense, or sparse until its tables are wanted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lms.psychometrics.arrays import Floats, Ints

SPARSE_ROWS = 1024  # of a block of sparse answers


@dataclass(frozen=True)
class PersonBlock:
    """Some persons, B of them.

    categories: (B, n), 0 where missing. answered: (B, n) ones and zeros, None where all is answered. weights: (B,)
    frequencies of the persons, 0 for those without answers.
    """

    categories: Any
    answered: Any
    weights: Floats

    def in_doubles(self) -> PersonBlock:
        return replace(self, categories=self.categories.astype(float))


@dataclass(frozen=True)
class SparseBlock:
    """The same from its filled cells: rows, columns and entries, all (A,). Its tables are drawn out when they are asked
    for: one block's are small and quick to multiply, all of them at once would not fit."""

    rows: Ints
    columns: Ints
    entries: Ints
    weights: Floats
    items: int
    kind: type = np.float32

    @property
    def categories(self) -> Any:
        return self._table(self.entries)

    @property
    def answered(self) -> Any:
        return self._table(1)

    def _table(self, values: Any) -> Any:
        table: Any = np.zeros((len(self.weights), self.items), self.kind)
        table[self.rows, self.columns] = values
        return table

    def in_doubles(self) -> SparseBlock:
        return replace(self, kind=np.float64)


def sparse_blocks(
    rows: Ints,
    cols: Ints,
    entries: Ints,
    weights: Floats,
    items: int,
) -> Iterator[SparseBlock]:
    """Cells by ascending row, cut into blocks of so many rows."""
    for start in range(0, max(1, len(weights)), SPARSE_ROWS):
        part = slice(*np.searchsorted(rows, (start, start + SPARSE_ROWS)))
        block = weights[start : start + SPARSE_ROWS]
        yield SparseBlock(rows[part] - start, cols[part], entries[part], block, items)
