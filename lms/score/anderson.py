"""Anderson mixing of a fixed-point map that climbs an objective, such as EM."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lms.score.model import Floats

MEMORY = 6


@dataclass(frozen=True)
class Step:
    """Where the map leads from a vector, the objective at that vector, the scale (1 / standard error) of entries."""

    vector: Floats
    value: float
    scale: Floats


@dataclass(frozen=True)
class Run:
    """The last vector, the number of steps taken and the largest scaled change of the last one."""

    vector: Floats
    steps: int
    change: float


def accelerate(climb: Callable[[Floats], Step], vector: Floats, tolerance: float, most: int) -> Run:
    """Repeat `climb` until its scaled change is below tolerance (Walker & Ni 2011). A mixed vector that loses height is
    dropped for the plain step before it, so that the objective never really falls."""
    images: list[Floats] = []
    residuals: list[Floats] = []
    plain, height, change = vector, -np.inf, np.inf
    for count in range(1, most + 1):
        step = climb(vector)
        if step.value < height - 1e-6 * abs(height):
            vector, height, images, residuals = plain, -np.inf, [], []
            continue
        plain, height = step.vector, step.value
        change = float(np.abs((plain - vector) * step.scale).max(initial=0.0))
        if change < tolerance:
            return Run(plain, count, change)
        images, residuals = [*images[-MEMORY:], plain], [*residuals[-MEMORY:], plain - vector]
        vector = _mix(images, residuals, step.scale)
    return Run(plain, most, change)


def _mix(images: list[Floats], residuals: list[Floats], scale: Floats) -> Floats:
    """The combination of past images whose scaled residuals nearly cancel."""
    if len(images) < 2:
        return images[-1]
    slopes = np.diff(residuals, axis=0).T * scale[:, None]
    mixture = np.linalg.lstsq(slopes, residuals[-1] * scale, rcond=1e-10)[0]
    return np.asarray(images[-1] - np.diff(images, axis=0).T @ mixture)
