"""One look at a calibration problem, and the climb to its top; see calibrate.

An item's numbers are natural parameters w = (a, e_1 .. e_M): log P_k is w . f_k(theta) less what makes probabilities
sum to 1, with features f_k = (k theta, k >= 1, .., k >= M); gradient and information are an exponential family's. The
vector of all numbers holds w row by row, then the population's mean and log deviation.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from lms.psychometrics.data import Responses, Tables, crossed
from lms.psychometrics.model import Floats, Items

REACH = 5.5
STEEPEST, FLATTEST = 10.0, 0.02
STRIDE = 2.0  # the farthest that an item moves at once
MEMORY = 6
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Problem:
    """What stays while EM runs: answers, start (centre of the priors), precision (n, 1 + M), 1 / deviation of the
    priors of log a and every b (0: none), moving (P,), the numbers that are estimated, and the population (mean, sd)
    that the climb starts from."""

    responses: Responses
    start: Items
    precision: Floats
    moving: Flags
    population: tuple[float, float]
    points: int

    @cached_property
    def held(self) -> Flags:
        """Items (n,) with a prior; it speaks of log a, so that their slopes stay positive."""
        return np.asarray((self.precision > 0).any(axis=1))

    @cached_property
    def first(self) -> Floats:
        """The vector (P,) at the start; 0 for steps that an item lacks."""
        return np.append(np.nan_to_num(self.start.natural), [self.population[0], np.log(self.population[1])])

    @cached_property
    def bounds(self) -> tuple[Floats, Floats]:
        """Lowest and highest value of every number, both (P,): what doesn't move is held between two equal ones."""
        low, high = np.full(self.first.shape, -np.inf), np.full(self.first.shape, np.inf)
        slopes = slice(0, len(low) - 2, self.precision.shape[1])
        low[slopes], high[slopes] = np.where(self.held, FLATTEST, -STEEPEST), STEEPEST
        return np.where(self.moving, low, self.first), np.where(self.moving, high, self.first)

    def numbers(self, vector: Floats) -> tuple[Floats, float, float]:
        """w (n, 1 + M) as Items.natural, mean and deviation of the population."""
        w = np.where(np.isnan(self.start.natural), np.nan, vector[:-2].reshape(self.precision.shape))
        return w, float(vector[-2]), float(np.exp(vector[-1]))

    def penalty(self, w: Floats) -> tuple[float, Floats, Floats]:
        """Log prior, its gradient (n, 1 + M), Gauss-Newton curvature (n, 1 + M, 1 + M) in w."""
        w, start = (np.where(self.held[:, None], each, 1.0) for each in (w, self.start.natural))
        off = np.column_stack([np.log(w[:, 0] / start[:, 0]), start[:, 1:] / start[:, :1] - w[:, 1:] / w[:, :1]])
        off = np.nan_to_num(off) * self.precision
        rows = jacobian(w) * self.precision[:, :, None]
        rows[:, 0, 0] /= w[:, 0]
        return -0.5 * (off**2).sum(), -np.einsum("npr,np->nr", rows, off), np.einsum("nps,npr->nsr", rows, rows)


def jacobian(w: Floats) -> Floats:
    """Derivatives of (a, b_1 .. b_M) by w, (n, 1 + M, 1 + M)."""
    rows, steps = np.zeros((*w.shape, w.shape[1])), np.arange(1, w.shape[1])
    rows[:, 0, 0] = 1
    rows[:, 1:, 0] = np.nan_to_num(w[:, 1:]) / w[:, :1] ** 2
    rows[:, steps, steps] = -1 / w[:, :1]
    return rows


@dataclass(frozen=True)
class Look:
    """What one pass over the answers tells at a vector: log-likelihood of the data; height, log priors included, and
    its gradient (P,), exact by Fisher's identity; information of complete data, blocks (n, 1 + M, 1 + M) of the items,
    priors included, and spread (2,) of the population."""

    log_likelihood: float
    height: float
    gradient: Floats
    blocks: Floats
    spread: Floats

    def move(self, room: Floats) -> Floats:
        """The M-step (P,): one Newton round on the expected complete-data height (Lange 1995), shortened item by item
        to the room (P,) that its numbers have; 0 holds a number."""
        gradient, room = np.where(room > 0, self.gradient, 0), room[:-2].reshape(self.blocks.shape[:2])
        free = room > 0
        blocks = np.where(free[:, :, None] & free[:, None], self.blocks, np.eye(free.shape[1]))
        items = np.linalg.solve(blocks, gradient[:-2].reshape(*free.shape, 1))[:, :, 0]
        items /= np.maximum(np.abs(items) / np.where(free, room, 1), 1).max(axis=1, keepdims=True)
        return np.append(items, gradient[-2:] / self.spread)

    @property
    def scale(self) -> Floats:
        """1 / complete-data standard error (P,) of every number."""
        return np.sqrt(np.append(np.diagonal(self.blocks, axis1=1, axis2=2), self.spread))


