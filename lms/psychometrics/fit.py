"""Whether the model's assumptions hold: item fit, local dependence, odd answer patterns."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from lms.psychometrics.ability import Posterior, eap, posterior
from lms.psychometrics.arrays import TINY, Floats, Ints
from lms.psychometrics.items import Items
from lms.psychometrics.model import (
    category_probs,
    derivatives,
    expected_scores,
)
from lms.psychometrics.point_estimates import map_estimates

LEAST_PAIRS = 100  # common answers of two items
MUCH = 0.2  # of Q3 above the mean of all pairs (Christensen et al. 2017)
CHANCE = 0.05  # that a table without dependence names any pair


def mean_squares(
    items: Items,
    answers: ArrayLike,
    mu: float = 0.0,
    sd: float = 1.0,
) -> tuple[Floats, Floats]:
    """Infit and outfit (n,) for sparse answers (N, n), -1 missing.

    Squared residuals, weighted by information and not, averaged over each person's posterior, so that 1 is expected
    whatever the length of a test. nan without answers.
    """
    x = np.asarray(answers)
    belief = posterior(items, x, mu, sd)
    mean, variance = _moments(items, belief.points)
    n, first, second = (_weighted(x, power, belief) for power in range(3))
    squared = second - 2 * first * mean + n * mean**2
    with np.errstate(divide="ignore", invalid="ignore"):
        infit = squared.sum(axis=1) / (n * variance).sum(axis=1)
        outfit = (squared / variance).sum(axis=1) / n.sum(axis=1)
    return infit, outfit


def _moments(items: Items, points: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of every item's category at the points, (n, Q)."""
    scores = np.arange(items.b.shape[1] + 1)
    probs = category_probs(items, points)
    mean = probs @ scores
    variance = np.maximum(probs @ scores**2 - mean**2, TINY)
    return mean.T, variance.T


def _weighted(
    x: Ints,
    power: int,
    belief: Posterior,
) -> Floats:
    """Sums of the answers' powers over persons, by posterior weight, (n, Q)."""
    powers = np.where(x >= 0, x**power, 0.0)
    return np.asarray(powers.T @ belief.weights)


def q3(
    items: Items,
    answers: ArrayLike,
    mu: float = 0.0,
    sd: float = 1.0,
    least: int = LEAST_PAIRS,
) -> Floats:
    """Yen's Q3 (n, n): correlation of two items' residuals from their expectation at EAP.

    About -1 / (n - 1) when the items are independent given ability. Compare with the mean of all (Christensen et al.
    2017: .2 above is much). nan for pairs with fewer than `least` common answers, and on the diagonal.
    """
    x = np.asarray(answers, float)
    answered = (x >= 0).astype(float)
    theta, _ = eap(items, x.astype(int), mu, sd)
    residual = answered * (x - expected_scores(items, theta))
    n = answered.T @ answered
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = residual.T @ answered / n
        square = (residual**2).T @ answered / n
        covariance = residual.T @ residual / n - mean * mean.T
        variance = square - mean**2
        r = covariance / np.sqrt(variance * variance.T)
    same = np.eye(len(r), dtype=bool)
    r[(n < least) | same] = np.nan
    return np.asarray(r)


@dataclass(frozen=True)
class LeaningPair:
    """Columns of two items whose answers go together beyond ability, by so much more than the items' do on average."""

    first: int
    second: int
    excess: float


def leaning_pairs(items: Items, answers: ArrayLike) -> list[LeaningPair]:
    """Pairs whose Q3 lies above the mean of all by MUCH, and by more than chance brings to any pair of so many once in
    twenty such tables; the strongest first. Silent below LEAST_PAIRS common answers."""
    answered = (np.asarray(answers) >= 0).astype(float)
    correlations = np.triu(q3(items, answers), 1)
    first, second = np.nonzero(~np.isnan(correlations) & (np.tri(len(items)) == 0))
    if not len(first):
        return []
    excess = correlations[first, second] - correlations[first, second].mean()
    common = (answered.T @ answered)[first, second]
    luck = np.tanh(NormalDist().inv_cdf(1 - CHANCE / len(first)) / np.sqrt(common - 3))
    pairs = np.flatnonzero(excess > np.maximum(luck, MUCH))
    ordered = pairs[np.argsort(-excess[pairs], kind="stable")]
    return [LeaningPair(int(first[at]), int(second[at]), float(excess[at])) for at in ordered]


def person_fit(
    items: Items,
    answers: ArrayLike,
    mu: float = 0.0,
    sd: float = 1.0,
) -> Floats:
    """lz* (N,) of answers (N, n), -1 missing.

    Standardised log-likelihood at the MAP ability, corrected for its being estimated (Snijders 2001; Sinharay 2016 for
    more categories). Near N(0, 1) for people who fit; below -2 the pattern is odd (guessing, another's answers,
    carelessness): a reason to look, never to judge. nan where undefined.
    """
    x = np.asarray(answers, np.int64)
    theta, _ = map_estimates(items, x, mu, sd)
    probs, slopes = derivatives(items.with_difficulty_error(), theta[:, None])
    answered = x >= 0
    logs = np.log(np.maximum(probs, TINY))
    mean = (probs * logs).sum(axis=2)
    residual = (_of_given(logs, x) - mean) * answered
    square = (probs * logs**2).sum(axis=2)
    variance = (square - mean**2) * answered
    covariance = (slopes * logs).sum(axis=2)
    shared = (covariance * answered).sum(axis=1)
    per_item = (slopes**2 / np.maximum(probs, TINY)).sum(axis=2)
    information = (per_item * answered).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        correction = shared / information
        pull = correction * (theta - mu) / sd**2
        spread = np.sqrt(variance.sum(axis=1) - correction * shared)
        return np.asarray((residual.sum(axis=1) - pull) / spread)


def _of_given(values: Floats, x: Ints) -> Floats:
    """The value (N, n) of the category given, from those of all categories (N, n, M + 1)."""
    places = np.maximum(x, 0)[:, :, None]
    return np.take_along_axis(values, places, axis=2)[:, :, 0]
