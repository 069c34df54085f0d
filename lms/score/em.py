"""The two halves of an EM step for item calibration; see calibrate."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lms.score.data import Responses, Tables, crossed
from lms.score.model import Floats, Items

REACH = 5.5
STEEPEST, FLATTEST = 10.0, 0.02


@dataclass(frozen=True)
class State:
    """A point of the search: slopes a (n,), step intercepts e (n, M), population mean and deviation."""

    a: Floats
    e: Floats
    mean: float
    sd: float

    def grid(self, count: int) -> tuple[Floats, Floats]:
        """Quadrature points (Q,) that follow the population, and their log weights."""
        z = np.linspace(-REACH, REACH, count)
        weights = np.exp(-0.5 * z**2)
        return self.mean + self.sd * z, np.log(weights / weights.sum())


@dataclass(frozen=True)
class Problem:
    """What stays while EM runs: answers, start (centre of the priors), prior deviations (n,), which items move (n,)."""

    responses: Responses
    start: Items
    free: NDArray[np.bool_]
    slope_sd: Floats
    b_sd: Floats
    free_population: bool
    population: tuple[float, float]
    points: int

    @property
    def penalised(self) -> NDArray[np.bool_]:
        return np.isfinite(self.slope_sd) | np.isfinite(self.b_sd)

    def pack(self, state: State, gaps: float = 0.0) -> Floats:
        """The moving numbers in one vector: (a, e_1..e_M) of each free item, gaps for the e it lacks, then mean and log
        deviation of a free population."""
        moving = np.column_stack([state.a, state.e])[self.free]
        population = [state.mean, np.log(state.sd)] if self.free_population else []
        return np.concatenate([np.nan_to_num(moving, nan=gaps).ravel(), population])

    def unpack(self, vector: Floats) -> State:
        """Back from `pack`; slopes stay inside their bounds, and positive where a prior speaks of log a."""
        both = np.column_stack([self.start.a, -self.start.a[:, None] * self.start.b])
        size = int(self.free.sum()) * both.shape[1]
        both[self.free] = vector[:size].reshape(-1, both.shape[1])
        low = np.where(self.penalised, FLATTEST, -STEEPEST)
        a = np.where(self.free, np.clip(both[:, 0], low, STEEPEST), self.start.a)
        mean, sd = (vector[-2], np.exp(vector[-1])) if self.free_population else self.population
        return State(a, np.where(np.isnan(self.start.b), np.nan, both[:, 1:]), float(mean), float(sd))

    def penalty(self, state: State) -> tuple[Floats, Floats, Floats]:
        """Log prior of each item (n,), its gradient (n, 1 + M), Gauss-Newton curvature (n, 1 + M, 1 + M) in (a, e)."""
        a = np.where(self.penalised, state.a, 1.0)  # elsewhere a slope may be 0, and all weights below are 0
        b, per_sd = -np.nan_to_num(state.e) / a[:, None], 1 / self.b_sd[:, None]
        off = np.where(np.isnan(state.e), 0, b - np.nan_to_num(self.start.b)) * per_sd
        rows = np.zeros((len(b), b.shape[1], b.shape[1] + 1))  # derivatives of off
        rows[:, :, 0] = -b / a[:, None] * per_sd
        rows[:, np.arange(b.shape[1]), 1 + np.arange(b.shape[1])] = -per_sd / a[:, None]
        logs = np.log(a / np.where(self.penalised, self.start.a, 1.0)) / self.slope_sd
        gradient = -np.einsum("nvp,nv->np", rows, off)
        gradient[:, 0] -= logs / self.slope_sd / a
        curvature = np.einsum("nvp,nvr->npr", rows, rows)
        curvature[:, 0, 0] += (self.slope_sd * a) ** -2.0
        return -0.5 * ((off**2).sum(axis=1) + logs**2), gradient, curvature


@dataclass(frozen=True)
class Expected:
    """Complete-data statistics: persons (n, Q) who saw an item per point, slope (n,) sums of category times theta,
    tails (n, M) answers at or above each step, moments (3,) of theta; tables; log-likelihood of the data."""

    persons: Floats
    slope: Floats
    tails: Floats
    moments: Floats
    tables: Tables
    log_likelihood: float


def expect(problem: Problem, state: State) -> Expected:
    """E-step: one pass over all persons."""
    points, prior = state.grid(problem.points)
    tables = Tables.of(state.a, state.e, problem.start.c, points)
    persons, right = np.zeros(tables.zero.shape), np.zeros(tables.zero.shape)
    slope, everyone, total = np.zeros(len(state.a)), np.zeros(len(points)), 0.0
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
        slope, tails = _knew(problem.start.c, tables, right, tails)
    total += float(np.where(problem.start.c[:, None] > 0, 0, tails * np.nan_to_num(state.e)).sum())
    moments = np.array([everyone @ points**k for k in range(3)])
    return Expected(persons, slope, tails, moments, tables, total)


def _knew(c: Floats, tables: Tables, right: Floats, tails: Floats) -> tuple[Floats, Floats]:
    """Of the right answers to an item with a lower asymptote only the share P* / P counts as known."""
    star = tables.probs[:, :, 1]
    knew = np.where(c[:, None] > 0, right * star / (c[:, None] + (1 - c[:, None]) * star), right)
    tails = tails.copy()
    tails[:, 0] = np.where(c > 0, knew.sum(axis=1), tails[:, 0])
    return knew @ tables.points, tails


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
    move = np.linalg.solve(blocks, (gradient + prior_gradient)[:, :, None])[:, :, 0]
    move = np.where(problem.free[:, None], np.clip(move, -2, 2), 0)
    for _ in range(30):
        moved = problem.unpack(problem.pack(replace(state, a=state.a + move[:, 0], e=state.e + move[:, 1:])))
        tables = Tables.of(moved.a, moved.e, problem.start.c, tables.points)
        worse = problem.penalty(moved)[0] + _height(expected, moved, tables) < before - 1e-9 * np.abs(before)
        if not worse.any():
            break
        move[worse] /= 2
    return moved, tables, blocks


def _height(expected: Expected, state: State, tables: Tables) -> Floats:
    """Expected complete-data log-likelihood of each item, (n,), up to a constant."""
    tails = (expected.tails * np.nan_to_num(state.e)).sum(axis=1)
    return np.asarray(state.a * expected.slope + tails + (expected.persons * tables.zero).sum(axis=1))


def derivatives(expected: Expected, tables: Tables) -> tuple[Floats, Floats]:
    """Gradient (n, 1 + M) and information (n, 1 + M, 1 + M) of the expected complete-data log-likelihood in (a, e)."""
    tail = np.cumsum(tables.probs[:, :, :0:-1], axis=2)[:, :, ::-1]
    theta, persons = tables.points, expected.persons
    width = tail.shape[2]
    upper = np.maximum(*np.indices((width, width)))
    spread = tail[:, :, upper] - tail[:, :, :, None] * tail[:, :, None, :]
    gradient = np.column_stack(
        [expected.slope - (persons * tail.sum(axis=2)) @ theta, expected.tails - np.einsum("nq,nqv->nv", persons, tail)]
    )
    blocks = np.zeros((len(tail), width + 1, width + 1))
    blocks[:, 1:, 1:] = np.einsum("nq,nquv->nuv", persons, spread)
    blocks[:, 0, 1:] = blocks[:, 1:, 0] = np.einsum("nq,nquv->nv", persons * theta, spread)
    blocks[:, 0, 0] = np.einsum("nq,nquv->n", persons * theta**2, spread)
    empty = blocks.diagonal(axis1=1, axis2=2) == 0  # thresholds that an item lacks, items that nobody saw
    blocks[:, np.arange(width + 1), np.arange(width + 1)] += 1e-9 + empty
    return gradient, blocks
