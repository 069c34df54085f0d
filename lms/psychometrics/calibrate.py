"""Item calibration: penalised marginal maximum likelihood by EM (Bock & Aitkin 1981), at every sample size.

Works in slopes a and step intercepts e_v = -a b_v, where the complete-data problem is concave; a lower asymptote enters
as a hidden "knew it", so one M-step serves all items.

Standard errors come from the observed information, the numerical derivative of the gradient, which an E-step gives
exactly (Fisher's identity; Oakes 1999): one pass over the answers for every number estimated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import block_diag

from lms.psychometrics.data import Responses
from lms.psychometrics.marginal_likelihood import FLATTEST, STEEPEST, Flags, Problem, climb, jacobian, look
from lms.psychometrics.model import Floats, Items

STEP = 1e-4  # of the numerical derivative
LEAST = 1e-4  # no slope is nearer to 0, so that thresholds stay finite


@dataclass(frozen=True)
class Calibration:
    """What the answers say. items carry sd_b, the standard error of the mean threshold; se_a (n,) and se_b (n, M) are
    standard errors (0 if fixed, NaN if not asked for); mean and sd describe the population;
    max_change is the last change in complete-data standard errors; notes tell what was unusual, by item name, "persons"
    or "errors"."""

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


def starting_items(responses: Responses, like: Items) -> Items:
    """Start values from the answers alone: slope 1, thresholds from log ratios of neighbouring category counts;
    lower asymptotes and names as in `like`."""
    counts = responses.counts + 0.5
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
    precision = np.column_stack([free / np.asarray(sd, float) for sd in (slope_sd, *(steps,) * start.b.shape[1])])
    moving = np.append(free[:, None] & ~np.isnan(start.natural), [free_population] * 2)
    if free_population and free.all():
        raise ValueError("a free population needs at least one fixed item to measure it by")
    problem = Problem(responses, start, precision, moving, population, points)
    notes = _examine(problem, free)
    vector, steps, change = climb(problem, tolerance, iterations)
    return _report(problem, free, vector, notes, errors, (steps, change, change < tolerance))


def _examine(problem: Problem, free: Flags) -> dict[str, str]:
    """Notes on odd items; ValueError where no prior holds an odd one."""
    counts, items, notes = problem.responses.counts, problem.start, dict[str, str]()
    for i in np.flatnonzero(free):
        if items.a[i] <= 0 and problem.held[i]:
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


def _report(
    problem: Problem, free: Flags, vector: Floats, notes: dict[str, str], errors: bool, run: tuple[int, float, bool]
) -> Calibration:
    (w, mean, sd), start = problem.numbers(vector), problem.start
    w[:, 0] = np.where(np.abs(w[:, 0]) < LEAST, LEAST, w[:, 0])
    for i in np.flatnonzero(free & ((w[:, 0] >= STEEPEST) | (w[:, 0] <= np.where(problem.held, FLATTEST, -STEEPEST)))):
        notes[start.names[i]] = f"slope stopped at its bound {w[i, 0]:g}"
    cov = _covariance(problem, vector, notes) if errors else np.diag(np.where(problem.moving, np.nan, 0))
    rows, (n, width) = jacobian(w), w.shape
    rows = np.append(rows, rows[:, 1:].sum(axis=1, keepdims=True) / start.m[:, None, None], axis=1)
    own = cov[:-2, :-2].reshape(n, width, n, width)[np.arange(n), :, np.arange(n)]
    se = np.sqrt(np.einsum("nvp,npr,nvr->nv", rows, own, rows))
    b, population = -w[:, 1:] / w[:, :1], np.sqrt(np.diag(cov)[-2:])
    items = replace(start, a=w[:, 0], b=b, sd_b=np.where(free, se[:, -1], start.sd_b))
    return Calibration(
        items, se[:, 0], se[:, 1:-1] + 0 * b, mean, sd, float(population[0]), float(population[1]) * sd,
        look(problem, vector).log_likelihood, *run, notes,
    )  # fmt: skip


def _covariance(problem: Problem, vector: Floats, notes: dict[str, str]) -> Floats:
    """Of all numbers (P, P), 0 for those that don't move: the inverse of the observed information, or, where that is
    not positive definite, of complete data's."""
    blocks = tuple(replace(block, x=block.x.astype(float)) for block in problem.responses.blocks)
    exact = replace(problem, responses=replace(problem.responses, blocks=blocks))
    here, moving, cov = look(exact, vector), problem.moving, np.zeros((len(vector), len(vector)))
    shifts = STEP * np.eye(len(vector))[moving]
    slope = np.reshape([here.gradient - look(exact, vector + shift).gradient for shift in shifts], shifts.shape) / STEP
    slope = slope[:, moving]
    try:
        root = np.linalg.inv(np.linalg.cholesky((slope + slope.T) / 2))
        cov[np.ix_(moving, moving)] = root.T @ root
    except np.linalg.LinAlgError:
        notes["errors"] = "too few answers for full standard errors; these are of complete data, too small"
        cov[np.ix_(moving, moving)] = np.linalg.inv(block_diag(*here.blocks, np.diag(here.spread))[moving][:, moving])
    return cov
