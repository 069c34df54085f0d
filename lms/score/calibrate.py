"""Item calibration: penalised marginal maximum likelihood by EM (Bock & Aitkin 1981), at every sample size.

Works in slopes a and step intercepts e_v = -a b_v, where the complete-data problem is concave; a lower asymptote enters
as a hidden "knew it" (von Davier 2009), so one M-step serves all items; Anderson mixing shortens the climb.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from lms.score.anderson import Step, accelerate
from lms.score.data import Responses
from lms.score.em import FLATTEST, STEEPEST, Problem, State, expect, maximise
from lms.score.model import Floats, Items
from lms.score.observed import covariance

LEAST = 1e-4  # a slope below this is reported as this, so that thresholds stay finite


@dataclass(frozen=True)
class Calibration:
    """What the answers say. items carry sd_b, the standard error of the mean threshold; se_a (n,) and se_b (n, M) are
    standard errors (0 if fixed, NaN if not asked for); intercepts (n, M) are -a b; mean and sd describe the population;
    max_change is the last change in complete-data standard errors; notes tell what was unusual ("*": about all)."""

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
    tolerance bounds the last change, in complete-data standard errors. errors=False saves the standard errors' time.
    ValueError names the item that its answers and priors leave without a finite estimate.
    """
    n = len(start)
    free = ~np.broadcast_to(np.asarray(fixed, bool), n)
    given = np.where(start.sd_b > 0, start.sd_b, np.inf) if b_sd is None else np.asarray(b_sd, float)
    slopes, steps = (np.where(free, np.broadcast_to(np.asarray(sd, float), n), np.inf) for sd in (slope_sd, given))
    problem = Problem(responses, start, free, slopes, steps, free_population, population, points)
    notes = _examine(problem)
    first = problem.pack(State(start.a, -start.a[:, None] * start.b, *population))
    run = accelerate(lambda vector: _climb(problem, vector), first, tolerance, iterations)
    return _report(problem, problem.unpack(run.vector), run.steps, run.change, tolerance, notes, errors)


def _examine(problem: Problem) -> dict[str, str]:
    """Notes on odd items; ValueError where no prior holds an odd one."""
    counts, items, notes = problem.responses.counts(), problem.start, dict[str, str]()
    if problem.free_population and problem.free.all():
        raise ValueError("a free population needs at least one fixed item to measure it by")
    for i in np.flatnonzero(problem.free):
        if problem.penalised[i] and items.a[i] <= 0:
            raise ValueError(f"item {items.names[i]}: a prior needs a positive starting slope")
        own = counts[i, : items.m[i] + 1]
        if own.all():
            continue
        what = f"no answer in categories {np.flatnonzero(own == 0).tolist()}" if own.any() else "nobody answered it"
        if not np.isfinite([problem.b_sd[i], problem.slope_sd[i]]).all():
            raise ValueError(f"item {items.names[i]}: {what}; without both priors it has no finite estimate")
        notes[items.names[i]] = f"{what}: its prior decides"
    if problem.responses.empty:
        notes["*"] = f"{problem.responses.empty} persons gave no answers and count for nothing"
    return notes


def _climb(problem: Problem, vector: Floats) -> Step:
    """One EM step, with the objective at its start and the complete-data precision of every number."""
    state = problem.unpack(vector)
    expected = expect(problem, state)
    moved, blocks = maximise(problem, state, expected)
    scale = np.sqrt(blocks.diagonal(axis1=1, axis2=2)[problem.free]).ravel()
    if problem.free_population:
        scale = np.append(scale, np.sqrt(expected.moments[0] * np.array([1 / state.sd**2, 2])))
    return Step(problem.pack(moved), expected.log_likelihood + float(problem.penalty(state)[0].sum()), scale)


def _report(
    problem: Problem, state: State, steps: int, change: float, tolerance: float, notes: dict[str, str], errors: bool
) -> Calibration:
    state = replace(state, a=np.where(np.abs(state.a) < LEAST, LEAST, state.a))
    expected = expect(problem, state)
    se_a, se_b, shift = np.zeros(len(state.a)), np.where(np.isnan(state.e), np.nan, 0.0), np.zeros(len(state.a))
    population = [0.0, 0.0]
    if errors:
        cov, sound = covariance(problem, state, expected)
        if not sound:
            notes["*"] = "too few answers for full standard errors; they are those of complete data, too small"
        se_a[problem.free], se_b[problem.free], shift[problem.free] = _deviations(problem, state, cov)
        population = [float(np.sqrt(cov[-2, -2])), float(np.sqrt(cov[-1, -1])) * state.sd]
    else:
        se_a[problem.free] = se_b[problem.free] = np.nan
    for i in np.flatnonzero(problem.free & ((state.a >= STEEPEST) | (problem.penalised & (state.a <= FLATTEST)))):
        notes[problem.start.names[i]] = f"slope stopped at its bound {state.a[i]:g}"
    b = -state.e / state.a[:, None]
    items = replace(problem.start, a=state.a, b=b, sd_b=np.where(problem.free, shift, problem.start.sd_b))
    se_mean, se_sd = population if problem.free_population else (0.0, 0.0)
    return Calibration(
        items, se_a, se_b, state.e, state.mean, state.sd, se_mean, se_sd,
        expected.log_likelihood, steps, change, change < tolerance, notes,
    )  # fmt: skip


def _deviations(problem: Problem, state: State, cov: Floats) -> tuple[Floats, Floats, Floats]:
    """Standard errors of a, of every b = -e / a and of the mean b of the free items, by the delta method."""
    a, e = state.a[problem.free], state.e[problem.free]
    count, width = len(a), e.shape[1] + 1
    own = cov[: count * width, : count * width].reshape(count, width, count, width)
    blocks = own[np.arange(count), :, np.arange(count)]
    jacobian = np.zeros((count, width - 1, width))
    jacobian[:, :, 0] = e / a[:, None] ** 2
    jacobian[:, np.arange(width - 1), np.arange(1, width)] = -1 / a[:, None]
    mean = np.nanmean(jacobian, axis=1, where=~np.isnan(e)[:, :, None])
    jacobian = np.concatenate([jacobian, mean[:, None]], axis=1)
    variances = np.einsum("nvp,npr,nvr->nv", jacobian, blocks, jacobian)
    return np.sqrt(blocks[:, 0, 0]), np.sqrt(variances[:, :-1]), np.sqrt(variances[:, -1])
