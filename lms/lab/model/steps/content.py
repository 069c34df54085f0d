"""Step 3: how posts fit the people, and how the hours are split over them: C1, C2."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from lms.lab.model import sprint
from lms.lab.model.constants import FIT
from lms.lab.model.play import CampaignPlay
from lms.lab.model.played import BriefRules, Scores, first_week
from lms.lab.model.week import Post, Posts, alone, freshness
from lms.lab.model.world import World


def scores(world: World, rules: BriefRules, play: CampaignPlay) -> Scores:
    week = first_week(world.seed, rules, _with_slots(play))
    return [("C1", float(np.mean([_fit(world, post) for post in week]))), ("C2", _split(world, week))]


def _with_slots(play: CampaignPlay) -> CampaignPlay:
    """The play with a day for each post where step 4 was never reached: fit and work do not depend on it."""
    slots = {f"p{at}_day": [str(2 * at % 7)] for at in range(play.size.posts)}
    slots |= {f"p{at}_hour": ["12"] for at in range(play.size.posts)}
    return replace(play, forms={**play.forms, 4: {**slots, **play.form(4)}})


def _fit(world: World, post: Post) -> float:
    """How well topic, format and language suit the people on this platform, against chance and the best there."""
    weight = world.weight[:, post.platform]
    liking = np.einsum("s,sk,sf,sl->kfl", weight, world.interest, world.taste, world.language)
    liking = liking * FIT[post.platform][None, :, None]
    there = liking[:, FIT[post.platform] >= sprint.NO_SUCH, :]
    got = liking[post.topic, post.format, post.language]
    return float((got - there.mean()) / (there.max() - there.mean()))


def _split(world: World, week: list[Post]) -> float:
    """The split of the hours over the posts, against random splits (0) and the best one of the same hours (1)."""
    posts = Posts.of(week)
    hours = float(posts.effort.sum())
    random = np.random.default_rng([world.seed, 29])
    splits = random.dirichlet([1.0] * len(week), 60) * hours
    best = _best_split(world, posts, hours)
    chance = float(np.mean([_worth(world, posts, split) for split in splits]))
    return (_worth(world, posts, posts.effort) - chance) / (_worth(world, posts, best) - chance)


def _worth(world: World, posts: Posts, efforts: Any) -> float:
    values = replace(posts, effort=np.asarray(efforts))
    return float(freshness(posts) @ alone(world, values).value)


def _best_split(world: World, posts: Posts, hours: float) -> Any:
    """Half an hour after the other to the post that gains most: best, since every post gains less and less."""
    efforts = np.zeros(len(posts.hour))
    for _half in range(round(hours * 2)):
        tries = [efforts + 0.5 * (np.arange(len(efforts)) == at) for at in range(len(efforts))]
        efforts = tries[int(np.argmax([_worth(world, posts, each) for each in tries]))]
    return efforts
