"""People in order, as far as their intervals allow."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

import numpy as np

Key = TypeVar("Key", bound=Hashable)


def rank_ranges(
    intervals: Mapping[Key, tuple[float, float]],
) -> dict[Key, tuple[int, int]]:
    """Best and worst rank (1 = highest) that each person's (low, high) interval leaves open: behind all whose interval
    lies wholly above, before all whose lies wholly below.

    So the ranges of people who overlap share a rank, those of people who do not overlap stand one behind the other, and
    no chain of neighbours pulls everybody together. The marginal form of the confidence sets for ranks of Mogstad,
    Romano, Shaikh & Wilhelm (2024).
    """
    lows = np.sort([low for low, _ in intervals.values()])
    highs = np.sort([high for _, high in intervals.values()])
    count = len(intervals)
    ranges = {}
    for key, (low, high) in intervals.items():
        above = count - int(np.searchsorted(lows, high, "right"))
        below = int(np.searchsorted(highs, low, "left"))
        ranges[key] = (above + 1, count - below)
    return ranges
