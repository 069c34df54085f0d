"""What is estimated in a calibration, how the vector of numbers is laid out, and the priors on it; see calibrate.

An item's numbers are natural parameters w = (a, e_1 .. e_M). The vector of all numbers holds w row by row, then the
population's mean and log deviation: P = n (1 + M) + 2 numbers.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lms.psychometrics.arrays import Flags, Floats
from lms.psychometrics.items import Items
from lms.psychometrics.responses import Responses

STEEPEST = 10.0  # slope that no item goes beyond
FLATTEST = 0.02  # slope that no item with a prior goes below


@dataclass(frozen=True)
class CalibrationProblem:
    """What stays while EM runs.

    start: centre of the priors. precision: (n, 1 + M), 1 / deviation of the priors of log a and every b (0: none).
    moving: (P,), the numbers that are estimated. population: (mean, sd) that the estimation starts from. points: of the
    quadrature.
    """

    responses: Responses
    start: Items
    precision: Floats
    moving: Flags
    population: tuple[float, float]
    points: int

    @cached_property
    def has_prior(self) -> Flags:
        """Items (n,) with a prior; it speaks of log a, so that their slopes stay positive."""
        return np.asarray((self.precision > 0).any(axis=1))

    @cached_property
    def first(self) -> Floats:
        """The vector (P,) at the start; 0 for steps that an item lacks."""
        mean, sd = self.population
        items = np.nan_to_num(self.start.natural)
        return np.append(items, [mean, np.log(sd)])

    @cached_property
    def least_slopes(self) -> Floats:
        """Lowest slope (n,) that an item may take."""
        return np.where(self.has_prior, FLATTEST, -STEEPEST)

    @cached_property
    def bounds(self) -> tuple[Floats, Floats]:
        """Lowest and highest value of every number, both (P,): what doesn't move is held between two equal ones."""
        low = np.full(self.first.shape, -np.inf)
        high = np.full(self.first.shape, np.inf)
        slopes = slice(0, len(low) - 2, self.precision.shape[1])
        low[slopes] = self.least_slopes
        high[slopes] = STEEPEST
        low = np.where(self.moving, low, self.first)
        high = np.where(self.moving, high, self.first)
        return low, high

    def numbers(self, vector: Floats) -> tuple[Floats, float, float]:
        """w (n, 1 + M) as Items.natural, mean and deviation of the population."""
        rows = vector[:-2].reshape(self.precision.shape)
        w = np.where(np.isnan(self.start.natural), np.nan, rows)
        mean, log_sd = vector[-2:]
        return w, float(mean), float(np.exp(log_sd))

    def log_prior(self, w: Floats) -> tuple[float, Floats, Floats]:
        """Log prior at w (n, 1 + M), its gradient (n, 1 + M), Gauss-Newton curvature (n, 1 + M, 1 + M) in w."""
        w = np.where(self.has_prior[:, None], w, 1.0)
        residuals = self._prior_residuals(w)
        rows = jacobian(w) * self.precision[:, :, None]
        rows[:, 0, 0] /= w[:, 0]
        height = -0.5 * (residuals**2).sum()
        gradient = -np.einsum("npr,np->nr", rows, residuals)
        curvature = np.einsum("nps,npr->nsr", rows, rows)
        return height, gradient, curvature

    def _prior_residuals(self, w: Floats) -> Floats:
        """Distance of log a and every b from the start, in deviations of the prior, (n, 1 + M)."""
        start = np.where(self.has_prior[:, None], self.start.natural, 1.0)
        slope = np.log(w[:, 0] / start[:, 0])
        centres = start[:, 1:] / start[:, :1]
        thresholds = centres - w[:, 1:] / w[:, :1]
        distances = np.nan_to_num(np.column_stack([slope, thresholds]))
        return np.asarray(distances * self.precision)


def jacobian(w: Floats) -> Floats:
    """Derivatives of (a, b_1 .. b_M) by w, (n, 1 + M, 1 + M)."""
    rows = np.zeros((*w.shape, w.shape[1]))
    steps = np.arange(1, w.shape[1])
    rows[:, 0, 0] = 1
    intercepts = np.nan_to_num(w[:, 1:])
    rows[:, 1:, 0] = intercepts / w[:, :1] ** 2
    rows[:, steps, steps] = -1 / w[:, :1]
    return rows
