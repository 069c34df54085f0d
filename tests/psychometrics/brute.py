"""The same quantities as the core, written independently: from the definitions, slow, on a fine Simpson grid."""

from __future__ import annotations

import numpy as np
from scipy.integrate import simpson
from scipy.stats import norm

FINE = np.linspace(-14, 14, 4001)

LSAT6 = [
    3,
    6,
    2,
    11,
    1,
    1,
    3,
    4,
    1,
    8,
    0,
    16,
    0,
    3,
    2,
    15,
    10,
    29,
    14,
    81,
    3,
    28,
    15,
    80,
    16,
    56,
    21,
    173,
    11,
    61,
    28,
    298,
]
LSAT7 = [
    12,
    19,
    1,
    7,
    3,
    19,
    3,
    17,
    10,
    5,
    3,
    7,
    7,
    23,
    8,
    28,
    7,
    39,
    11,
    34,
    14,
    51,
    15,
    90,
    6,
    25,
    7,
    35,
    18,
    136,
    32,
    308,
]
PATTERNS = np.array([[pattern >> bit & 1 for bit in (4, 3, 2, 1, 0)] for pattern in range(32)])


def prob(item, k, theta):
    """P(category k) of an Item by Muraki's formula."""
    terms = [np.exp(sum(item.a * (theta - b) for b in item.b[:j]) + 0 * theta) for j in range(len(item.b) + 1)]
    plain = terms[k] / sum(terms)
    if item.c == 0:
        return plain
    return item.c + (1 - item.c) * plain if k == 1 else (1 - item.c) * plain


def likelihood(items, pattern, theta, powers=None):
    total = np.ones_like(theta)
    for i, (item, k) in enumerate(zip(items, pattern, strict=True)):
        if k >= 0:
            total = total * prob(item, k, theta) ** (1 if powers is None else powers[i])
    return total


def moments(items, pattern, mu=0.0, sd=1.0, powers=None):
    """Posterior mean, SD and a function cut -> P(theta >= cut)."""
    density = likelihood(items, pattern, FINE, powers) * norm.pdf(FINE, mu, sd)
    density = density / simpson(density, x=FINE)
    mean = simpson(density * FINE, x=FINE)

    def above(cut):
        upper = np.linspace(cut, 14, 4001)
        mass = likelihood(items, pattern, upper, powers) * norm.pdf(upper, mu, sd)
        whole = likelihood(items, pattern, FINE, powers) * norm.pdf(FINE, mu, sd)
        return simpson(mass, x=upper) / simpson(whole, x=FINE)

    return mean, np.sqrt(simpson(density * (FINE - mean) ** 2, x=FINE)), above


def marginal(items, patterns, counts, mu=0.0, sd=1.0):
    """Marginal log-likelihood of patterns that occur `counts` times."""
    weight = norm.pdf(FINE, mu, sd)
    return sum(
        count * np.log(simpson(likelihood(items, pattern, FINE) * weight, x=FINE))
        for pattern, count in zip(patterns, counts, strict=True)
        if count
    )
