"""Standard errors of a calibration, from the observed information.

It is the numerical derivative of the gradient, which an E-step gives exactly (Fisher's identity; Oakes 1999): one pass
over the answers for every number estimated.
"""

from dataclasses import dataclass, replace

import numpy as np

from lms.psychometrics.arrays import Floats
from lms.psychometrics.calibration_problem import CalibrationProblem, jacobian
from lms.psychometrics.marginal_likelihood import ExpectationStep, e_step

STEP = 1e-4  # of the numerical derivative
NODES, _weights = np.polynomial.hermite_e.hermegauss(9)  # of a standard normal
WEIGHTS = _weights / _weights.sum()


@dataclass(frozen=True)
class StandardErrors:
    """a: (n,). b: (n, M), NaN behind an item's last threshold. difficulty: (n,), of the mean threshold, over all slopes
    that the item may have. mean, log_sd: of the population. complete_data: whether the observed information gave none,
    so that these are too small."""

    a: Floats
    b: Floats
    difficulty: Floats
    mean: float
    log_sd: float
    complete_data: bool


def standard_errors(
    problem: CalibrationProblem,
    vector: Floats,
    w: Floats,
    wanted: bool,
) -> StandardErrors:
    """At the vector (P,), for natural parameters w (n, 1 + M); NaN for all that was estimated unless wanted."""
    if wanted:
        covariance, complete_data = _covariance(problem, vector)
    else:
        covariance = np.diag(np.where(problem.moving, np.nan, 0))
        complete_data = False
    errors = _item_errors(covariance, w)
    mean, log_sd = np.sqrt(np.diag(covariance)[-2:])
    return StandardErrors(
        a=errors[:, 0],
        b=errors[:, 1:] + 0 * w[:, 1:],
        difficulty=_difficulty_errors(covariance, w, problem),
        mean=float(mean),
        log_sd=float(log_sd),
        complete_data=complete_data,
    )


def _item_errors(covariance: Floats, w: Floats) -> Floats:
    """Of a and every b, (n, 1 + M), by the delta method."""
    rows = jacobian(w)
    variances = np.einsum("nvp,npr,nvr->nv", rows, _within(covariance, w), rows)
    return np.asarray(np.sqrt(variances))


def _difficulty_errors(covariance: Floats, w: Floats, problem: CalibrationProblem) -> Floats:
    """Root mean square distance of an item's true mean threshold from the estimated one, (n,).

    The mean threshold b is -e / a, e the mean step intercept. Of an easy or a hard item it lies the further out the
    lower the slope is, which the delta method at the estimated slope misses: its intervals are too narrow. Here log a
    is normal, and the squares are averaged over it by quadrature; given a slope, the mean of e is linear in it, and
    the precision of b is the prior's and what answers say of e, times the square of the slope.
    """
    within, m = _within(covariance, w), problem.start.m
    a, e = w[:, :1], np.nansum(w[:, 1:], axis=1, keepdims=True) / m[:, None]
    var_a, cov_ae = within[:, 0, :1], within[:, 0, 1:].sum(axis=1, keepdims=True) / m[:, None]
    var_e = within[:, 1:, 1:].sum(axis=(1, 2))[:, None] / m[:, None] ** 2
    pull = np.divide(cov_ae, var_a, out=np.zeros_like(a), where=var_a > 0)
    slopes = a * np.exp(np.sqrt(var_a) / np.abs(a) * NODES)
    means = -(e + pull * (slopes - a)) / slopes
    variance = np.maximum(var_e - pull * cov_ae, 0) / a**2
    of_prior = np.clip(variance * m[:, None] * problem.precision[:, 1:2] ** 2, 0, 1)
    left = variance / (of_prior + (1 - of_prior) * (slopes / a) ** 2)
    return np.asarray(np.sqrt(((means + e / a) ** 2 + left) @ WEIGHTS))


def _within(covariance: Floats, w: Floats) -> Floats:
    """The block of every item, (n, 1 + M, 1 + M)."""
    n, width = w.shape
    blocks = covariance[:-2, :-2].reshape(n, width, n, width)
    return np.asarray(blocks[np.arange(n), :, np.arange(n)])


def _covariance(problem: CalibrationProblem, vector: Floats) -> tuple[Floats, bool]:
    """Of all numbers (P, P), 0 for those that don't move: the inverse of the observed information, or (and then True),
    where that is not positive definite, of complete data's."""
    exact = _in_double_precision(problem)
    expectation = e_step(exact, vector)
    moving = problem.moving
    information = _observed_information(exact, vector, expectation)
    try:
        inverse = _inverse(information)
        complete_data = False
    except np.linalg.LinAlgError:
        complete = _complete_information(expectation)
        inverse = np.asarray(np.linalg.inv(complete[moving][:, moving]))
        complete_data = True
    covariance = np.zeros((len(vector), len(vector)))
    covariance[np.ix_(moving, moving)] = inverse
    return covariance, complete_data


def _inverse(information: Floats) -> Floats:
    """LinAlgError where it is not positive definite."""
    symmetric = (information + information.T) / 2
    root = np.linalg.inv(np.linalg.cholesky(symmetric))
    return np.asarray(root.T @ root)


def _observed_information(
    problem: CalibrationProblem,
    vector: Floats,
    here: ExpectationStep,
) -> Floats:
    """Of the moving numbers, a row for each."""
    shifts = STEP * np.eye(len(vector))[problem.moving]
    there = [e_step(problem, vector + shift).gradient for shift in shifts]
    falls = [here.gradient - gradient for gradient in there]
    slopes = np.reshape(falls, shifts.shape) / STEP
    return np.asarray(slopes[:, problem.moving])


def _complete_information(expectation: ExpectationStep) -> Floats:
    """One block an item along the diagonal, the population's two numbers behind them."""
    n, width, _ = expectation.item_information.shape
    complete = np.zeros((n * width + 2, n * width + 2))
    complete[: n * width, : n * width].reshape(n, width, n, width)[np.arange(n), :, np.arange(n)] = (
        expectation.item_information
    )
    complete[[-2, -1], [-2, -1]] = expectation.population_information
    return complete


def _in_double_precision(problem: CalibrationProblem) -> CalibrationProblem:
    responses = problem.responses
    exact = replace(responses, blocks=tuple(block.in_doubles() for block in responses.blocks))
    return replace(problem, responses=exact)
