"""Two sprints by one simulated person: how far a single one stands for that person. Programs and not people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lms.lab.model import sprint
from lms.lab.model.planner import misjudged, plan
from lms.lab.model.size import SPRINT
from lms.lab.model.week import value_of
from lms.lab.model.world import draw
from lms.psychometrics.raters import icc

CARE = (0.08, 0.6)  # standard deviation of what a person misjudges: from an expert to a vague idea and beyond
TAGS = (1.0, 1.24)  # factor that their tags give: careless people's give none
LUCK = 2  # one sprint and the next one


@dataclass(frozen=True)
class Reliability:
    """people: how many; correlation: of the two plan scores; single, both: intraclass correlation (2,1) of one sprint
    and (2,2) of the mean of two; mean, sd: of all plan scores."""

    people: int
    correlation: float
    single: float
    both: float
    mean: float
    sd: float


def play_twice(people: int, seeds: Sequence[int], chance: int = 1) -> Reliability:
    """Each person meets two worlds of their own with one and the same care."""
    random = np.random.default_rng(chance)
    scores = np.array([_twice(random, seeds) for _ in range(people)])
    coefficient = icc(scores)
    return Reliability(
        people,
        float(np.corrcoef(scores.T)[0, 1]),
        float(coefficient[0][1]),
        float(coefficient[1][1]),
        float(scores.mean()),
        float(scores.std()),
    )


def _twice(random: np.random.Generator, seeds: Sequence[int]) -> list[float]:
    share = random.random()
    met = random.choice(seeds, size=LUCK, replace=False)
    return [
        _score(int(seed), CARE[0] + share * (CARE[1] - CARE[0]), TAGS[1] - share * (TAGS[1] - TAGS[0]), random)
        for seed in met
    ]


def _score(seed: int, error: float, tags: float, random: np.random.Generator) -> float:
    world = draw(seed)
    week = plan(misjudged(world, error, random), sprint.room(SPRINT, tags))
    return sprint.scale(seed).score(value_of(world, week))
