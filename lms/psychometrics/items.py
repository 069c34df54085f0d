"""Item parameters, one by one and stacked as arrays, and the answers that an item takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from lms.psychometrics.arrays import Floats, Ints


@dataclass(frozen=True)
class ItemParameters:
    """One scoring unit.

    a: slope. b: its m thresholds (m + 1 categories). c: fixed lower asymptote (m = 1 only). sd_b: standard error of its
    difficulty, a common shift of all thresholds. name: for messages.
    """

    a: float
    b: tuple[float, ...]
    c: float = 0.0
    sd_b: float = 0.0
    name: str = ""


@dataclass(frozen=True)
class Items:
    """n items as arrays: a, c, sd_b, m of shape (n,); b (n, M), padded with NaN behind an item's m thresholds."""

    a: Floats
    b: Floats
    c: Floats
    sd_b: Floats
    m: Ints
    names: tuple[str, ...]

    @classmethod
    def of(cls, items: Sequence[ItemParameters]) -> Items:
        """Stack items; ValueError names the first item whose parameters make no model."""
        names = tuple(item.name or f"#{position}" for position, item in enumerate(items))
        for item, name in zip(items, names, strict=True):
            _check(item, name)
        return cls(
            a=np.array([item.a for item in items], float),
            b=_padded_thresholds(items),
            c=np.array([item.c for item in items], float),
            sd_b=np.array([item.sd_b for item in items], float),
            m=np.array([len(item.b) for item in items], np.int64),
            names=names,
        )

    def __len__(self) -> int:
        return len(self.a)

    @property
    def natural(self) -> Floats:
        """Slope and step intercepts of every item, (n, 1 + M): a, then e_v = -a b_v, NaN behind the last."""
        intercepts = -self.a[:, None] * self.b
        return np.column_stack([self.a, intercepts])

    def take(self, indices: ArrayLike) -> Items:
        """The items at these positions (or where a boolean mask holds), in that order."""
        kind = None if np.size(indices) else int  # an empty list would index as floats
        chosen = np.arange(len(self))[np.asarray(indices, kind)]
        return Items(
            a=self.a[chosen],
            b=self.b[chosen],
            c=self.c[chosen],
            sd_b=self.sd_b[chosen],
            m=self.m[chosen],
            names=tuple(self.names[position] for position in chosen),
        )

    def with_difficulty_error(self) -> Items:
        """The same items with the uncertainty of their difficulty folded into the slope, so that uncertain items tell
        less: a shrinks by kappa = 1 / sqrt(1 + pi a^2 sd_b^2 / 8) (MacKay 1992)."""
        kappa = 1 / np.sqrt(1 + np.pi * self.a**2 * self.sd_b**2 / 8)
        return replace(self, a=self.a * kappa, sd_b=np.zeros_like(self.sd_b))


def as_categories(items: Items, answers: ArrayLike) -> Ints:
    """Answers (..., n) as integers: 0..m, or -1 for missing.

    ValueError names the item (and the person) that breaks this, or the shape that doesn't fit.
    """
    numbers = np.asarray(answers)
    if numbers.dtype.kind not in "iu":
        numbers = numbers.astype(float)
    if numbers.ndim == 0 or numbers.shape[-1] != len(items):
        raise ValueError(f"{len(items)} items need as many answers, got shape {numbers.shape}")
    categories = _integers(numbers)
    wrong = (categories < -1) | (categories > items.m) | (categories != numbers)
    if wrong.any():
        place = np.argwhere(wrong)[0].tolist()
        raise ValueError(_no_category(items, numbers, place))
    return categories


def _padded_thresholds(items: Sequence[ItemParameters]) -> Floats:
    most = max((len(item.b) for item in items), default=1)
    b = np.full((len(items), most), np.nan)
    for row, item in zip(b, items, strict=True):
        row[: len(item.b)] = item.b
    return b


def _check(item: ItemParameters, name: str) -> None:
    if not item.b or not all(map(math.isfinite, (item.a, *item.b))):
        raise ValueError(f"item {name}: slope and at least one threshold must be finite, got a={item.a}, b={item.b}")
    if not 0 <= item.c < 1 or (item.c and len(item.b) > 1):
        raise ValueError(f"item {name}: a lower asymptote in [0, 1) belongs to two categories only, got c={item.c}")
    if not 0 <= item.sd_b < np.inf:
        raise ValueError(f"item {name}: sd_b must be finite and not negative, got {item.sd_b}")


def _integers(numbers: Floats | Ints) -> Ints:
    if numbers.dtype.kind == "i":
        return np.asarray(numbers)
    with np.errstate(invalid="ignore"):
        return numbers.astype(np.int64)


def _no_category(
    items: Items,
    numbers: Floats | Ints,
    place: list[int],
) -> str:
    *person, item = place
    where = f"person {person[0]}, " if person else ""
    return f"{where}item {items.names[item]}: {numbers[*place]} is no category 0..{items.m[item]}"
