"""The week that is played: what it is measured against, what it shows with noise, and what each decision cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from lms.lab.model.bots import RANDOM_WEEKS, random_week
from lms.lab.model.constants import FIT, FORMATS, HOURS, LANGUAGES, PLATFORMS, TOPICS
from lms.lab.model.paid import evenly, well_spent
from lms.lab.model.planner import Room, plan
from lms.lab.model.size import SPRINT, Size
from lms.lab.model.week import EVERYBODY, Post, Posts, alone, freshness, value_of
from lms.lab.model.world import World, draw

NOISE = 0.15  # of shown figures, standard deviation of the logarithm
NO_SUCH = 0.1  # a format that fits less does not exist on that platform
SHARE = 2.0  # hours that each post gets when work is split evenly
TAGS = 1.24  # factor that well-chosen tags give


@dataclass(frozen=True)
class WorldScale:
    """Value of chance and of the reference in one world; clicks a week of a habitual plan and of the reference."""

    low: float
    high: float
    naive_clicks: float
    best_clicks: float
    reference: tuple[Post, ...]

    def score(self, value: float) -> float:
        return (value - self.low) / (self.high - self.low)


@lru_cache(maxsize=128)
def scale(seed: int, size: Size = SPRINT) -> WorldScale:
    """The 0 and 1 of a seed's world."""
    world, random = draw(seed), np.random.default_rng([seed, 13])
    weeks = [evenly(random_week(random, size.posts, SHARE), size.budget) for _ in range(RANDOM_WEEKS)]
    low = float(np.mean([value_of(world, week) for week in weeks]))
    best = well_spent(world, plan(world, room(size)), size.budget)
    habit = [Post(at % 2, 0, at % TOPICS, 0, at * 48 % HOURS + 12, SHARE) for at in range(size.posts)]
    return WorldScale(low, value_of(world, best), clicks(world, habit), clicks(world, best), tuple(best))


def room(size: Size, tags: float = TAGS) -> Room:
    """What a planner may use."""
    return Room(hours=size.hours, posts=size.posts, tags=tags)


def clicks(world: World, week: Sequence[Post]) -> float:
    """Expected visits from the posts of a week."""
    posts = Posts.of(week)
    return float(freshness(posts) @ alone(world, posts).clicks.sum(axis=1))


def week_of(
    posts: Sequence[Mapping[str, str]], slots: Sequence[Mapping[str, str]], tags: float, names: Sequence[int] = ()
) -> list[Post]:
    """Posts of the model from what the forms hold; one that is not whole is left out. names: the brief's name of each
    segment, where a slot may hold money and whom it is for."""
    week = []
    for post, slot in zip(posts, slots, strict=True):
        if all(post.get(name) for name in ("platform", "format", "topic", "language", "effort")) and slot.get("day"):
            hour = int(slot["day"]) * 24 + int(slot["hour"] or 0)
            aim = names.index(int(slot["aim"])) if names and slot.get("aim") else EVERYBODY
            week.append(replace(_post(post, hour, tags), boost=float(slot.get("boost") or 0), aim=aim))
    return week


def _post(post: Mapping[str, str], hour: int, tags: float) -> Post:
    where, form = PLATFORMS.index(post["platform"]), FORMATS.index(post["format"])
    language = LANGUAGES.index(post["language"])
    return Post(where, form, int(post["topic"]), language, hour, float(post["effort"]), tags)


@dataclass(frozen=True)
class ShownFigures:
    """A post's figures as the results page shows them."""

    reach: int
    engagement: int
    clicks: int

    @property
    def rate(self) -> float:
        """Engagement by reach, per cent."""
        return 100 * self.engagement / self.reach if self.reach else 0.0


def results(world: World, week: Sequence[Post]) -> list[ShownFigures]:
    """What the week brought, with the luck of the day; the seed settles it."""
    if not week:
        return []
    posts, random = Posts.of(week), np.random.default_rng([world.seed, 17])
    got, kept = alone(world, posts), freshness(posts)
    shown = []
    for at in range(len(week)):
        reach = max(1, round(float(kept[at] * got.reach[at].sum() * np.exp(random.normal(0, NOISE)))))
        rate = float(got.engagement[at].sum() / got.reach[at].sum())
        engaged = int(random.binomial(reach, min(1.0, rate)))
        visits = round(float(kept[at] * got.clicks[at].sum() * np.exp(random.normal(0, NOISE))))
        shown.append(ShownFigures(reach, engaged, visits))
    return shown


def losses(world: World, week: Sequence[Post]) -> list[dict[str, float]]:
    """For each post and factor the share of its possible value that was lost through the factor alone, 0..1."""
    if not week:
        return []
    kept = freshness(Posts.of(week))
    return [_lost(world, post, float(fresh)) for post, fresh in zip(week, kept, strict=True)]


def _lost(world: World, post: Post, fresh: float) -> dict[str, float]:
    value = value_of(world, [post])
    forms = [at for at in range(len(FORMATS)) if FIT[post.platform, at] >= NO_SUCH]
    tries = {
        "hour": [replace(post, hour=at) for at in range(HOURS)],
        "topic": [replace(post, topic=at) for at in range(TOPICS)],
        "format": [replace(post, format=at) for at in forms],
        "language": [replace(post, language=at) for at in range(len(LANGUAGES))],
        "effort": [replace(post, effort=max(post.effort, SHARE))],
    }
    best = {name: float(alone(world, Posts.of(each)).value.max()) for name, each in tries.items()}
    return {name: max(0.0, 1 - value / high) for name, high in best.items()} | {"fatigue": 1 - fresh}
