"""Item calibration: penalised marginal maximum likelihood by EM (Bock & Aitkin 1981), at every sample size.

Works in slopes a and step intercepts e_v = -a b_v, where the complete-data problem is concave; a lower asymptote enters
as a hidden "knew it", so one M-step serves all items.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from lms.psychometrics.arrays import Flags, Floats
from lms.psychometrics.calibration_problem import STEEPEST, CalibrationProblem
from lms.psychometrics.items import Items
from lms.psychometrics.marginal_likelihood import e_step
from lms.psychometrics.maximise import Maximum, maximise
from lms.psychometrics.responses import Responses
from lms.psychometrics.standard_errors import standard_errors

LEAST_SLOPE = 1e-4  # no slope is nearer to 0, so that thresholds stay finite


@dataclass(frozen=True)
class Calibration:
    """What the answers say.

    items: carry sd_b, the standard error of the mean threshold. se_a (n,) and se_b (n, M): standard errors (0 if fixed,
    NaN if not asked for). mean, sd: of the population, with their errors. max_change: the last one in complete-data
    standard errors. notes: what was unusual, by item name, "persons" or "errors".
    """

    items: Items
    se_a: Floats
    se_b: Floats
    mean: float
    sd: float
    se_mean: float
    se_sd: float
    log_likelihood: float
    iterations: int
    max_change: float
    converged: bool
    notes: Mapping[str, str]


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
    switches one off, b_sd None gives the mean of an item's thresholds the deviation start.sd_b (where that is 0: off).
    With both off this is maximum likelihood.
    tolerance bounds the last change, in complete-data standard errors; data beyond responses.SMALL run in single
    precision and need 1e-4 or more. errors=False saves the standard errors' time.
    ValueError names the item that its answers and priors leave without a finite estimate.
    """
    free = ~np.broadcast_to(np.asarray(fixed, bool), len(start))
    if free_population and free.all():
        raise ValueError("a free population needs at least one fixed item to measure it by")
    numbers = free[:, None] & ~np.isnan(start.natural)
    problem = CalibrationProblem(
        responses,
        start,
        precision=_precision(start, free, slope_sd, b_sd),
        moving=np.append(numbers, [free_population] * 2),
        population=population,
        points=points,
    )
    notes = _odd_items(problem, free) | _odd_persons(responses)
    maximum = maximise(problem, tolerance, iterations)
    return _report(problem, free, maximum, notes, errors, maximum.change < tolerance)


def _precision(
    start: Items,
    free: Flags,
    slope_sd: ArrayLike,
    b_sd: ArrayLike | None,
) -> Floats:
    """1 / deviation of the priors of log a and every b, (n, 1 + M), 0 for none."""
    if b_sd is None:
        b_sd = np.where(start.sd_b > 0, start.sd_b * np.sqrt(start.m), np.inf)
    slopes = free / np.asarray(slope_sd, float)
    thresholds = free / np.asarray(b_sd, float)
    return np.column_stack([slopes, *[thresholds] * start.b.shape[1]])


def _odd_items(problem: CalibrationProblem, free: Flags) -> dict[str, str]:
    """Notes on items without answers in some category; ValueError where no prior holds one."""
    items, notes = problem.start, dict[str, str]()
    for i in np.flatnonzero(free):
        if items.a[i] <= 0 and problem.has_prior[i]:
            raise ValueError(f"item {items.names[i]}: a prior needs a positive starting slope")
        counts = problem.responses.counts[i, : items.m[i] + 1]
        if counts.all():
            continue
        empty = f"no answer in categories {np.flatnonzero(counts == 0).tolist()}"
        what = empty if counts.any() else "nobody answered it"
        if not problem.precision[i].all():
            raise ValueError(f"item {items.names[i]}: {what}; without both priors it has no finite estimate")
        notes[items.names[i]] = f"{what}: its prior decides"
    return notes


def _odd_persons(responses: Responses) -> dict[str, str]:
    if not responses.empty:
        return {}
    return {"persons": f"{responses.empty} persons gave no answers and count for nothing"}


def _report(
    problem: CalibrationProblem,
    free: Flags,
    maximum: Maximum,
    notes: dict[str, str],
    errors: bool,
    converged: bool,
) -> Calibration:
    vector, start = maximum.vector, problem.start
    w, mean, sd = problem.numbers(vector)
    flat = np.abs(w[:, 0]) < LEAST_SLOPE
    w[flat, 0] = LEAST_SLOPE
    notes |= _bounded_slopes(problem, free, w[:, 0])
    error = standard_errors(problem, vector, w, errors)
    if error.complete_data:
        notes["errors"] = "too few answers for full standard errors; these are of complete data, too small"
    sd_b = np.where(free, error.difficulty, start.sd_b)
    return Calibration(
        items=replace(start, a=w[:, 0], b=-w[:, 1:] / w[:, :1], sd_b=sd_b),
        se_a=error.a,
        se_b=error.b,
        mean=mean,
        sd=sd,
        se_mean=error.mean,
        se_sd=error.log_sd * sd,
        log_likelihood=e_step(problem, vector).log_likelihood,
        iterations=maximum.iterations,
        max_change=maximum.change,
        converged=converged,
        notes=notes,
    )


def _bounded_slopes(
    problem: CalibrationProblem,
    free: Flags,
    slopes: Floats,
) -> dict[str, str]:
    at_bound = free & ((slopes >= STEEPEST) | (slopes <= problem.least_slopes))
    names = problem.start.names
    return {names[i]: f"slope stopped at its bound {slopes[i]:g}" for i in np.flatnonzero(at_bound)}
