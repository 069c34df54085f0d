"""Standard errors of a calibration, from the observed information.

It is the numerical derivative of the gradient, which an E-step gives exactly (Fisher's identity; Oakes 1999): one pass
over the answers for every number estimated.
"""

from dataclasses import dataclass, replace

import numpy as np

from lms.psychometrics.arrays import Floats, Ints
from lms.psychometrics.calibration_problem import Problem, jacobian
from lms.psychometrics.marginal_likelihood import Expectation, e_step

STEP = 1e-4  # of the numerical derivative


@dataclass(frozen=True)
class StandardErrors:
    """a: (n,). b: (n, M), NaN behind an item's last threshold. difficulty: (n,), of the mean threshold. mean, log_sd:
    of the population. complete_data: whether the observed information gave none, so that these are too small."""

    a: Floats
    b: Floats
    difficulty: Floats
    mean: float
    log_sd: float
    complete_data: bool


def standard_errors(
    problem: Problem,
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
    errors = _item_errors(covariance, w, problem.start.m)
    mean, log_sd = np.sqrt(np.diag(covariance)[-2:])
    return StandardErrors(
        a=errors[:, 0],
        b=errors[:, 1:-1] + 0 * w[:, 1:],
        difficulty=errors[:, -1],
        mean=float(mean),
        log_sd=float(log_sd),
        complete_data=complete_data,
    )


def _item_errors(
    covariance: Floats,
    w: Floats,
    m: Ints,
) -> Floats:
    """Of a, every b and the mean b, (n, 2 + M), by the delta method; m: numbers of thresholds, (n,)."""
    n, width = w.shape
    rows = jacobian(w)
    sum_b = rows[:, 1:].sum(axis=1, keepdims=True)
    mean_b = sum_b / m[:, None, None]
    rows = np.append(rows, mean_b, axis=1)
    blocks = covariance[:-2, :-2].reshape(n, width, n, width)
    within = blocks[np.arange(n), :, np.arange(n)]
    variances = np.einsum("nvp,npr,nvr->nv", rows, within, rows)
    return np.asarray(np.sqrt(variances))


def _covariance(problem: Problem, vector: Floats) -> tuple[Floats, bool]:
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
    problem: Problem,
    vector: Floats,
    here: Expectation,
) -> Floats:
    """Of the moving numbers, a row for each."""
    shifts = STEP * np.eye(len(vector))[problem.moving]
    there = [e_step(problem, vector + shift).gradient for shift in shifts]
    falls = [here.gradient - gradient for gradient in there]
    slopes = np.reshape(falls, shifts.shape) / STEP
    return np.asarray(slopes[:, problem.moving])


def _complete_information(expectation: Expectation) -> Floats:
    """One block an item along the diagonal, the population's two numbers behind them."""
    n, width, _ = expectation.item_information.shape
    complete = np.zeros((n * width + 2, n * width + 2))
    complete[: n * width, : n * width].reshape(n, width, n, width)[np.arange(n), :, np.arange(n)] = (
        expectation.item_information
    )
    complete[[-2, -1], [-2, -1]] = expectation.population_information
    return complete


def _in_double_precision(problem: Problem) -> Problem:
    responses = problem.responses
    exact = replace(responses, blocks=tuple(block.in_doubles() for block in responses.blocks))
    return replace(problem, responses=exact)
