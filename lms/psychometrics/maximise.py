"""From the start to the top: EM hastened by Anderson mixing (Walker & Ni 2011); see calibrate."""

from dataclasses import dataclass, field

import numpy as np

from lms.psychometrics.arrays import Floats
from lms.psychometrics.calibration_problem import CalibrationProblem
from lms.psychometrics.marginal_likelihood import ExpectationStep, e_step

STRIDE = 2.0  # the farthest that a number moves at once
MEMORY = 6  # past images that are mixed
LOSS = 1e-6  # of the height that rounding may take


@dataclass(frozen=True)
class Maximum:
    """vector (P,) at the top; iterations: E-steps that it took; change: the last one, in complete-data standard
    errors."""

    vector: Floats
    iterations: int
    change: float


@dataclass
class _Mixing:
    """Past images and their scaled residuals, (P,) each, newest last."""

    images: list[Floats] = field(default_factory=list)
    residuals: list[Floats] = field(default_factory=list)

    def add(self, image: Floats, residual: Floats) -> None:
        self.images = [*self.images[-MEMORY:], image]
        self.residuals = [*self.residuals[-MEMORY:], residual]

    def mixed(self) -> Floats:
        """The combination of past images whose residuals nearly cancel, a stride from the newest at most: residuals
        that point the same way would be mixed to any height, and the deviation of a population to 0."""
        images = np.diff(self.images, axis=0).T
        residuals = np.diff(self.residuals, axis=0).T
        weights, *_ = np.linalg.lstsq(
            residuals,
            self.residuals[-1],
            rcond=1e-10,
        )
        return np.asarray(self.images[-1] - np.clip(images @ weights, -STRIDE, STRIDE))


def maximise(
    problem: CalibrationProblem,
    tolerance: float,
    most: int,
) -> Maximum:
    """The vector at the top, or where `most` E-steps end; tolerance in complete-data standard errors.

    Where mixing loses height, a plain step from the best vector follows, halved as long as it loses too.
    """
    vector = best = image = problem.first
    low, high = problem.bounds
    height, change = -np.inf, np.inf
    part, past = 1.0, _Mixing()
    for count in range(1, most + 1):
        expectation = e_step(problem, vector)
        if expectation.height < height - LOSS * abs(height):
            vector = best + part * (image - best)
            part /= 2
            past = _Mixing()
            continue
        best, height = vector, expectation.height
        part = 1.0
        room = _room(expectation, vector, low, high)
        image = np.clip(vector + m_step(expectation, room), low, high)
        residual = (image - vector) * expectation.scale
        change = float(np.abs(residual).max(initial=0.0))
        if change < tolerance:
            return Maximum(image, count, change)
        past.add(image, residual)
        vector = np.clip(past.mixed(), low, high)
    return Maximum(best, most, change)


def m_step(expectation: ExpectationStep, room: Floats) -> Floats:
    """One Newton round on the expected complete-data height (Lange 1995), (P,), shortened item by item to the room (P,)
    that its numbers have; 0 holds a number."""
    information = expectation.item_information
    gradient = np.where(room > 0, expectation.gradient, 0)
    item_room = room[:-2].reshape(information.shape[:2])
    free = item_room > 0
    both = free[:, :, None] & free[:, None]
    blocks = np.where(both, information, np.eye(free.shape[1]))
    pull = gradient[:-2].reshape(*free.shape, 1)
    moves = np.linalg.solve(blocks, pull)[:, :, 0]
    excess = np.abs(moves) / np.where(free, item_room, 1)
    moves /= np.maximum(excess, 1).max(axis=1, keepdims=True)
    population = gradient[-2:] / expectation.population_information
    return np.append(moves, population)


def _room(
    expectation: ExpectationStep,
    vector: Floats,
    low: Floats,
    high: Floats,
) -> Floats:
    """How far every number may move in the direction of its gradient, (P,)."""
    towards = np.where(expectation.gradient > 0, high - vector, vector - low)
    return np.minimum(towards, STRIDE)
