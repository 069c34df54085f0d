"""How far people who rate the same work agree, and how severe each of them is."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lms.score.classical import need


def weighted_kappa(first: ArrayLike, second: ArrayLike, power: float = 2.0) -> float:
    """Cohen's kappa of two raters' numbers (N,), disagreement weighing |difference| ** power (2: quadratic, 1: linear,
    0: any difference alike). nan when both always gave one same number."""
    one, two = np.asarray(first, float), np.asarray(second, float)
    need(len(one), 2, "works rated by both")

    def weight(gap: ArrayLike) -> float:
        return float(np.mean(np.where(np.asarray(gap) == 0, 0.0, np.abs(np.asarray(gap)) ** power)))

    by_chance = weight(one[:, None] - two)
    return 1 - weight(one - two) / by_chance if by_chance > 0 else float("nan")


@dataclass(frozen=True)
class Icc:
    """Intraclass correlations of Shrout & Fleiss (1979): of one rating (icc1, icc2, icc3) and of the mean of k
    (icc1k, ...); 1: raters differ from work to work, 2: random raters rate all, absolute agreement, 3: these raters,
    consistency."""

    icc1: float
    icc2: float
    icc3: float
    icc1k: float
    icc2k: float
    icc3k: float


def icc(ratings: ArrayLike) -> Icc:
    """From complete ratings (N works, k raters). TooFew below two of either."""
    x = np.asarray(ratings, float)
    n, k = x.shape
    need(min(n, k), 2, "works and raters")
    rows, columns, centre = x.mean(axis=1), x.mean(axis=0), x.mean()
    between = k * float(((rows - centre) ** 2).sum()) / (n - 1)
    within = float(((x - rows[:, None]) ** 2).sum()) / (n * (k - 1))
    judges = n * float(((columns - centre) ** 2).sum()) / (k - 1)
    error = (within * n - judges) / (n - 1)
    tilt = (judges - error) / n
    return Icc(
        (between - within) / (between + (k - 1) * within),
        (between - error) / (between + (k - 1) * error + k * tilt),
        (between - error) / (between + (k - 1) * error),
        (between - within) / between,
        (between - error) / (between + tilt),
        (between - error) / between,
    )


@dataclass(frozen=True)
class Severity:
    """severity: points by which a rater goes below the mean rater, with its standard error; fair: each work's score as
    the mean rater would give it; residual: SD of a single rating around all that."""

    severity: Mapping[Hashable, float]
    se: Mapping[Hashable, float]
    fair: Mapping[Hashable, float]
    residual: float


def severity(ratings: Sequence[tuple[Hashable, Hashable, float]]) -> Severity:
    """Additive model, score = work - severity + error, by least squares from (work, rater, score); not every rater
    rates every work. ValueError when raters share no works, even through others, and so can't be compared; TooFew when
    the ratings leave no error to judge by."""
    works, raters = (list(dict.fromkeys(row[k] for row in ratings)) for k in (0, 1))
    design = np.zeros((len(ratings), len(works) + len(raters)))
    for row, (work, rater, _) in enumerate(ratings):
        design[row, works.index(work)], design[row, len(works) + raters.index(rater)] = 1, -1
    score = np.array([row[2] for row in ratings], float)
    need(len(ratings), design.shape[1], "ratings for this many works and raters")
    if np.linalg.matrix_rank(design) < design.shape[1] - 1:
        raise ValueError("the raters fall into groups without a common work and cannot be compared")
    inverse = np.linalg.pinv(design)
    solution = inverse @ score
    turn = np.eye(design.shape[1])
    # the mean rater is the zero: taken off the raters, and off the works with them
    turn[:, len(works) :] -= 1 / len(raters)
    solution, spread = turn @ solution, turn @ inverse
    residual = float(((score - design @ solution) ** 2).sum() / (len(ratings) - design.shape[1] + 1)) ** 0.5
    error = residual * np.sqrt((spread**2).sum(axis=1))
    n = len(works)
    return Severity(
        dict(zip(raters, solution[n:].tolist(), strict=True)), dict(zip(raters, error[n:].tolist(), strict=True)),
        dict(zip(works, solution[:n].tolist(), strict=True)), residual,
    )  # fmt: skip
