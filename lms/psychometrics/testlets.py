"""Answers that lean on one another: the questions of one table, what one work sample showed.

Somebody who reads a table well does better in all its questions than ability alone says, so together they tell less
than as many questions apart. Each testlet is taken to have an effect of its own, normal with the deviation `spread` on
theta (Bradlow, Wainer & Wang 1999), and its likelihood is raised to 1 / (1 + spread^2 T) where T is the information
that its answers bring: its own curvature T, widened by the effect's variance, is T / (1 + spread^2 T). A power is what
the matrix, the learner's picture and the choice of the next question can all use, and answers keep their order: more
right is never less. Coverage and the exact model beside it: docs/measurement.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from lms.psychometrics.ability import quadrature
from lms.psychometrics.arrays import Floats
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.model import information

ALONE = ""  # the name of no testlet


def mean_information(items: Items, mu: float = 0.0, sd: float = 1.0) -> Floats:
    """What an answer to each item brings on average over people of this prior, (n,)."""
    points, weights = quadrature(mu, sd)
    return np.asarray(weights @ information(items.with_difficulty_error(), points))


@lru_cache(maxsize=4096)
def mean_information_of(item: ItemParameters, mu: float, sd: float) -> float:
    """The same of one item; every matrix asks for it again, and it is a number for each item and prior."""
    return float(mean_information(Items.of([item]), mu, sd)[0])


def powers_of_testlets(testlets: Sequence[str], brought: Floats, spread: float) -> Floats:
    """The power (n,) of each answer's likelihood; 1 for an answer that stands alone in its testlet or in none.
    brought: (n,), information of each."""
    if not spread or not any(testlets):
        return np.ones(len(testlets))
    names, testlet, size = np.unique(np.asarray(testlets, object), return_inverse=True, return_counts=True)
    total = np.bincount(testlet, brought)
    powers = np.where((size > 1) & (names != ALONE), 1 / (1 + spread**2 * total), 1.0)
    return np.asarray(powers[testlet])
