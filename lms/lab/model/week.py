"""What a week of posts brings, as expected values: decisions are scored, luck is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lms.lab.model.constants import ALPHA, CPM, CTR, FATIGUE, FIT, RHO, SEGMENTS, TAU
from lms.lab.model.world import World
from lms.psychometrics.arrays import Floats, Ints
from lms.psychometrics.special import logistic

MEMORY = 36  # hours in which people forget half of a post
EVERYBODY = -1  # aim of paid reach at no segment above the others
AIMED = 0.85  # share of the paid views that go to the segment aimed at
HEEDED = 0.25  # of people who are shown something unasked, those who look at it as at what they follow


@dataclass(frozen=True)
class Post:
    """Indices of the model's names; hour: 0..167 of the week; effort: hours of work; tags: factor 0.8..1.25; boost:
    drams behind it; aim: segment that they are to reach, or `EVERYBODY`."""

    platform: int
    format: int
    topic: int
    language: int
    hour: int
    effort: float
    tags: float = 1.0
    boost: float = 0.0
    aim: int = EVERYBODY


@dataclass(frozen=True)
class Posts:
    """Many posts as arrays of shape (n,)."""

    platform: Ints
    format: Ints
    topic: Ints
    language: Ints
    hour: Ints
    effort: Floats
    tags: Floats
    boost: Floats
    aim: Ints

    @classmethod
    def of(cls, posts: Sequence[Post]) -> Posts:

        def whole(name: str) -> Ints:
            return np.array([getattr(post, name) for post in posts], np.int64)

        def real(name: str) -> Floats:
            return np.array([getattr(post, name) for post in posts], float)

        places = (whole("platform"), whole("format"), whole("topic"), whole("language"), whole("hour"))
        return cls(*places, real("effort"), real("tags"), real("boost"), whole("aim"))


@dataclass(frozen=True)
class Yield:
    """Of each post on its own, before fatigue: reach, engagement, clicks, conversions (n, S), value (n,)."""

    reach: Floats
    engagement: Floats
    clicks: Floats
    conversions: Floats
    value: Floats


def alone(world: World, posts: Posts, mood: float = 0.0) -> Yield:
    """What every post would bring to people who have seen no other. mood: -1..1, of the comments so far."""
    topic = world.interest[:, posts.topic].T
    shape = world.taste[:, posts.format].T * FIT[posts.platform, posts.format][:, None]
    tongue = world.language[:, posts.language].T
    craft = (1 - np.exp(-posts.effort / TAU[posts.format]))[:, None]
    there = world.audience[:, posts.platform, posts.hour].T
    reach = world.people[:, posts.platform].T * (RHO[posts.platform] * posts.tags)[:, None] * there
    reach = reach * (0.35 + 0.65 * topic) * (0.4 + 0.6 * shape) * (0.5 + 0.5 * craft) * (0.5 + 0.5 * tongue)
    reach = reach + _paid(world, posts)
    logit = ALPHA[posts.platform][:, None] + 2.2 * (topic - 0.5) + 1.6 * (shape - 0.5) + 1.4 * (craft - 0.5)
    engagement = reach * logistic(logit + 1.2 * (tongue - 0.5) + 0.8 * mood)
    clicks = reach * CTR[posts.platform][:, None] * (0.3 + 1.4 * topic) * (0.4 + 0.6 * craft)
    conversions = clicks * world.conversion * (0.6 + 0.2 * (1 + mood))
    value = 1000 * conversions @ world.worth + 0.02 * engagement @ world.worth
    return Yield(reach, engagement, clicks, conversions, value)


def _paid(world: World, posts: Posts) -> Floats:
    """(n, S): people who look at a post because it was paid for; those of a segment run out (design 1.3)."""
    if not posts.boost.any():
        return np.zeros((len(posts.boost), SEGMENTS))
    people = world.people[:, posts.platform].T
    aimed = np.where(np.arange(SEGMENTS) == posts.aim[:, None], AIMED, (1 - AIMED) / (SEGMENTS - 1))
    match = np.where(posts.aim[:, None] == EVERYBODY, people / people.sum(axis=1, keepdims=True), aimed)
    views = 1000 * posts.boost / CPM[posts.platform]
    return np.asarray(HEEDED * people * (1 - np.exp(-views[:, None] * match / people)))


def memories(earlier: Posts, later: Posts) -> Floats:
    """(n, m): how much of each earlier post people still have in mind when each later one comes, 0 where it is not
    later or on another platform; a post of the same hour counts as earlier, see `freshness`."""
    gap = later.hour[None, :] - earlier.hour[:, None]
    alike = 1 + 0.5 * (earlier.topic[:, None] == later.topic) + 0.25 * (earlier.format[:, None] == later.format)
    met = (gap >= 0) & (earlier.platform[:, None] == later.platform)
    return np.asarray(np.where(met, 0.5 ** (np.maximum(gap, 0) / MEMORY) * alike, 0.0))


def freshness(posts: Posts) -> Floats:
    """(n,): share of its reach that each post keeps after the ones before it; of one hour the first in the list is
    first."""
    weights = memories(posts, posts)
    order = np.arange(len(posts.hour))
    tied = (posts.hour[:, None] == posts.hour) & (order[:, None] >= order)
    return tired(np.where(tied, 0.0, weights).sum(axis=0), posts.platform)


def tired(memory: Floats, platform: Ints) -> Floats:
    """Share of reach that is left where so much is still in mind."""
    return np.asarray(1 / (1 + (memory / FATIGUE[platform]) ** 2))


def value_of(world: World, posts: Sequence[Post], mood: float = 0.0) -> float:
    """What the week is worth for the brief's goal."""
    if not posts:
        return 0.0
    columns = Posts.of(posts)
    return float(freshness(columns) @ alone(world, columns, mood).value)
