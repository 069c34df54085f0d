"""Forms: summed scores, error along the scale, reliability, right and repeatable decisions, thin places of a bank; and
what scores on two forms are worth.

A form is Items; abilities are N(mu, sd^2). Uncertain difficulties count (Items.widened).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from lms.psychometrics.ability import Posterior, quadrature
from lms.psychometrics.model import Floats, Items, category_probs, expected_scores, information

People = tuple[Floats, Floats]


def summed_scores(items: Items, theta: ArrayLike) -> Floats:
    """P(summed score = s | theta), (T, S + 1) with S = sum of m, by adding one item after another."""
    probs = category_probs(items, theta)
    scores = np.ones((len(probs), 1))
    for i, m in enumerate(items.m):
        longer = np.zeros((len(probs), scores.shape[1] + m))
        for k in range(m + 1):
            longer[:, k : k + scores.shape[1]] += scores * probs[:, i, k, None]
        scores = longer
    return scores


def conversion_table(items: Items, mu: float = 0.0, sd: float = 1.0) -> tuple[Posterior, Floats]:
    """Ability for every summed score 0..S of a fixed form (Thissen et al. 1995), posteriors of weights (S + 1, Q), and
    the share (S + 1,) of people with each score, under a normal prior."""
    points, prior = quadrature(mu, sd)
    joint = summed_scores(items.widened(), points).T * prior
    share = joint.sum(axis=1)
    return Posterior(points, joint / share[:, None]), share


def error_curve(items: Items, theta: ArrayLike) -> tuple[Floats, Floats]:
    """Test information (T,) and standard error of measurement 1 / sqrt(information), inf where there is none."""
    told = information(items.widened(), theta).sum(axis=1)
    with np.errstate(divide="ignore"):
        return told, 1 / np.sqrt(told)


def marginal_reliability(items: Items, mu: float = 0.0, sd: float = 1.0) -> float:
    """Reliability expected of EAP scores, mean of I / (I + 1 / sd^2) over the population."""
    points, weights = quadrature(mu, sd)
    told = error_curve(items, points)[0]
    return float(weights @ (told / (told + sd**-2)))


def empirical_reliability(theta: ArrayLike, sd: ArrayLike) -> float:
    """Reliability of real people's EAP scores (N,) with posterior SDs (N,): var(theta) / (var(theta) + mean sd^2)."""
    spread = float(np.var(np.asarray(theta, float)))
    return spread / (spread + float(np.mean(np.asarray(sd, float) ** 2)))


@dataclass(frozen=True)
class Classification:
    """accuracy: share of people put into the class that they belong to; consistency: share put twice into the same
    class by two such forms; false_up, false_down: shares put too high and too low."""

    accuracy: float
    consistency: float
    false_up: float
    false_down: float


def rudner(
    items: Items, cuts: ArrayLike, mu: float = 0.0, sd: float = 1.0, people: People | None = None
) -> Classification:
    """Decisions on ability at cuts (C,): estimates normal around the truth by the information (Rudner 2001,
    2005). people: abilities and weights, both (T,), in the place of the normal population."""
    points, weights, bounds = _population(cuts, mu, sd, people)
    error = error_curve(items, points)[1]
    reach = np.diff(ndtr((bounds - points[:, None]) / np.minimum(error, 1e6)[:, None]), axis=1)
    return _classification(reach, weights, points, bounds)


def lee(
    items: Items, cuts: ArrayLike, mu: float = 0.0, sd: float = 1.0, people: People | None = None
) -> Classification:
    """Decisions on the summed score (Lee 2010): each ability cut becomes the score expected there, rounded up, and
    scores at it or above pass; their distribution by Lord & Wingersky. people: as in rudner."""
    points, weights, bounds = _population(cuts, mu, sd, people)
    form = items.widened()
    true = expected_scores(form, bounds[1:-1]).sum(axis=1)
    steps = [0, *np.ceil(true - 1e-9).astype(int), int(form.m.sum()) + 1]
    scores = np.pad(np.cumsum(summed_scores(form, points), axis=1), ((0, 0), (1, 0)))
    return _classification(np.diff(scores[:, steps], axis=1), weights, points, bounds)


def _population(cuts: ArrayLike, mu: float, sd: float, people: People | None) -> tuple[Floats, Floats, Floats]:
    """Abilities, their weights and the bounds of the classes. In a normal population: midpoints of fine cells, none of
    which straddles a cut, for the truth jumps there."""
    bounds = np.concatenate([[-np.inf], np.sort(np.atleast_1d(np.asarray(cuts, float))), [np.inf]])
    edges = np.union1d(np.linspace(mu - 6 * sd, mu + 6 * sd, 601), bounds[1:-1])
    return *(people or ((edges[1:] + edges[:-1]) / 2, np.diff(ndtr((edges - mu) / sd)))), bounds


def _classification(reach: Floats, weights: Floats, points: Floats, bounds: Floats) -> Classification:
    """From the probability (T, C + 1) that people of each ability land in each class."""
    true = np.searchsorted(bounds[1:-1], points, side="right")[:, None]
    classes = np.arange(reach.shape[1])
    weights = weights / weights.sum()
    shares = [float(weights @ (reach * mask).sum(axis=1)) for mask in (classes == true, classes > true, classes < true)]
    return Classification(shares[0], float(weights @ (reach**2).sum(axis=1)), shares[1], shares[2])


@dataclass(frozen=True)
class Thin:
    """A sub-competency in which the bank measures a level too coarsely: its information there, and how many more items
    of the kind that the bank has (its better half, moved to that level) would do."""

    sub: str
    level: int
    information: float
    wanted: int


def thin(
    items: Items, subs: Sequence[str], cuts: Sequence[float], max_sd: float = 0.65, all_subs: Sequence[str] = ()
) -> list[Thin]:
    """Where to write items: sub-competencies (of `subs` (n,), and `all_subs`, which may have none) and levels 1.. at
    whose cut even a test of all items leaves a posterior SD above max_sd under a N(0, 1) prior; the thinnest first."""
    needed = max_sd**-2 - 1
    form, owner = items.widened(), np.array(subs)
    told = information(form, cuts)
    peak = information(form, np.linspace(-4, 4, 81)).max(axis=0, initial=0.0)
    worth = float(np.quantile(peak, 0.75)) if len(peak) else 0.25
    found = []
    for sub in dict.fromkeys((*all_subs, *subs)):
        for level, have in enumerate(told[:, owner == sub].sum(axis=1), start=1):
            if have < needed:
                found.append(Thin(sub, level, float(have), ceil((needed - have) / worth)))
    return sorted(found, key=lambda gap: (gap.information, gap.sub, gap.level))


def equated_scores(form: Items, onto: Items) -> Floats:
    """Score on form `onto` (max_form + 1,) worth as much as each summed score 0..max of `form`, both on one scale: the
    true scores of the same theta; straight lines below the level of chance and at the top (Kolen & Brennan 2014)."""
    curves = [expected_scores(each, np.linspace(-12, 12, 2401)).sum(axis=1) for each in (form, onto)]
    true, worth = (
        np.concatenate([[0], curve, [each.m.sum()]]) for curve, each in zip(curves, (form, onto), strict=True)
    )
    return np.asarray(np.interp(np.arange(true[-1] + 1), true, worth))
