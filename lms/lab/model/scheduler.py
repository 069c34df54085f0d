"""W4 Post scheduler: six posts into a week's fourteen free slots, by who is online when and by what is not to be broken
(design 4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from lms.lab.model import log, marks
from lms.lab.model.assignment import assigned
from lms.lab.model.calendar import POSTS, SLOTS, Week, draw
from lms.lab.model.log import Action, Form

VERSION = "w4-1"
SEEDS = (  # of 0..59 those that passed the screening (`flask lab screen --task scheduler`)
    *(0, 2, 3, 5, 6, 8, 13, 14, 16, 17, 18, 21, 22, 23, 25, 28, 29, 30, 34, 36, 39, 42, 43, 44, 46, 47, 49, 51, 52, 53),
    *(56, 57, 58, 59),
)
FINE = 0.2  # of the score, for each constraint that is broken
SCORES: marks.Places = {"H": (1, "time_management.scheduling"), "K": (1, "time_management.planning")}


Placed = Sequence[int | None]  # slot of each post


def broken(week: Week, placed: Placed) -> list[tuple[str, int]]:
    """(constraint, post) for each that is broken; of two posts that stand too near the later one breaks it."""
    broken_rules = [
        (name, at)
        for at, slot in enumerate(placed)
        if slot is not None
        for name in week.broken_alone(week.posts[at], slot)
    ]
    return broken_rules + [("gap", later) for later in range(POSTS) if _follows_too_soon(week, placed, later)]


def _follows_too_soon(week: Week, placed: Placed, later: int) -> bool:
    slot = placed[later]
    return slot is not None and any(
        before is not None
        and before < slot
        and week.posts[at].platform == week.posts[later].platform
        and week.too_near(before, slot)
        for at, before in enumerate(placed)
    )


def value(week: Week, placed: Placed) -> float:
    """Sum over the posts; one that breaks something brings nothing."""
    spoilt = {post for _name, post in broken(week, placed)}
    met = week.values
    return float(sum(met[at, slot] for at, slot in enumerate(placed) if slot is not None and at not in spoilt))


@lru_cache(maxsize=64)
def best(seed: int) -> tuple[int, ...]:
    """The best plan without a broken constraint, by assignment; posts that stand too near are forbidden one by one."""
    week = draw(seed)
    free = np.array([[week.allowed(post, slot) for slot in range(SLOTS)] for post in week.posts])
    return max(_plans(week, free), key=lambda plan: value(week, plan))


def _plans(week: Week, free: npt.NDArray[np.bool_]) -> list[tuple[int, ...]]:
    plan = tuple(assigned(np.where(free, -week.values, 10.0)))
    near = [(at, slot) for at, slot in enumerate(plan) if _follows_too_soon(week, plan, at)]
    if not near:
        return [plan]
    later, slot = near[0]
    first = next(
        at
        for at in range(POSTS)
        if at != later and week.posts[at].platform == week.posts[later].platform and week.too_near(plan[at], slot)
    )
    return [other for at in (first, later) for other in _plans(week, _without(free, at, plan[at]))]


def _without(free: npt.NDArray[np.bool_], post: int, slot: int) -> npt.NDArray[np.bool_]:
    left = free.copy()
    left[post, slot] = False
    return left


@dataclass(frozen=True)
class PlanScale:
    """Value of chance among plans that break nothing, and of the best one; broken: mean of plans without a thought."""

    low: float
    high: float
    broken: float


RANDOM_PLANS = 300


@lru_cache(maxsize=64)
def scale(seed: int) -> PlanScale:
    week, random = draw(seed), np.random.default_rng([seed, 403])
    plans = [tuple(int(slot) for slot in random.permutation(SLOTS)[:POSTS]) for _ in range(RANDOM_PLANS)]
    faults = [len(broken(week, plan)) for plan in plans]
    kept = [value(week, plan) for plan, count in zip(plans, faults, strict=True) if not count]
    careless = [value(week, _moved(week, plan)) for plan in plans] if len(kept) < 5 else kept
    return PlanScale(float(np.mean(careless)), value(week, best(seed)), max(1.0, float(np.mean(faults))))


def _moved(week: Week, plan: tuple[int, ...]) -> list[int | None]:
    """Without what breaks something, for weeks in which hardly any random plan is free of it."""
    spoilt = {post for _name, post in broken(week, plan)}
    return [None if at in spoilt else slot for at, slot in enumerate(plan)]


def score(seed: int, placed: Placed) -> dict[str, float]:
    """H: how well the hours suit the readers, less the fine; K: constraints kept, 0 as many broken as by chance."""
    week, measure = draw(seed), scale(seed)
    faults = len(broken(week, placed))
    hours = (value(week, placed) - measure.low) / (measure.high - measure.low) - FINE * faults
    return {"H": hours, "K": 1 - faults / measure.broken}


class SchedulerPlay(log.Play):
    """One step: every post has a slot of its own."""

    LAST: ClassVar[int] = 1

    def missing(self, step: int, form: Form) -> list[str]:
        placed = placed_in(form)
        missing = [f"slot {at + 1}" for at, slot in enumerate(placed) if slot is None]
        chosen = [slot for slot in placed if slot is not None]
        return missing + ([] if len(set(chosen)) == len(chosen) else ["twice"])


def placed_in(form: Form) -> list[int | None]:
    """Slot of each post as the form holds it. "put" sets the slot of the post that "post" names, and whoever stood
    there steps out."""
    slots = [log.one(form, f"slot_{at}", log.indices(SLOTS)) for at in range(POSTS)]
    placed = [int(slot) if slot else None for slot in slots]
    put, post = log.one(form, "put", log.indices(SLOTS)), chosen_post(form)
    if put and post is not None:
        placed = [None if slot == int(put) else slot for slot in placed]
        placed[post] = int(put)
    return placed


def chosen_post(form: Form) -> int | None:
    """The post that is being placed."""
    post = log.one(form, "post", log.indices(POSTS))
    return int(post) if post else None


def outcome(seed: int, actions: Iterable[Action]) -> dict[str, Any]:
    """losses: of each post, share of its possible readers that its slot lost; broken: (constraint, post)."""
    play = SchedulerPlay.replay(actions)
    if not play.is_whole(1):
        return marks.outcome(VERSION, {}, SCORES, losses=[], broken=[])
    placed, week = placed_in(play.form(1)), draw(seed)
    faults = [[name, post] for name, post in broken(week, placed)]
    return marks.outcome(VERSION, score(seed, placed), SCORES, losses=losses(week, placed), broken=faults)


def losses(week: Week, placed: Placed) -> list[float]:
    met = week.values
    return [max(0.0, 1 - float(met[at, slot]) / _most(week, at)) for at, slot in enumerate(placed) if slot is not None]


def _most(week: Week, at: int) -> float:
    """The best that the post could have met without breaking anything."""
    return float(max(week.values[at, slot] for slot in range(SLOTS) if week.allowed(week.posts[at], slot)))
