"""The two halves of an EM step for item calibration, and what hastens their climb; see calibrate.

An item's numbers are natural parameters w = (a, e_1 .. e_M): log P_k is w . f_k(theta) less what makes probabilities
sum to 1, with features f_k = (k theta, k >= 1, .., k >= M); gradient and information are an exponential family's.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from lms.score.data import Responses, Tables, crossed
from lms.score.model import Floats, Items

REACH = 5.5
STEEPEST, FLATTEST = 10.0, 0.02
LEAST = 1e-4  # no slope is nearer to 0, so that thresholds stay finite
MEMORY = 6


@dataclass(frozen=True)
class State:
    """A point of the search: w (n, 1 + M) as Items.natural, population mean and deviation."""

    w: Floats
    mean: float
    sd: float


@dataclass(frozen=True)
class Problem:
    """What stays while EM runs: answers, start (centre of the priors), precision (n, 1 + M), 1 / deviation of the
    priors of log a and every b (0: none), which items move (n,), whether the population (mean, sd) does."""

    responses: Responses
    start: Items
    precision: Floats
    free: NDArray[np.bool_]
    population: tuple[float, float]
    free_population: bool
    points: int

    @cached_property
    def lowest(self) -> Floats:
        """Least slope of each item (n,): positive for those that a prior holds, which may speak of log a."""
        return np.where((self.precision > 0).any(axis=1), FLATTEST, -STEEPEST)

    @cached_property
    def first(self) -> Floats:
        """All numbers of the start in one vector: w, mean and log deviation; NaN for steps that an item lacks."""
        return np.append(self.start.natural, [self.population[0], np.log(self.population[1])])

    @cached_property
    def moving(self) -> NDArray[np.bool_]:
        """Which entries of the vector are estimated."""
        own = self.free[:, None] & ~np.isnan(self.start.natural)
        return np.append(own, [self.free_population] * 2)

    def vector(self, state: State) -> Floats:
        return np.append(np.nan_to_num(state.w), [state.mean, np.log(state.sd)])

    def state(self, vector: Floats) -> State:
        """Back from `vector`; slopes stay inside their bounds."""
        full = np.where(self.moving, vector, self.first)
        w = full[:-2].reshape(self.precision.shape)
        bounded = np.clip(w[:, 0], self.lowest, STEEPEST)
        w[self.free, 0] = np.where(np.abs(bounded) < LEAST, LEAST, bounded)[self.free]
        return State(w, float(full[-2]), float(np.exp(full[-1])))

    def penalty(self, state: State) -> tuple[Floats, Floats, Floats]:
        """Log prior of each item (n,), its gradient (n, 1 + M), Gauss-Newton curvature (n, 1 + M, 1 + M) in w."""
        w, start = (np.where(self.lowest[:, None] > 0, each, 1.0) for each in (state.w, self.start.natural))
        off = np.column_stack([np.log(w[:, 0] / start[:, 0]), start[:, 1:] / start[:, :1] - w[:, 1:] / w[:, :1]])
        off = np.nan_to_num(off) * self.precision
        rows = jacobian(w) * self.precision[:, :, None]
        rows[:, 0, 0] /= w[:, 0]
        return -0.5 * (off**2).sum(axis=1), -np.einsum("npr,np->nr", rows, off), np.einsum("nps,npr->nsr", rows, rows)


def jacobian(w: Floats) -> Floats:
    """Derivatives of (a, b_1 .. b_M) by w, (n, 1 + M, 1 + M)."""
    rows, steps = np.zeros((*w.shape, w.shape[1])), np.arange(1, w.shape[1])
    rows[:, 0, 0] = 1
    rows[:, 1:, 0] = np.nan_to_num(w[:, 1:]) / w[:, :1] ** 2
    rows[:, steps, steps] = -1 / w[:, :1]
    return rows


@dataclass(frozen=True)
class Expected:
    """Complete-data statistics: persons (n, Q) who saw an item per point, observed (n, 1 + M) sums of features, moments
    (3,) of theta; tables; log-likelihood of the data."""

    persons: Floats
    observed: Floats
    moments: Floats
    tables: Tables
    log_likelihood: float


def expect(problem: Problem, state: State) -> Expected:
    """E-step: one pass over all persons, on quadrature points that follow the population."""
    c, z = problem.start.c, np.linspace(-REACH, REACH, problem.points)
    points, prior = state.mean + state.sd * z, log_softmax(-0.5 * z**2)
    tables = Tables.of(state.w, c, points)
    persons, right = np.zeros(tables.zero.shape), np.zeros(tables.zero.shape)
    slope, everyone, total = np.zeros(len(c)), np.zeros(len(points)), 0.0
    for block in problem.responses.blocks:
        weights, sums = tables.posterior(block, prior)
        total += float(block.weights @ sums)
        weights *= block.weights.astype(weights.dtype)[:, None]
        at = weights.sum(axis=0)
        everyone += at
        persons += at if block.seen is None else crossed(block.seen, weights)
        if tables.lift is None:
            slope += block.x.T @ (weights @ points.astype(weights.dtype))
        else:
            right += crossed(block.x, weights)
    tails = problem.responses.tails[:, 1:]
    if tables.lift is not None:
        slope, tails = _knew(c, tables, right, tails)
    total += float(np.where(c[:, None] > 0, 0, tails * np.nan_to_num(state.w[:, 1:])).sum())
    moments = np.array([everyone @ points**k for k in range(3)])
    return Expected(persons, np.column_stack([slope, tails]), moments, tables, total)


def _knew(c: Floats, tables: Tables, right: Floats, tails: Floats) -> tuple[Floats, Floats]:
    """Of the right answers to an item with a lower asymptote only the share P* / P counts as known."""
    star = tables.probs[:, :, 1]
    knew = np.where(c[:, None] > 0, right * star / (c[:, None] + (1 - c[:, None]) * star), right)
    first = np.where(c > 0, knew.sum(axis=1), tails[:, 0])
    return knew @ tables.points, np.column_stack([first, tails[:, 1:]])


def maximise(problem: Problem, state: State, expected: Expected) -> tuple[State, Floats]:
    """M-step: two Newton rounds for all items at once (enough from a warm start), and the population's moments; also
    the penalised information blocks (n, 1 + M, 1 + M) of complete data at `state`."""
    nearer, tables, blocks = _newton(problem, state, expected, expected.tables)
    moved, _, _ = _newton(problem, nearer, expected, tables)
    if not problem.free_population:
        return moved, blocks
    weight, first, second = expected.moments
    return replace(moved, mean=first / weight, sd=float(np.sqrt(second / weight - (first / weight) ** 2))), blocks


def _newton(problem: Problem, state: State, expected: Expected, tables: Tables) -> tuple[State, Tables, Floats]:
    """One round, halved for each item whose expected log-likelihood would fall; the new tables, the old information."""
    gradient, blocks = derivatives(expected, tables)
    before, prior_gradient, prior_curvature = problem.penalty(state)
    before += _height(expected, state, tables)
    blocks += prior_curvature
    move = np.linalg.solve(blocks, (gradient + prior_gradient)[:, :, None])[:, :, 0].clip(-2, 2)
    for _ in range(30):
        moved = problem.state(problem.vector(replace(state, w=state.w + move)))
        tables = Tables.of(moved.w, problem.start.c, tables.points)
        worse = problem.penalty(moved)[0] + _height(expected, moved, tables) < before - 1e-9 * np.abs(before)
        if not worse.any():
            break
        move[worse] /= 2
    return moved, tables, blocks


def _height(expected: Expected, state: State, tables: Tables) -> Floats:
    """Expected complete-data log-likelihood of each item, (n,), up to a constant."""
    linear = np.nan_to_num(state.w) * expected.observed
    return np.asarray(linear.sum(axis=1) + (expected.persons * tables.zero).sum(axis=1))


def derivatives(expected: Expected, tables: Tables) -> tuple[Floats, Floats]:
    """Gradient (n, 1 + M) and information (n, 1 + M, 1 + M) of the expected complete-data log-likelihood in w."""
    width, seen = tables.probs.shape[2], expected.persons[:, :, None] * tables.probs
    features = np.empty((len(tables.points), width, width))
    features[:, :, 0] = np.outer(tables.points, np.arange(width))
    features[:, :, 1:] = np.tri(width, width - 1, -1)
    mean = np.einsum("nqk,qkp->nqp", tables.probs, features)
    off = features - mean[:, :, None]
    blocks = np.einsum("nqkp,nqkr->npr", off * seen[:, :, :, None], off)
    diagonal = np.einsum("npp->np", blocks)
    diagonal += 1e-9 + (diagonal == 0)  # thresholds that an item lacks, items that nobody saw
    return expected.observed - np.einsum("nq,nqp->np", expected.persons, mean), blocks


def accelerate(
    climb: Callable[[Floats], tuple[Floats, float, Floats]], vector: Floats, tolerance: float, most: int
) -> tuple[Floats, int, float]:
    """Repeat `climb` until its scaled change is below tolerance, by Anderson mixing (Walker & Ni 2011): the combination
    of past images whose scaled residuals nearly cancel. climb gives a vector's image, the objective at the vector, the
    scale (1 / standard error) of entries. A mixed vector that loses height is dropped for the plain step before it, so
    that the objective never really falls. Gives the last image, the number of steps and the last scaled change."""
    history: list[tuple[Floats, Floats]] = []
    plain, height, change = vector, -np.inf, np.inf
    for count in range(1, most + 1):
        image, value, scale = climb(vector)
        if value < height - 1e-6 * abs(height):
            vector, height, history = plain, -np.inf, []
            continue
        plain, height, residual = image, value, image - vector
        change = float(np.abs(residual * scale).max(initial=0.0))
        if change < tolerance:
            return plain, count, change
        history = [*history[-MEMORY:], (image, residual)]
        images, residuals = (np.diff(part, axis=0).T for part in zip(*history, strict=True))
        vector = image - images @ np.linalg.lstsq(residuals * scale[:, None], residual * scale, rcond=1e-10)[0]
    return plain, most, change
