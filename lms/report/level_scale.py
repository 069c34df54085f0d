"""The scale that all pictures share: theta on the cuts -1.5, -.5, ... 2.5 becomes 1, 2, ... 5, linear between them."""

from __future__ import annotations

from collections.abc import Sequence

TOP = 5.0


def on_scale(theta: float, cuts: Sequence[float]) -> float:
    """theta on the level scale 0..5: cut k is k, between cuts linear, clipped at the ends."""
    if theta < cuts[0]:
        return max(0.0, 1 + (theta - cuts[0]) / (cuts[1] - cuts[0]))
    for k in range(1, len(cuts)):
        if theta < cuts[k]:
            return k + (theta - cuts[k - 1]) / (cuts[k] - cuts[k - 1])
    return TOP
