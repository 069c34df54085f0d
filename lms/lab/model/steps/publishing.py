"""Step 4: hours, rest between posts, tags and the platforms' rules: P1 to P4."""

from __future__ import annotations

import numpy as np

from lms.lab.model import play as reading
from lms.lab.model import sprint
from lms.lab.model.constants import FIT, FORMATS, PLATFORMS
from lms.lab.model.play import CampaignPlay
from lms.lab.model.played import BriefRules, Scores, first_week, tags_of
from lms.lab.model.week import Post, Posts, freshness
from lms.lab.model.world import World


def scores(world: World, rules: BriefRules, play: CampaignPlay) -> Scores:
    week = first_week(world.seed, rules, play)
    right, wrong = tags_of(world.seed, rules, play.form(4))
    f1 = 2 * right / (right + wrong + 4) if right else 0.0
    everything = 2 * 4 / (8 + 4)
    return [
        ("P1", float(np.mean([_hour(world, post) for post in week]))),
        ("P2", float(np.clip((freshness(Posts.of(week)).mean() - 0.5) / 0.5, 0, 1))),
        ("P3", (f1 - everything) / (1 - everything)),
        ("P4", max(-1.0, 1 - 0.34 * len(broken(world.seed, rules, play)))),
    ]


def _hour(world: World, post: Post) -> float:
    met = world.weight[:, post.platform] @ world.audience[:, post.platform]
    return float((met[post.hour] - met.mean()) / (met.max() - met.mean()))


def broken(seed: int, rules: BriefRules, play: CampaignPlay) -> list[str]:
    """Rules that the week breaks: "tags", "format 2", "style 2" (of post 2)."""
    broken_rules = ["tags"] if sum(tags_of(seed, rules, play.form(4))) > reading.TAG_LIMIT else []
    posts = reading.posts(play.form(3), reading.POST_FIELDS, play.size.posts)
    for at, post in [(at, post) for at, post in enumerate(posts, 1) if all(post.values())]:
        if FIT[PLATFORMS.index(post["platform"]), FORMATS.index(post["format"])] < sprint.NO_SUCH:
            broken_rules.append(f"format {at}")
        if post["style"] not in rules.styles:
            broken_rules.append(f"style {at}")
    return broken_rules
