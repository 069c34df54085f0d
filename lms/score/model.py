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

    def take(self, indices: ArrayLike) -> Items:
        """The items at these positions (or where a boolean mask holds), in that order."""
        chosen = np.asarray(indices)
        at = np.arange(len(self))[chosen if chosen.size else chosen.astype(int)]
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


def category_probs(items: Items, theta: ArrayLike) -> Floats:
    """Probability of every category, (T, n, M + 1), at theta (T,) (a scalar counts as T = 1).
    Categories that an item doesn't have get 0. Takes parameters as known; see Items.widened."""
    base = _without_guessing(items, np.atleast_1d(np.asarray(theta, float))[:, None])
    base *= 1 - items.c[:, None]
    base[:, :, 1] += items.c
    return base


def information(items: Items, theta: ArrayLike) -> Floats:
    """Fisher information, (T, n): a^2 Var(category), and a^2 Var (P - c) / P with a lower asymptote (Birnbaum 1968)."""
    base = _without_guessing(items, np.atleast_1d(np.asarray(theta, float))[:, None])
    score = np.arange(base.shape[2])
    mean = base @ score
    variance = base @ score**2 - mean**2
    known = np.where(items.c > 0, base[:, :, 1] * (1 - items.c), 1.0)
    return np.asarray(items.a**2 * variance * known / (known + items.c))


def derivatives(items: Items, theta: Floats) -> tuple[Floats, Floats, Floats]:
    """Category probabilities and their first and second derivatives by theta, each (T, n, M + 1); theta (T, 1), or
    (T, n) with a value of its own for every item."""
    base = _without_guessing(items, theta)
    score, a, rest = np.arange(base.shape[2]), items.a[:, None], 1 - items.c[:, None]
    off = score - (base @ score)[:, :, None]
    spread = (base * off**2).sum(axis=2, keepdims=True)
    probs = rest * base
    first, second = a * probs * off, a**2 * probs * (off**2 - spread)
    probs[:, :, 1] += items.c
    return probs, first, second


def angoff_difficulty(p: float, c: float, a: float, theta_cut: float) -> float:
    """Difficulty of an item that a share p of the persons just at theta_cut get right (modified Angoff), c < p < 1."""
    if not c < p < 1:
        raise ValueError(f"the judged share must lie between {c} and 1, got {p}")
    known = (p - c) / (1 - c)
    return theta_cut - math.log(known / (1 - known)) / a


def _without_guessing(items: Items, theta: Floats) -> Floats:
    """Partial credit probabilities (T, n, M + 1) at theta (T, 1) or (T, n), before the lower asymptote."""
    steps = items.a[:, None] * (theta[:, :, None] - items.b)
    logits = np.concatenate([np.zeros((*steps.shape[:2], 1)), np.cumsum(steps, axis=2)], axis=2)
    logits = np.where(np.isnan(logits), -np.inf, logits)
    weights = np.exp(logits - logits.max(axis=2, keepdims=True))
    return np.asarray(weights / weights.sum(axis=2, keepdims=True))
