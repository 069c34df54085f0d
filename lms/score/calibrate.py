"""Item calibration: penalised marginal maximum likelihood by EM (Bock & Aitkin 1981), at every sample size.

Works in slopes a and step intercepts e_v = -a b_v, where the complete-data problem is concave; a lower asymptote enters
as a hidden "knew it" (von Davier 2009), so one M-step serves all items; Anderson mixing shortens the climb.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from lms.score.anderson import Run, Step, accelerate
from lms.score.data import Responses
from lms.score.em import FLATTEST, STEEPEST, Problem, State, expect, maximise
from lms.score.model import Floats, Items
from lms.score.observed import Errors, standard_errors

LEAST = 1e-4  # a slope below this is reported as this, so that thresholds stay finite


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
    n = len(start)
    free = ~np.broadcast_to(np.asarray(fixed, bool), n)
    given = np.where(start.sd_b > 0, start.sd_b, np.inf) if b_sd is None else np.asarray(b_sd, float)
    slopes, steps = (np.where(free, np.broadcast_to(np.asarray(sd, float), n), np.inf) for sd in (slope_sd, given))
    problem = Problem(responses, start, free, slopes, steps, free_population, population, points)
    notes = _examine(problem)
    first = problem.pack(State(start.a, -start.a[:, None] * start.b, *population))
    run = accelerate(lambda vector: _climb(problem, vector), first, tolerance, iterations)
    return _report(problem, run, tolerance, notes, errors)


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
        notes["persons"] = f"{problem.responses.empty} persons gave no answers and count for nothing"
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


def _report(problem: Problem, run: Run, tolerance: float, notes: dict[str, str], errors: bool) -> Calibration:
    state = problem.unpack(run.vector)
    state = replace(state, a=np.where(np.abs(state.a) < LEAST, LEAST, state.a))
    expected = expect(problem, state)
    unknown = np.where(problem.free, np.nan, 0.0)
    found = Errors(unknown, unknown[:, None] + 0 * state.e, unknown, np.nan, np.nan, True)
    found = standard_errors(problem, state, expected) if errors else found
    if not found.sound:
        notes["errors"] = "too few answers for full standard errors; these are of complete data, too small"
    for i in np.flatnonzero(problem.free & ((state.a >= STEEPEST) | (problem.penalised & (state.a <= FLATTEST)))):
        notes[problem.start.names[i]] = f"slope stopped at its bound {state.a[i]:g}"
    b, sd_b = -state.e / state.a[:, None], np.where(problem.free, found.shift, problem.start.sd_b)
    return Calibration(
        replace(problem.start, a=state.a, b=b, sd_b=sd_b), found.a, found.b, state.e, state.mean, state.sd,
        found.mean, found.sd, expected.log_likelihood, run.steps, run.change, run.change < tolerance, notes,
    )  # fmt: skip
