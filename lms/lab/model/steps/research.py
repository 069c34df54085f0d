"""Step 1: what was looked up, who matters when, and where: R1, R2s, R2p."""

from __future__ import annotations

from functools import cache

import numpy as np

from lms.lab.model import informed, log, research
from lms.lab.model import play as reading
from lms.lab.model.constants import FORMATS, HOURS, LANGUAGES, PLATFORMS, TOPICS
from lms.lab.model.log import Form
from lms.lab.model.play import CampaignPlay
from lms.lab.model.played import BriefRules, Scores
from lms.lab.model.ranks import spearman
from lms.lab.model.week import Post, Posts, alone
from lms.lab.model.world import World


def scores(world: World, rules: BriefRules, play: CampaignPlay) -> Scores:
    form = play.form(1)
    names = research.names_of_segments(world.seed)
    best = np.argsort(-research.importance(world), kind="stable")[: reading.CHOSEN].tolist()
    chosen = {names.index(int(at)) for at in log.many(form, "segments", log.indices(4))}
    overlap = len(chosen & set(best)) / len(chosen | set(best))
    chance = 1 / 6 + 4 / 6 / 3
    windows = 0.5 * (overlap - chance) / (1 - chance) + 0.5 * (_windows_hit(world, form) - 1)
    values = platform_values(world)
    ranks = [reading.ranking(form).index(name) for name in PLATFORMS]
    return [
        ("R1", informed.usefulness(play.cards)),
        ("R2s", windows),
        ("R2p", spearman(ranks, [-value for value in values])),
    ]


def _windows_hit(world: World, form: Form) -> int:
    return len(set(best_windows(world)) & set(log.many(form, "windows", reading.WINDOWS)))


def best_windows(world: World) -> list[str]:
    """The two parts of the day in which those who matter are most active."""
    bounds = {"morning": (6, 10), "noon": (10, 14), "afternoon": (14, 18), "evening": (18, 23)}
    hourly = np.einsum("sp,sph->h", world.weight, world.activity).reshape(7, 24).mean(axis=0)
    return sorted(bounds, key=lambda name: -float(hourly[slice(*bounds[name])].mean()))[: reading.CHOSEN]


def platform_values(world: World) -> list[float]:
    """Value of the best post of two hours on each platform."""
    return [float(alone(world, _posts_on(platform)).value.max()) for platform in range(len(PLATFORMS))]


@cache
def _posts_on(platform: int) -> Posts:
    """Every post of two hours there, at every second hour."""
    posts = [
        Post(platform, form, topic, language, hour, 2)
        for form in range(len(FORMATS))
        for topic in range(TOPICS)
        for language in range(len(LANGUAGES))
        for hour in range(0, HOURS, 2)
    ]
    return Posts.of(posts)
