"""The few special functions of scoring, in numpy: a numerics library of a hundred megabytes would serve for no more."""

from math import erfc, pi, sqrt

import numpy as np
from numpy.typing import ArrayLike

from lms.psychometrics.arrays import Floats

NEAR = 5.0  # up to here the power series of the sine integral loses no digit, beyond it the continued fraction is short
TERMS, STEPS = 20, 36
_erfc = np.frompyfunc(erfc, 1, 1)


def normal_cdf(x: ArrayLike) -> Floats:
    """P(Z <= x) of a standard normal Z, also far out in the lower tail."""
    return np.asarray(0.5 * np.asarray(_erfc(np.asarray(x, float) / -sqrt(2)), float))


def logistic(x: ArrayLike) -> Floats:
    """1 / (1 + exp -x), without overflow on either side."""
    values = np.asarray(x, float)
    small = np.exp(-np.abs(values))
    return np.asarray(np.where(values >= 0, 1.0, small) / (1.0 + small))


def log_softmax(x: ArrayLike) -> Floats:
    """x - log sum exp x over the last axis; -inf has no share."""
    values = np.asarray(x, float)
    below = values - values.max(axis=-1, keepdims=True)
    return np.asarray(below - np.log(np.exp(below).sum(axis=-1, keepdims=True)))


def sine_integral(x: ArrayLike) -> Floats:
    """The integral of sin t / t from 0 to x."""
    values = np.asarray(x, float)
    far = np.abs(values)
    integral = np.where(far < NEAR, _near(np.minimum(far, NEAR)), _far(np.maximum(far, NEAR)))
    return np.asarray(np.copysign(integral, values))


def _near(x: Floats) -> Floats:
    """Power series (A&S 5.2.14)."""
    term, total = x.copy(), x.copy()
    for n in range(1, TERMS):
        term = -term * x**2 / (2 * n * (2 * n + 1))
        total += term / (2 * n + 1)
    return total


def _far(x: Floats) -> Floats:
    """pi / 2 + Im E1(ix), E1 by its continued fraction (A&S 5.1.22), from its end."""
    z = 1j * x
    fraction = z + 2 * STEPS + 1
    for n in range(STEPS, 0, -1):
        fraction = z + 2 * n - 1 - n**2 / fraction
    return np.asarray(pi / 2 + (np.exp(-z) / fraction).imag)
