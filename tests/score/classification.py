"""Decisions by a form: how often they are right and repeatable, and the ratio of a sequential test."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lms.psychometrics.arrays import TINY, Floats
from lms.psychometrics.items import Items, as_categories
from lms.psychometrics.model import category_probs, expected_scores
from lms.psychometrics.special import normal_cdf
from tests.score.form import error_curve, summed_scores

REACH = 6.0  # deviations of a normal population to either side
EDGES = 601  # of its cells
WORST_ERROR = 1e6  # stands for a standard error that is infinite
People = tuple[Floats, Floats]


@dataclass(frozen=True)
class Classification:
    """accuracy: share of people put into the class that they belong to. consistency: share put twice into the same
    class by two such forms. false_up, false_down: shares put too high and too low."""

    accuracy: float
    consistency: float
    false_up: float
    false_down: float


def rudner(
    items: Items,
    cuts: ArrayLike,
    mu: float = 0.0,
    sd: float = 1.0,
    people: People | None = None,
) -> Classification:
    """Decisions on ability at cuts (C,): estimates normal around the truth by the information (Rudner 2001, 2005).

    people: abilities and weights, both (T,), in the place of the normal population.
    """
    bounds = _bounds(cuts)
    points, weights = people or _normal_people(bounds, mu, sd)
    _, error = error_curve(items, points)
    finite = np.minimum(error, WORST_ERROR)
    distances = (bounds - points[:, None]) / finite[:, None]
    landing = np.diff(normal_cdf(distances), axis=1)
    return _classification(landing, weights, points, bounds)


def lee(
    items: Items,
    cuts: ArrayLike,
    mu: float = 0.0,
    sd: float = 1.0,
    people: People | None = None,
) -> Classification:
    """Decisions on the summed score (Lee 2010): each ability cut becomes the score expected there, rounded up, and
    scores at it or above pass; their distribution by Lord & Wingersky. people: as in rudner."""
    bounds = _bounds(cuts)
    points, weights = people or _normal_people(bounds, mu, sd)
    form = items.with_difficulty_error()
    expected = expected_scores(form, bounds[1:-1]).sum(axis=1)
    lowest = np.ceil(expected - 1e-9).astype(int)
    ends = [0, *lowest, int(form.m.sum()) + 1]
    below = np.cumsum(summed_scores(form, points), axis=1)
    below = np.pad(below, ((0, 0), (1, 0)))
    landing = np.diff(below[:, ends], axis=1)
    return _classification(landing, weights, points, bounds)


def _bounds(cuts: ArrayLike) -> Floats:
    """Of the classes, (C + 2,)."""
    ascending = np.sort(np.atleast_1d(np.asarray(cuts, float)))
    return np.concatenate([[-np.inf], ascending, [np.inf]])


def _normal_people(
    bounds: Floats,
    mu: float,
    sd: float,
) -> People:
    """Abilities and their weights: midpoints of fine cells, none of which straddles a cut, where the truth jumps."""
    even = np.linspace(mu - REACH * sd, mu + REACH * sd, EDGES)
    edges = np.union1d(even, bounds[1:-1])
    middles = (edges[1:] + edges[:-1]) / 2
    return middles, np.diff(normal_cdf((edges - mu) / sd))


def _classification(
    landing: Floats,
    weights: Floats,
    points: Floats,
    bounds: Floats,
) -> Classification:
    """From the probability (T, C + 1) that people of each ability land in each class."""
    true = np.searchsorted(bounds[1:-1], points, side="right")[:, None]
    classes = np.arange(landing.shape[1])
    weights = weights / weights.sum()
    return Classification(
        accuracy=_share(landing * (classes == true), weights),
        consistency=_share(landing**2, weights),
        false_up=_share(landing * (classes > true), weights),
        false_down=_share(landing * (classes < true), weights),
    )


def _share(landing: Floats, weights: Floats) -> float:
    return float(weights @ landing.sum(axis=1))


def sprt_llr(
    items: Items,
    categories: ArrayLike,
    cut: float,
    delta: float,
) -> float:
    """Log-likelihood ratio of theta = cut + delta to cut - delta given categories (n,), -1 for missing (Wald 1947)."""
    answers = as_categories(items, categories)
    answered = np.flatnonzero(answers >= 0)
    probs = category_probs(items, [cut - delta, cut + delta])
    logs = np.log(np.maximum(probs, TINY))
    low, high = logs[:, answered, answers[answered]]
    return float((high - low).sum())
