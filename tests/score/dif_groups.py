"""The two groups of a study of differential item functioning: is an item harder for one than for another of the same
ability?

answers (N, n): categories, -1 missing; focal (N,): True for the group in question (people who sat in Armenian, say).
People are matched by total score, or by `match` (N,) where the answers are sparse (an ability estimate, in strata for
Mantel-Haenszel). TooFew unless both groups have 50 people, the least that these statistics are worth reading with.
"""

from math import erfc, gamma

import numpy as np
from numpy.typing import ArrayLike

from lms.psychometrics.arrays import Flags, Floats, Ints
from lms.psychometrics.sample_size import need

LEAST = 50


def checked_groups(
    answers: ArrayLike,
    focal: ArrayLike,
    match: ArrayLike | None,
) -> tuple[Ints, Flags]:
    """Both as arrays. TooFew for a small group; ValueError names an omitted answer that a total score can't bear."""
    x = np.asarray(answers, np.int64)
    group = np.asarray(focal, bool)
    smaller = min(group.sum(), (~group).sum())
    need(int(smaller), LEAST, "people in the smaller group")
    if match is None and (x < 0).any():
        person, item = np.argwhere(x < 0)[0]
        raise ValueError(f"person {person}, item {item}: no answer; match people by an ability, not by the total score")
    return x, group


def matching_scores(
    x: Ints,
    match: ArrayLike | None,
    counted: Flags,
) -> Floats:
    """What people are matched by, (N,): `match`, or the total score over the counted items (n,)."""
    return np.asarray(x[:, counted].sum(axis=1) if match is None else match, float)


def chi_squared_tail(df: int, x: ArrayLike) -> Floats:
    """P(chi2 > x) with df degrees of freedom, by recurrence from one or two (Abramowitz & Stegun 26.4.4-5)."""
    values = np.asarray(x, float)
    half = values / 2
    tail = np.array([erfc(x) for x in np.sqrt(np.atleast_1d(half))]).reshape(half.shape) if df % 2 else np.exp(-half)
    for k in range(1 + (df + 1) % 2, df, 2):
        tail = tail + half ** (k / 2) * np.exp(-half) / gamma(k / 2 + 1)
    return tail
