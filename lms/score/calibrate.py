"""Item calibration: penalised marginal maximum likelihood by EM (Bock & Aitkin 1981), at every sample size.

Works in slopes a and step intercepts e_v = -a b_v, where the complete-data problem is concave; a lower asymptote enters
as a hidden "knew it" (von Davier 2009), so one M-step serves all items; Anderson mixing shortens the climb.

Standard errors come from the observed information, the numerical derivative of the gradient, which an E-step gives
exactly (Fisher's identity; Oakes 1999): one pass over the answers for every number estimated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import block_diag

from lms.score.data import Responses
from lms.score.em import STEEPEST, Expected, Problem, State, accelerate, derivatives, expect, jacobian, maximise
from lms.score.model import Floats, Items

STEP = 1e-4  # of the numerical derivative


@dataclass(frozen=True)
class Calibration:
    """What the answers say. items carry sd_b, the standard error of the mean threshold; se_a (n,) and se_b (n, M) are
    standard errors (0 if fixed, NaN if not asked for); intercepts (n, M) are -a b; mean and sd describe the population;
    max_change is the last change in complete-data standard errors; notes tell what was unusual, by item name, "persons"
    or "errors"."""

    items: Items
    se_a: Floats
    se_b: Floats
    intercepts: Floats
    mean: float
    sd: float
    se_mean: float
    se_sd: float
    log_likelihood: float
    iterations: int
    max_change: float
    converged: bool
    notes: Mapping[str, str]


def starting_items(responses: Responses, like: Items) -> Items:
    """Start values from the answers alone: slope 1, thresholds from log ratios of neighbouring category counts;
    lower asymptotes and names as in `like`."""
    counts = responses.counts() + 0.5
    b = np.where(np.isnan(like.b), np.nan, -1.2 * np.log(counts[:, 1:] / counts[:, :-1]))
    return replace(like, a=np.ones(len(like)), b=b, sd_b=np.zeros(len(like)))


def calibrate(
    responses: Responses,
    start: Items,
    *,
    fixed: ArrayLike = False,
    slope_sd: ArrayLike = 0.3,
    b_sd: ArrayLike | None = None,
    population: tuple[float, float] = (0.0, 1.0),
    free_population: bool = False,
    iterations: int = 500,
    tolerance: float = 1e-3,
    points: int = 41,
    errors: bool = True,
) -> Calibration:
    """Estimate all items that aren't fixed (n,), and with fixed anchors the population too (FIPC, Kim 2006).

    The priors stand around the start: log a ~ N(log start.a, slope_sd^2), each threshold ~ N(start.b, b_sd^2); inf
    switches one off, b_sd None takes start.sd_b (where that is 0: off). With both off this is maximum likelihood.
    tolerance bounds the last change, in complete-data standard errors; data beyond data.SMALL run in single precision
    and need 1e-4 or more. errors=False saves the standard errors' time.
    ValueError names the item that its answers and priors leave without a finite estimate.
    """
    free = ~np.broadcast_to(np.asarray(fixed, bool), len(start))
    steps = np.where(start.sd_b > 0, start.sd_b, np.inf) if b_sd is None else b_sd
    sds = (slope_sd, *(steps,) * start.b.shape[1])
    precision = np.column_stack([free / np.asarray(sd, float) for sd in sds])
    problem = Problem(responses, start, precision, free, population, free_population, points)
    notes = _examine(problem)
    run = accelerate(partial(_climb, problem), np.nan_to_num(problem.first), tolerance, iterations)
    return _report(problem, run, tolerance, notes, errors)


def _examine(problem: Problem) -> dict[str, str]:
    """Notes on odd items; ValueError where no prior holds an odd one."""
    counts, items, notes = problem.responses.counts(), problem.start, dict[str, str]()
    if problem.free_population and problem.free.all():
        raise ValueError("a free population needs at least one fixed item to measure it by")
    for i in np.flatnonzero(problem.free):
        if items.a[i] <= 0 < problem.lowest[i]:
            raise ValueError(f"item {items.names[i]}: a prior needs a positive starting slope")
        own = counts[i, : items.m[i] + 1]
        if own.all():
            continue
        what = f"no answer in categories {np.flatnonzero(own == 0).tolist()}" if own.any() else "nobody answered it"
        if not problem.precision[i].all():
            raise ValueError(f"item {items.names[i]}: {what}; without both priors it has no finite estimate")
        notes[items.names[i]] = f"{what}: its prior decides"
    if problem.responses.empty:
        notes["persons"] = f"{problem.responses.empty} persons gave no answers and count for nothing"
    return notes


def _climb(problem: Problem, vector: Floats) -> tuple[Floats, float, Floats]:
    """One EM step, with the objective at its start and the root of the complete-data precision of every number."""
    state = problem.state(vector)
    expected = expect(problem, state)
    moved, blocks = maximise(problem, state, expected)
    precision = np.append(np.einsum("npp->np", blocks), _population_information(state, expected))
    height = expected.log_likelihood + float(problem.penalty(state)[0].sum())
    return problem.vector(moved), height, np.sqrt(precision)


def _report(
    problem: Problem, run: tuple[Floats, int, float], tolerance: float, notes: dict[str, str], errors: bool
) -> Calibration:
    vector, steps, change = run
    state = problem.state(vector)
    expected, a, e = expect(problem, state), state.w[:, 0], state.w[:, 1:]
    unknown = np.where(problem.free, np.nan, 0)[:, None] + np.zeros(2 + e.shape[1])
    se, mean, sd, sound = _standard_errors(problem, state, expected) if errors else (unknown, np.nan, np.nan, True)
    if not sound:
        notes["errors"] = "too few answers for full standard errors; these are of complete data, too small"
    for i in np.flatnonzero(problem.free & ((a >= STEEPEST) | (a <= problem.lowest))):
        notes[problem.start.names[i]] = f"slope stopped at its bound {a[i]:g}"
    items = replace(problem.start, a=a, b=-e / a[:, None], sd_b=np.where(problem.free, se[:, -1], problem.start.sd_b))
    return Calibration(
        items, se[:, 0], se[:, 1:-1] + 0 * e, e, state.mean, state.sd, mean, sd,
        expected.log_likelihood, steps, change, change < tolerance, notes,
    )  # fmt: skip


def _standard_errors(problem: Problem, state: State, expected: Expected) -> tuple[Floats, float, float, bool]:
    """Of a, every b and the mean b of each item (n, 2 + M), of the population's mean and deviation, by the delta
    method, 0 where nothing was estimated; and whether the information was positive definite: if not, they are those
    of complete data, too small."""
    cov, sound = _covariance(problem, state, expected)
    rows = jacobian(state.w)
    rows = np.append(rows, rows[:, 1:].sum(axis=1, keepdims=True) / problem.start.m[:, None, None], axis=1)
    (n, width), own = state.w.shape, np.arange(len(state.w))
    blocks = cov[:-2, :-2].reshape(n, width, n, width)[own, :, own]
    errors = np.sqrt(np.einsum("nvp,npr,nvr->nv", rows, blocks, rows))
    return errors, float(cov[-2, -2] ** 0.5), float(cov[-1, -1] ** 0.5) * state.sd, sound


def _covariance(problem: Problem, state: State, expected: Expected) -> tuple[Floats, bool]:
    """Covariance (P, P) of the numbers in the order of Problem.vector, 0 for those that don't move."""
    moving = np.ix_(problem.moving, problem.moving)
    prior = block_diag(*problem.penalty(state)[2], np.zeros((2, 2)))
    cov = np.zeros(prior.shape)
    try:
        root = np.linalg.inv(np.linalg.cholesky((prior - _slope(problem, state))[moving]))
        cov[moving] = root.T @ root
        return cov, True
    except np.linalg.LinAlgError:
        population = np.diag(_population_information(state, expected))
        complete = block_diag(*derivatives(expected, expected.tables)[1], population)
        cov[moving] = np.linalg.inv((prior + complete)[moving])
        return cov, False


def _slope(problem: Problem, state: State) -> Floats:
    """Derivative (P, P) of the gradient of the log-likelihood, by the numbers that move."""
    blocks = tuple(replace(block, x=block.x.astype(float)) for block in problem.responses.blocks)
    exact, vector = replace(problem, responses=replace(problem.responses, blocks=blocks)), problem.vector(state)
    start, slope = _gradient(exact, vector), np.zeros((len(vector), len(vector)))
    for i in np.flatnonzero(problem.moving):
        slope[i] = (_gradient(exact, vector + STEP * (np.arange(len(vector)) == i)) - start) / STEP
    return np.asarray((slope + slope.T) / 2)


def _gradient(problem: Problem, vector: Floats) -> Floats:
    state = problem.state(vector)
    expected = expect(problem, state)
    weight, first, second = expected.moments
    off = first - weight * state.mean
    square = second - 2 * state.mean * first + weight * state.mean**2
    items = derivatives(expected, expected.tables)[0]
    return np.append(items, [off / state.sd**2, square / state.sd**2 - weight])


def _population_information(state: State, expected: Expected) -> Floats:
    return np.asarray(expected.moments[0] * np.array([1 / state.sd**2, 2]))
