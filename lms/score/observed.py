"""Standard errors of a calibration from the observed information: the complete-data information less what is missing
because theta is hidden. The missing part is complete information less the numerical derivative of the gradient, which
an E-step gives exactly (Fisher's identity; Oakes 1999)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import block_diag

from lms.score.em import Expected, Problem, State, derivatives, expect
from lms.score.model import Floats, Ints

EFFORT = 1_000_000  # persons times parameters; beyond it the missing part rests on evenly chosen blocks of persons
STEP = 1e-4


@dataclass(frozen=True)
class Errors:
    """Standard errors: a (n,), every b (n, M), the mean b of an item (n,), population mean and deviation. sound:
    whether the information was positive definite; if not, they are those of complete data, too small."""

    a: Floats
    b: Floats
    shift: Floats
    mean: float
    sd: float
    sound: bool


def standard_errors(problem: Problem, state: State, expected: Expected) -> Errors:
    """By the delta method from the covariance of slopes and step intercepts; 0 where nothing was estimated."""
    cov, sound = _covariance(problem, state, expected)
    a, e, free = state.a[:, None], np.nan_to_num(state.e), problem.free
    n, width = len(a), e.shape[1] + 1
    jacobian = np.zeros((n, width, width))
    jacobian[:, 0, 0] = 1
    jacobian[:, 1:, 0] = e / a**2
    jacobian[:, np.arange(1, width), np.arange(1, width)] = -1 / a
    mean = jacobian[:, 1:].sum(axis=1, keepdims=True) / problem.start.m[:, None, None]
    jacobian = np.concatenate([jacobian, mean], axis=1)
    blocks = np.zeros((n, width, width))
    size = int(free.sum())
    own = cov[: size * width, : size * width].reshape(size, width, size, width)
    blocks[free] = own[np.arange(size), :, np.arange(size)]
    errors = np.sqrt(np.einsum("nvp,npr,nvr->nv", jacobian, blocks, jacobian))
    population = np.sqrt(np.diag(cov)[-2:]) if problem.free_population else np.zeros(2)
    b = np.where(np.isnan(state.e), np.nan, errors[:, 1:-1])
    return Errors(errors[:, 0], b, errors[:, -1], float(population[0]), float(population[1]) * state.sd, sound)


def _covariance(problem: Problem, state: State, expected: Expected) -> tuple[Floats, bool]:
    """Covariance (P, P) of the moving numbers in the order of Problem.pack (0 for thresholds that an item lacks)."""
    vector = problem.pack(state)
    real: Ints = np.flatnonzero(~np.isnan(problem.pack(state, gaps=np.nan))).astype(np.int64)
    thinned, share = problem.responses.thinned(max(1, problem.responses.persons * len(vector) // EFFORT))
    part = replace(problem, responses=thinned)
    prior = _diagonal(problem, problem.penalty(state)[2], np.zeros(2))
    complete = _complete(problem, state, expected) + prior
    missing = _complete(part, state, expect(part, state)) + _slope(part, vector, real)
    cov = np.zeros(complete.shape)
    try:
        root = np.linalg.inv(np.linalg.cholesky((complete - share * missing)[np.ix_(real, real)]))
        cov[np.ix_(real, real)] = root.T @ root
        return cov, True
    except np.linalg.LinAlgError:
        cov[np.ix_(real, real)] = np.linalg.inv(complete[np.ix_(real, real)])
        return cov, False


def _slope(problem: Problem, vector: Floats, real: Ints) -> Floats:
    """Derivative (P, P) of the gradient of the log-likelihood."""
    start, slope = _gradient(problem, vector), np.zeros((len(vector), len(vector)))
    for i in real:
        moved = vector.copy()
        moved[i] += STEP
        slope[i] = (_gradient(problem, moved) - start) / STEP
    return np.asarray((slope + slope.T) / 2)


def _gradient(problem: Problem, vector: Floats) -> Floats:
    state = problem.unpack(vector)
    expected = expect(problem, state)
    items = derivatives(expected, expected.tables)[0][problem.free].ravel()
    if not problem.free_population:
        return items
    weight, first, second = expected.moments
    off = first - weight * state.mean
    square = second - 2 * state.mean * first + weight * state.mean**2
    return np.concatenate([items, [off / state.sd**2, square / state.sd**2 - weight]])


def _complete(problem: Problem, state: State, expected: Expected) -> Floats:
    """Block-diagonal information (P, P) were theta seen."""
    population = expected.moments[0] * np.array([1 / state.sd**2, 2])
    return _diagonal(problem, derivatives(expected, expected.tables)[1], population)


def _diagonal(problem: Problem, blocks: Floats, population: Floats) -> Floats:
    tail = [np.diag(population)] if problem.free_population else []
    return np.asarray(block_diag(*blocks[problem.free], *tail))
