"""The one response model: generalised partial credit (Muraki 1992); two categories give the 2PL.

P_k is proportional to exp of the sum over v <= k of a(theta - b_v). A dichotomous item may carry a *fixed* lower
asymptote c, P = c + (1 - c) P*, the chance of guessing it; c is never estimated.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_softmax

TINY = 1e-300  # below any probability: keeps logarithms and ratios finite
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Item:
    """One scoring unit. a: slope; b: its m thresholds (m + 1 categories); c: fixed lower asymptote (m = 1 only);
    sd_b: standard error of its difficulty (common shift of all thresholds); name: for messages."""

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
    def of(cls, items: Sequence[Item]) -> Items:
        """Stack items; ValueError names the first item whose parameters make no model."""
        for position, item in enumerate(items):
            _check(item, item.name or f"#{position}")
        b = np.full((len(items), max((len(item.b) for item in items), default=1)), np.nan)
        for row, item in zip(b, items, strict=True):
            row[: len(item.b)] = item.b
        a, c, sd_b = (np.array([getattr(item, key) for item in items], float) for key in ("a", "c", "sd_b"))
        m = np.array([len(item.b) for item in items], np.int64)
        return cls(a, b, c, sd_b, m, tuple(item.name or f"#{i}" for i, item in enumerate(items)))

    def __len__(self) -> int:
        return len(self.a)

    @property
    def natural(self) -> Floats:
        """Slope and step intercepts of every item, (n, 1 + M): a, then e_v = -a b_v, NaN behind the last."""
        return np.column_stack([self.a, -self.a[:, None] * self.b])

    def take(self, indices: ArrayLike) -> Items:
        """The items at these positions (or where a boolean mask holds), in that order."""
        at = np.arange(len(self))[np.asarray(indices, None if np.size(indices) else int)]
        names = tuple(self.names[i] for i in at)
        return Items(self.a[at], self.b[at], self.c[at], self.sd_b[at], self.m[at], names)

    def widened(self) -> Items:
        """The same items with the uncertainty of their difficulty folded in: a shrinks by
        kappa = 1 / sqrt(1 + pi a^2 sd_b^2 / 8) (MacKay 1992), so that uncertain items tell less."""
        kappa = 1 / np.sqrt(1 + np.pi * self.a**2 * self.sd_b**2 / 8)
        return replace(self, a=self.a * kappa, sd_b=np.zeros_like(self.sd_b))


def _check(item: Item, name: str) -> None:
    if not item.b or not np.isfinite([item.a, *item.b]).all():
        raise ValueError(f"item {name}: slope and at least one threshold must be finite, got a={item.a}, b={item.b}")
    if not 0 <= item.c < 1 or (item.c and len(item.b) > 1):
        raise ValueError(f"item {name}: a lower asymptote in [0, 1) belongs to two categories only, got c={item.c}")
    if not 0 <= item.sd_b < np.inf:
        raise ValueError(f"item {name}: sd_b must be finite and not negative, got {item.sd_b}")


def as_categories(items: Items, categories: ArrayLike) -> Ints:
    """Answers (..., n) as integers: 0..m, or -1 for missing. ValueError names the item (and row) that breaks this."""
    given = np.asarray(categories)
    given = given if given.dtype.kind in "iu" else given.astype(float)
    if given.ndim == 0 or given.shape[-1] != len(items):
        raise ValueError(f"{len(items)} items need as many answers, got shape {given.shape}")
    with np.errstate(invalid="ignore"):
        answers = given if given.dtype.kind == "i" else given.astype(np.int64)
    wrong = (answers < -1) | (answers > items.m) | (answers != given)
    if wrong.any():
        *row, item = np.argwhere(wrong)[0]
        where = f"person {int(row[0])}, " if row else ""
        raise ValueError(f"{where}item {items.names[item]}: {given[*row, item]} is no category 0..{items.m[item]}")
    return answers


def log_probs(slopes: Floats, e: Floats) -> Floats:
    """log P of every category before guessing, (..., M + 1), from a theta (...) and step intercepts e = -a b (..., M),
    NaN behind an item's last."""
    steps = slopes[..., None] + e
    logits = np.concatenate([np.zeros((*steps.shape[:-1], 1)), np.cumsum(steps, axis=-1)], axis=-1)
    return np.asarray(log_softmax(np.where(np.isnan(logits), -np.inf, logits), axis=-1))


def category_probs(items: Items, theta: ArrayLike) -> Floats:
    """Probability of every category, (T, n, M + 1), at theta (T,) (a scalar counts as T = 1).
    Categories that an item doesn't have get 0. Takes parameters as known; see Items.widened."""
    return _guessed(items, _known(items, np.atleast_1d(np.asarray(theta, float))[:, None]))


def expected_scores(items: Items, theta: ArrayLike) -> Floats:
    """Mean category of every item, (T, n), at theta (T,)."""
    return np.asarray(category_probs(items, theta) @ np.arange(items.b.shape[1] + 1.0))


def information(items: Items, theta: ArrayLike) -> Floats:
    """Fisher information, (T, n), at theta (T,): the mean of the squared slope of log P over the categories."""
    probs, first, _ = derivatives(items, np.atleast_1d(np.asarray(theta, float))[:, None])
    return np.asarray((first**2 / np.maximum(probs, TINY)).sum(axis=2))


def derivatives(items: Items, theta: Floats) -> tuple[Floats, Floats, Floats]:
    """Category probabilities and their first and second derivatives by theta, each (T, n, M + 1); theta (T, 1), or
    (T, n) with a value of its own for every item."""
    known, score = _known(items, theta), np.arange(items.b.shape[1] + 1)
    off = score - (known @ score)[:, :, None]
    spread = (known * off**2).sum(axis=2, keepdims=True)
    first = (items.a * (1 - items.c))[:, None] * known * off
    second = (items.a**2 * (1 - items.c))[:, None] * known * (off**2 - spread)
    return _guessed(items, known), first, second


def _known(items: Items, theta: Floats) -> Floats:
    """Partial credit probabilities (T, n, M + 1) at theta (T, 1) or (T, n), before the lower asymptote."""
    return np.exp(log_probs(items.a * theta, items.natural[:, 1:]))


def _guessed(items: Items, known: Floats) -> Floats:
    probs = known * (1 - items.c[:, None])
    probs[:, :, 1] += items.c
    return probs


def angoff_difficulty(p: float, c: float, a: float, theta_cut: float) -> float:
    """Difficulty of an item that a share p of the persons just at theta_cut get right (modified Angoff), c < p < 1."""
    if not c < p < 1:
        raise ValueError(f"the judged share must lie between {c} and 1, got {p}")
    known = (p - c) / (1 - c)
    return theta_cut - math.log(known / (1 - known)) / a
