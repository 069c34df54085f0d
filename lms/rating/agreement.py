"""How far raters agree, how severe each is, and whether that drifts. Pure; silent below a stated number of works."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lms.psychometrics.raters import icc, severity, weighted_kappa
from lms.psychometrics.sample_size import TooFew

LEAST = 10  # works that somebody else rated too, before a figure about a rater is shown
LEAST_FOR_DRIFT = 20
GOOD, FAIR = 0.75, 0.4  # weighted kappa and ICC: below FAIR raters need training, from GOOD they agree
NOTICEABLE = 0.25  # points of 3 by which a rater is called severe or mild, or to have moved


@dataclass(frozen=True)
class GivenRating:
    """One rating: whose work, by whom, criterion -> 0..3, when."""

    work: int
    rater: int
    scores: Mapping[str, int]
    at: datetime

    @property
    def mean(self) -> float:
        return sum(self.scores.values()) / len(self.scores)


@dataclass(frozen=True)
class RaterFigures:
    """n: works that others rated too. kappa: quadratically weighted, over all criteria, against the other raters; icc:
    of the works' means, absolute agreement of one rating (ICC 2,1); severity: points of 3 below the mean rater; drift:
    by how much the rater's distance to the others grew from the first half of the works to the second, in points.
    None where the works are too few or say nothing."""

    rater: int
    n: int
    kappa: float | None = None
    icc: float | None = None
    severity: float | None = None
    drift: float | None = None


def figures(all_ratings: Sequence[GivenRating]) -> list[RaterFigures]:
    """Of every rater, by number."""
    by_work: dict[int, list[GivenRating]] = {}
    for each in sorted(all_ratings, key=lambda each: each.at):
        by_work.setdefault(each.work, []).append(each)
    shared = [ratings for ratings in by_work.values() if len(ratings) > 1]
    severities = _severities(shared)
    return [_of(rater, shared, severities) for rater in sorted({each.rater for each in all_ratings})]


def _of(rater: int, shared: Sequence[Sequence[GivenRating]], severities: Mapping[Hashable, float]) -> RaterFigures:
    pairs = [(mine, other) for ratings in shared for mine, other in _pairs(rater, ratings)]
    n = len({mine.work for mine, _other in pairs})
    if n < LEAST:
        return RaterFigures(rater, n)
    return RaterFigures(
        rater,
        n,
        _number(
            weighted_kappa(
                [score for mine, _other in pairs for score in mine.scores.values()],
                [other.scores[name] for mine, other in pairs for name in mine.scores],
            )
        ),
        _number(icc([[mine.mean, other.mean] for mine, other in pairs])[0][1]),
        severities.get(rater),
        _drift(pairs) if n >= LEAST_FOR_DRIFT else None,
    )


def _pairs(rater: int, ratings: Sequence[GivenRating]) -> list[tuple[GivenRating, GivenRating]]:
    """The rater's rating with that of the first other one: a third rater comes only where two differ, and would make
    the two look worse than they are."""
    mine = next((each for each in ratings if each.rater == rater), None)
    other = next((each for each in ratings if each.rater != rater), None)
    return [(mine, other)] if mine and other else []


def _drift(pairs: Sequence[tuple[GivenRating, GivenRating]]) -> float:
    distances = [other.mean - mine.mean for mine, other in sorted(pairs, key=lambda pair: pair[0].at)]
    half = len(distances) // 2
    return sum(distances[-half:]) / half - sum(distances[:half]) / half


def _severities(shared: Sequence[Sequence[GivenRating]]) -> Mapping[Hashable, float]:
    """Nothing where raters share no works, even through others, or the ratings are too few."""
    try:
        return severity([(each.work, each.rater, each.mean) for ratings in shared for each in ratings]).severity
    except (TooFew, ValueError):
        return {}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
