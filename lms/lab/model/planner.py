"""A planner that builds a week from what it believes about the people: with the truth it is the reference."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from lms.lab.model.constants import FIT, FORMATS, LANGUAGES, PLATFORMS, TOPICS
from lms.lab.model.week import Post, Posts, alone, memories, tired
from lms.lab.model.world import World
from lms.psychometrics.arrays import Floats

SLOTS, APART, POOL = 10, 6, 220  # best hours of a platform, hours between them, posts worth a thought


@dataclass(frozen=True)
class Room:
    """What a week has room for: hours of work, posts, the factor that well-chosen tags give, efforts in hours."""

    hours: float = 20
    posts: int = 14
    tags: float = 1.25
    efforts: tuple[float, ...] = (1, 2, 3)


def plan(believed: World, room: Room) -> list[Post]:
    """Add the post that brings most for its work, until hours, posts or gains end."""
    pool = _pool(believed, room)
    arrays, worth = Posts.of(pool), alone(believed, Posts.of(pool)).value
    chosen: list[Post] = []
    value, left = 0.0, room.hours
    while len(chosen) < room.posts:
        totals = _with_each(believed, chosen, arrays, worth)
        gains = np.where(arrays.effort <= left, (totals - value) / arrays.effort**0.7, -np.inf)
        best = int(np.argmax(gains))
        if not np.isfinite(gains[best]) or totals[best] <= value * 1.0005:
            break
        chosen.append(pool[best])
        value, left = float(totals[best]), left - pool[best].effort
    return chosen


def _with_each(believed: World, chosen: list[Post], pool: Posts, worth: Floats) -> Floats:
    """Value of the week with each post of the pool added."""
    if not chosen:
        return worth
    there = Posts.of(chosen)
    base = alone(believed, there).value
    before = _memory_of(there)
    after = memories(pool, there) * (pool.hour[:, None] != there.hour)  # of one hour the added one comes second
    kept = tired(before + after, there.platform)
    tired_of = tired(memories(there, pool).sum(axis=0), pool.platform)
    return np.asarray(kept @ base + tired_of * worth)


def _memory_of(there: Posts) -> Floats:
    weights = memories(there, there)
    order = np.arange(len(there.hour))
    tied = (there.hour[:, None] == there.hour) & (order[:, None] >= order)
    return np.asarray(np.where(tied, 0.0, weights).sum(axis=0))


def _pool(believed: World, room: Room) -> list[Post]:
    hours = [best_hours(believed, platform) for platform in range(len(PLATFORMS))]
    every = [
        Post(platform, form, topic, language, hour, effort, room.tags)
        for platform in range(len(PLATFORMS))
        for form in range(len(FORMATS))
        if FIT[platform, form] >= 0.3
        for topic in range(TOPICS)
        for language in range(len(LANGUAGES))
        for effort in room.efforts
        for hour in hours[platform]
    ]
    arrays = Posts.of(every)
    gain = alone(believed, arrays).value / arrays.effort**0.7
    return [every[at] for at in np.argsort(-gain, kind="stable")[:POOL]]


def best_hours(believed: World, platform: int) -> list[int]:
    """Hours of the week at which a post there meets most, some hours apart, best first."""
    met = ((believed.worth * believed.people[:, platform])[:, None] * believed.audience[:, platform]).sum(axis=0)
    hours: list[int] = []
    for hour in np.argsort(-met, kind="stable").tolist():
        if all(abs(hour - other) >= APART for other in hours):
            hours.append(hour)
        if len(hours) == SLOTS:
            break
    return hours


def misjudged(world: World, error: float, random: np.random.Generator) -> World:
    """What somebody believes whose ideas of these people are off by `error` (standard deviation)."""

    def off(true: Floats) -> Floats:
        return np.clip(true + random.normal(0, error, true.shape), 0.02, 1)

    return replace(
        world,
        interest=off(world.interest),
        taste=off(world.taste),
        language=off(world.language),
        people=world.people * np.exp(random.normal(0, error * 1.5, world.people.shape)),
        audience=off(world.audience),
    )