def look(problem: Problem, vector: Floats) -> Look:
    """E-step, on quadrature points that follow the population, and what an M-step needs to know."""
    w, mean, sd = problem.numbers(vector)
    z = np.linspace(-REACH, REACH, problem.points)
    tables = Tables.of(w, problem.start.c, mean + sd * z)
    persons, observed, everyone, height = _expect(problem, w, tables, log_softmax(-0.5 * z**2))
    due, blocks = _complete(tables, persons)
    prior, pull, curvature = problem.penalty(w)
    weight, first, second = (float(everyone @ z**k) for k in range(3))
    gradient = np.append(observed - due + pull, [first / sd, second - weight])
    spread = max(weight, 1e-9) * np.array([sd**-2, 2.0])
    return Look(height, height + prior, gradient, blocks + curvature, spread)


def _expect(problem: Problem, w: Floats, tables: Tables, prior: Floats) -> tuple[Floats, Floats, Floats, float]:
    """persons (n, Q) who saw an item per point, observed (n, 1 + M) sums of its features, everyone (Q,), and the
    log-likelihood of the data."""
    everyone, persons, right = np.zeros(len(prior)), np.zeros(tables.zero.shape), np.zeros(tables.extra.shape)
    slope, height = np.zeros(len(w)), 0.0
    for block in problem.responses.blocks:
        weights, sums = tables.posterior(block, prior)
        height += float(block.weights @ sums)
        weights *= block.weights.astype(weights.dtype)[:, None]
        at = weights.sum(axis=0)
        everyone += at
        persons += at if block.seen is None else crossed(block.seen, weights)
        slope += block.x.T @ (weights @ tables.points.astype(weights.dtype))
        right += crossed(block.x[:, tables.guessed], weights)
    observed = np.column_stack([slope, problem.responses.counts[:, :0:-1].cumsum(axis=1)[:, ::-1]])
    height += float(np.where(problem.start.c[:, None], 0, observed * np.nan_to_num(w))[:, 1:].sum())
    observed[tables.guessed, :2] = _knew(problem, tables, right)
    return persons, observed, everyone, height


def _knew(problem: Problem, tables: Tables, right: Floats) -> Floats:
    """The first two features of items with a lower asymptote (G, 2): of the right answers (G, Q) there only the share
    P* / P counts as known, a hidden "knew it" (von Davier 2009)."""
    c, star = problem.start.c[tables.guessed, None], tables.probs[tables.guessed, :, 1]
    knew = right * star / (c + (1 - c) * star)
    return np.column_stack([knew @ tables.points, knew.sum(axis=1)])


def _complete(tables: Tables, persons: Floats) -> tuple[Floats, Floats]:
    """Features due from persons (n, Q) of known theta, (n, 1 + M), and their information (n, 1 + M, 1 + M)."""
    width = tables.probs.shape[2]
    features = np.empty((len(tables.points), width, width))
    features[:, :, 0] = np.outer(tables.points, np.arange(width))
    features[:, :, 1:] = np.tri(width, width - 1, -1)
    mean = np.einsum("nqk,qkp->nqp", tables.probs, features)
    off = features - mean[:, :, None]
    blocks = np.einsum("nqkp,nqkr->npr", off * (persons[:, :, None] * tables.probs)[:, :, :, None], off)
    diagonal = np.einsum("npp->np", blocks)
    diagonal += 1e-9 + (diagonal == 0)  # thresholds that an item lacks, items that nobody saw
    return np.einsum("nq,nqp->np", persons, mean), blocks


def climb(problem: Problem, tolerance: float, most: int) -> tuple[Floats, int, float]:
    """The vector at the top, the E-steps that it took and the last change in complete-data standard errors.

    EM hastened by Anderson mixing (Walker & Ni 2011): on to the combination of past images whose scaled residuals
    nearly cancel. Where that loses height, a plain step from the best vector follows, halved as long as it loses too.
    """
    vector = best = image = problem.first
    height, change, part, past, (low, high) = -np.inf, np.inf, 1.0, list[tuple[Floats, Floats]](), problem.bounds
    for count in range(1, most + 1):
        seen = look(problem, vector)
        if seen.height < height - 1e-6 * abs(height):
            vector, part, past = best + part * (image - best), part / 2, []
            continue
        best, height, part = vector, seen.height, 1.0
        room = np.minimum(np.where(seen.gradient > 0, high - vector, vector - low), STRIDE)
        image = np.clip(vector + seen.move(room), low, high)
        change = float(np.abs((image - vector) * seen.scale).max(initial=0.0))
        if change < tolerance:
            return image, count, change
        past = [*past[-MEMORY:], (image, (image - vector) * seen.scale)]
        images, residuals = (np.diff(part, axis=0).T for part in zip(*past, strict=True))
        mixed = image - images @ np.linalg.lstsq(residuals, past[-1][1], rcond=1e-10)[0]
        vector = np.clip(mixed, low, high)
    return best, most, change
