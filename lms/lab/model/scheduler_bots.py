"""Programs that fill the week of W4: in which ways its score cannot be gamed (design 4)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lms.lab.model.calendar import POSTS, SLOTS, Week, band_of, draw
from lms.lab.model.scheduler import best, broken, score

TABLE = {  # mean over the seeds
    "random": -0.79,
    "evenings": -0.05,
    "average_slots": 0.18,
    "careful": 0.86,
    "greedy": 0.96,
    "best": 1.0,
}
BOUNDS = {  # of seeds that are kept
    "average_slots": (-0.5, 0.45),
    "evenings": (-0.9, 0.4),
    "careful": (0.65, 1.0),
    "greedy": (0.85, 1.0),
}
ERROR = 17.0  # percentage points by which a careful reader misreads a cell of the tables


def scores(seed: int) -> dict[str, float]:
    """Score of the hours of every bot in one week."""
    week, random = draw(seed), np.random.default_rng([seed, 405])
    return {name: score(seed, plan)["H"] for name, plan in plans(week, random).items()}


def plans(week: Week, random: np.random.Generator) -> dict[str, list[int]]:
    """Every bot's plan."""
    late = [-week.slots[slot][1] for slot in range(SLOTS)]
    average = np.array([week.activity[:, int(day >= 5), band_of(hour)].mean() for day, hour in week.slots])
    return {
        "random": [int(slot) for slot in random.permutation(SLOTS)[:POSTS]],
        "evenings": _kept(week, [np.argsort(late, kind="stable").tolist()] * POSTS),
        "average_slots": _kept(week, [np.argsort(-average, kind="stable").tolist()] * POSTS),
        "careful": greedy(_misread(week, random)),
        "greedy": greedy(week),
        "best": list(best(week.seed)),
    }


def greedy(week: Week) -> list[int]:
    """Each post in turn, its best slot that is free and breaks nothing."""
    return _kept(week, [np.argsort(-each, kind="stable").tolist() for each in week.values])


def _kept(week: Week, wishes: list[list[int]]) -> list[int]:
    placed: list[int | None] = [None] * POSTS
    for post, wish in enumerate(wishes):
        left = [slot for slot in wish if slot not in placed]
        fine = [slot for slot in left if not broken(week, [*placed[:post], slot, *placed[post + 1 :]])]
        placed[post] = (fine or left)[0]
    return [int(slot or 0) for slot in placed]


def _misread(week: Week, random: np.random.Generator) -> Week:
    noise = random.normal(0, ERROR, week.activity.shape)
    return replace(week, activity=np.clip(np.round(week.activity + noise), 0, 100).astype(np.int64))
