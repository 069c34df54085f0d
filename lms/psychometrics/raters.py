"""People who rate the same work: how far they agree and how severe each is."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lms.psychometrics.arrays import Floats
from lms.psychometrics.sample_size import need

Rating = tuple[Hashable, Hashable, float]  # work, rater, score


def weighted_kappa(
    first: ArrayLike,
    second: ArrayLike,
    power: float = 2.0,
) -> float:
    """Cohen's kappa of two raters' numbers (N,), disagreement weighing |difference| ** power (2: quadratic, 1: linear).

    nan when both always gave one same number. TooFew below two works.
    """
    scores = np.asarray(first, float)
    others = np.asarray(second, float)
    need(len(scores), 2, "works rated by both")
    observed = float((np.abs(scores - others) ** power).mean())
    all_pairs = np.abs(scores[:, None] - others)
    by_chance = float((all_pairs**power).mean())
    return 1 - observed / by_chance if by_chance > 0 else float("nan")


def icc(ratings: ArrayLike) -> Floats:
    """Intraclass correlations of Shrout & Fleiss (1979) from complete ratings (N works, k raters), (2, 3).

    Of one rating ICC1, ICC2, ICC3, and of the mean of k ICC1k, ICC2k, ICC3k. 1: raters differ from work to work, 2:
    random raters rate all, absolute agreement, 3: these raters, consistency. TooFew below two of either; ValueError
    names a work without all ratings.
    """
    x = np.asarray(ratings, float)
    n, k = x.shape
    need(min(n, k), 2, "works and raters")
    if np.isnan(x).any():
        raise ValueError(f"work {np.argwhere(np.isnan(x))[0][0]}: a rating is missing; see severity")
    between, within, raters, error = mean_squares(x)
    noise = np.array([within, error, error])
    tilt = np.array([0, (raters - error) / n, 0])
    with np.errstate(divide="ignore", invalid="ignore"):
        single = (between - noise) / (between + (k - 1) * noise + k * tilt)
        mean = (between - noise) / (between + tilt)
    return np.stack([single, mean])


def mean_squares(x: Floats) -> tuple[float, float, float, float]:
    """Between works, within works, between raters, and of what is left."""
    n, k = x.shape
    centre = x.mean()
    works = x.mean(axis=1)
    raters = x.mean(axis=0)
    between_works = k * ((works - centre) ** 2).sum() / (n - 1)
    within = ((x - works[:, None]) ** 2).sum()
    within_works = within / (n * (k - 1))
    between_raters = n * ((raters - centre) ** 2).sum() / (k - 1)
    error = (within_works * n - between_raters) / (n - 1)
    return between_works, within_works, between_raters, error


@dataclass(frozen=True)
class Severity:
    """severity: points by which a rater goes below the mean rater, with its standard error. fair: each work's score as
    the mean rater would give it. residual: SD of a single rating around all that."""

    severity: Mapping[Hashable, float]
    se: Mapping[Hashable, float]
    fair: Mapping[Hashable, float]
    residual: float


def severity(ratings: Sequence[Rating]) -> Severity:
    """Additive model, score = work - severity + error, by least squares from (work, rater, score); not every rater
    rates every work.

    ValueError when raters share no works, even through others, and so can't be compared; TooFew when the ratings leave
    no error to judge by.
    """
    works = list(dict.fromkeys(work for work, _, _ in ratings))
    raters = list(dict.fromkeys(rater for _, rater, _ in ratings))
    design = _design(ratings, works, raters)
    inverse = _inverse(design, len(works))
    score = np.array([score for _, _, score in ratings])
    solution = inverse @ score
    freedom = len(ratings) - design.shape[1] + 1
    left = score - design @ solution
    residual = float((left**2).sum() / freedom) ** 0.5
    errors = residual * np.sqrt((inverse**2).sum(axis=1))
    return Severity(
        severity=_by_name(raters, solution[len(works) :]),
        se=_by_name(raters, errors[len(works) :]),
        fair=_by_name(works, solution[: len(works)]),
        residual=residual,
    )


def _by_name(names: list[Hashable], values: Floats) -> dict[Hashable, float]:
    return dict(zip(names, values.tolist(), strict=True))


def _design(
    ratings: Sequence[Rating],
    works: list[Hashable],
    raters: list[Hashable],
) -> Floats:
    """A row for each rating: +1 at its work, -1 at its rater. TooFew without more rows than columns need."""
    work = [works.index(rated) for rated, _, _ in ratings]
    rater = [raters.index(rating) for _, rating, _ in ratings]
    work_columns = np.eye(len(works))[work]
    rater_columns = -np.eye(len(raters))[rater]
    design = np.hstack([work_columns, rater_columns])
    need(
        len(ratings),
        design.shape[1],
        "ratings for this many works and raters",
    )
    return design


def _inverse(design: Floats, works: int) -> Floats:
    """Pseudo-inverse, the mean rater tied to zero; ValueError where that doesn't settle all numbers."""
    mean_rater = np.arange(design.shape[1]) >= works
    tied = np.vstack([design, mean_rater])
    if np.linalg.matrix_rank(tied) < design.shape[1]:
        raise ValueError("the raters fall into groups without a common work and cannot be compared")
    return np.asarray(np.linalg.pinv(tied)[:, :-1])
