"""How alike two orders are: Spearman's and Kendall's coefficients."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import sqrt

import numpy as np

from lms.psychometrics.arrays import Floats


def spearman(first: Sequence[float], second: Sequence[float]) -> float:
    """The correlation of the ranks, ties sharing their mean; -1 to 1, nan where one of the two does not vary."""
    a, b = (ranks - ranks.mean() for ranks in (_ranks(first), _ranks(second)))
    spread = sqrt(float(a @ a)) * sqrt(float(b @ b))
    return float(a @ b) / spread if spread else float("nan")


def kendall(first: Sequence[float], second: Sequence[float]) -> float:
    """Tau-b (Kendall 1945); -1 to 1, nan where one of the two does not vary."""
    signs = [(_sign(a, c), _sign(b, d)) for (a, b), (c, d) in combinations(zip(first, second, strict=True), 2)]
    agreement = sum(first * second for first, second in signs)
    untied = [sum(sign != 0 for sign in side) for side in zip(*signs, strict=True)] if signs else [0, 0]
    return agreement / sqrt(untied[0]) / sqrt(untied[1]) if all(untied) else float("nan")


def _ranks(values: Sequence[float]) -> Floats:
    numbers = np.asarray(values, float)
    below = (numbers[:, None] > numbers).sum(axis=1)
    return np.asarray(below + (numbers[:, None] == numbers).sum(axis=1) / 2)


def _sign(a: float, b: float) -> int:
    return int(a > b) - int(a < b)
