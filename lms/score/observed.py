"""Observed information of a calibration by Louis (1982): complete-data information minus what is missing because theta
is hidden, the variance of the complete-data score given the answers."""

from __future__ import annotations

import numpy as np

from lms.score.data import Block
from lms.score.em import Expected, Problem, State
from lms.score.kernel import Tables, normalised
from lms.score.model import Floats

EFFORT = 2e9  # multiplications spent on the missing part; beyond it an even sample of persons stands for all


def covariance(problem: Problem, state: State, expected: Expected) -> tuple[Floats, bool]:
    """Covariance (P, P) of the moving numbers in the order of Problem.pack, and whether the information was positive
    definite; if not, it is the complete-data covariance, which is too small."""
    scores = _scores(expected.tables, problem.start.c)[problem.free]
    complete = _complete(problem, state, expected, scores)
    try:
        total = complete - _missing(problem, state, expected.tables, scores)
        root = np.linalg.inv(np.linalg.cholesky(total))
        return np.asarray(root.T @ root), True
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.inv(complete)), False


def _scores(tables: Tables, c: Floats) -> Floats:
    """Derivatives of log P_k in (a, e): (n, M + 1, Q, 1 + M)."""
    tail = np.cumsum(tables.probs[:, :, :0:-1], axis=2)[:, :, ::-1]
    width = tail.shape[2] + 1
    reached = np.arange(width)[:, None] >= np.arange(1, width)
    steps = reached[:, None, :] - tail[:, None, :, :]
    slopes = steps.sum(axis=3, keepdims=True) * tables.points[:, None]
    scores = np.concatenate([slopes, steps], axis=3)
    star = tables.probs[:, :, 1]
    share = (1 - c[:, None]) * star / np.maximum(c[:, None] + (1 - c[:, None]) * star, 1e-300)
    scores[:, 1] *= np.where(c[:, None] > 0, share, 1)[:, :, None]
    return scores


def _complete(problem: Problem, state: State, expected: Expected, scores: Floats) -> Floats:
    """Block-diagonal information were theta seen, with the priors' curvature."""
    c, free = problem.start.c, problem.free
    probs = expected.tables.probs * (1 - c[:, None, None])
    probs[:, :, 1] += c[:, None]
    blocks = np.einsum("nq,nqk,nkqp,nkqr->npr", expected.persons[free], probs[free], scores, scores, optimize=True)
    blocks += problem.penalty(state)[2][free]
    size, width = len(blocks) * blocks.shape[1], blocks.shape[1]
    total = np.zeros((size + 2, size + 2))
    for i, block in enumerate(blocks):
        total[i * width : (i + 1) * width, i * width : (i + 1) * width] = block
    total[size, size] = expected.moments[0] / state.sd**2
    total[size + 1, size + 1] = 2 * expected.moments[0]
    total[np.diag_indices(size)] += 1e-9 + (total.diagonal()[:size] == 0)
    return total if problem.free_population else total[:size, :size]


def _missing(problem: Problem, state: State, tables: Tables, scores: Floats) -> Floats:
    """Sum over persons of the posterior variance of their complete-data score."""
    points, prior = state.grid(problem.points)
    free, z = problem.free, (points - state.mean) / state.sd
    population = np.column_stack([z / state.sd, z**2 - 1])[:, : 2 * problem.free_population]
    width = scores.shape[0] * scores.shape[3] + population.shape[1]
    total, counted = np.zeros((width, width)), 0.0
    for x, seen, weights in problem.responses.sample(max(1000, int(EFFORT / (len(points) * width**2)))):
        belief, _ = normalised(tables.log_likelihood(Block(x, seen, weights)) + prior)
        own = scores[np.arange(len(scores)), x[:, free].astype(int)] * seen[:, free, None, None]
        flat = own.transpose(0, 2, 1, 3).reshape(len(x), len(points), -1)
        flat = np.concatenate([flat, np.broadcast_to(population, (len(x), *population.shape))], axis=2)
        flat -= np.einsum("bq,bqp->bp", belief, flat)[:, None]
        flat *= np.sqrt(belief * weights[:, None])[:, :, None]
        flat = flat.reshape(-1, width)
        total += flat.T @ flat
        counted += weights.sum()
    everyone = sum(block.weights.sum() for block in problem.responses.blocks)
    return np.asarray(total * (everyone / counted if counted else 0.0))
