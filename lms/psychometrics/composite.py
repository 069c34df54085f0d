"""The weighted composite of several skills, and the probability that it reaches what is asked with every floor held.

C = sum of w_s (theta_s - cut of the level required in s), weights summing to 1. C >= 0 means "on the whole at what is
asked"; a floor per skill stops a strong skill from hiding a missing one. The skills' posteriors count as independent
normals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, pi, sqrt

import numpy as np

from lms.psychometrics.arrays import TINY, Floats
from lms.psychometrics.special import normal_cdf


@dataclass(frozen=True)
class Composite:
    """mean and sd on the theta scale (0 = exactly what is asked), mean None when nothing is assessed; probability: of
    composite >= 0 with every floor held."""

    mean: float | None
    sd: float
    probability: float


def composite(
    theta: Floats,
    sd: Floats,
    weights: Floats,
    asked_cuts: Floats,
    floor: Floats,
) -> Composite:
    """Of abilities with their errors, weights on any positive scale, and the theta asked and the floor (-inf for none),
    all (S,).

    The floors' own probability times that of a sum of normals truncated at the floors, the sum taken as normal.
    """
    if not len(theta):
        return Composite(mean=None, sd=inf, probability=0.5)
    share = weights / weights.sum()
    above, mean, variance = _truncated(theta, sd, floor)
    deviation = np.sqrt(max(share**2 @ variance, TINY))
    total = normal_cdf(share @ (mean - asked_cuts) / deviation)
    return Composite(
        mean=float(share @ (theta - asked_cuts)),
        sd=float(np.sqrt(share**2 @ sd**2)),
        probability=float(above.prod() * total),
    )


def cuts_asked(
    levels: Sequence[int],
    cuts: Sequence[float],
    floor_below: int,
) -> tuple[Floats, Floats]:
    """Theta of the levels required and of the floors so many levels below, -inf where that is level 0 or less."""
    padded = [*[-inf] * (floor_below + 1), *cuts]
    asked_cuts = np.array([padded[level + floor_below] for level in levels])
    return asked_cuts, np.array([padded[level] for level in levels])


def _truncated(
    theta: Floats,
    sd: Floats,
    floor: Floats,
) -> tuple[Floats, Floats, Floats]:
    """Probabilities that normals lie above their floors, and their mean and variance if they do: with the hazard
    h = phi(z) / (1 - Phi(z)) at the floor z, theta + sd h and sd^2 (1 + z h - h^2) (Johnson,
    Kotz & Balakrishnan 1994)."""
    below = (floor - theta) / sd
    above = normal_cdf(-below)
    density = np.exp(-(below**2) / 2) / sqrt(2 * pi)
    hazard = density / np.maximum(above, TINY)
    finite = np.where(np.isinf(below), 0, below)
    return (
        above,
        theta + sd * hazard,
        sd**2 * (1 + finite * hazard - hazard**2),
    )
