"""Paid reach (design 1.3): what drams behind a post bring, and the best use of a budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lms.lab.model.constants import SEGMENTS
from lms.lab.model.week import EVERYBODY, Post, value_of
from lms.lab.model.world import World

STEP = 1_000  # drams, the smallest amount
AMOUNTS = (0, 1_000, 2_000, 3_000, 4_000, 6_000)  # that a page offers


def spent(week: Sequence[Post]) -> float:
    return sum(post.boost for post in week)


def unpaid(week: Sequence[Post]) -> list[Post]:
    return [replace(post, boost=0.0, aim=EVERYBODY) for post in week]


def evenly(week: Sequence[Post], budget: float) -> list[Post]:
    """The budget without a thought: as much behind every post, for everybody."""
    return [replace(post, boost=budget / len(week)) for post in week]


def well_spent(believed: World, week: Sequence[Post], budget: float, step: float = STEP) -> list[Post]:
    """One amount after the other where it brings most, each post for one group or for everybody."""
    chosen = unpaid(week)
    for _amount in range(int(budget // step) if week else 0):
        tries = [
            [*chosen[:at], replace(post, boost=post.boost + step, aim=aim), *chosen[at + 1 :]]
            for at, post in enumerate(chosen)
            for aim in ([post.aim] if post.boost else range(EVERYBODY, SEGMENTS))
        ]
        chosen = tries[int(np.argmax([value_of(believed, each) for each in tries]))]
    return chosen
