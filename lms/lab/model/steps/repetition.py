"""Step 7: the next week against the first: N1 to N3."""

from __future__ import annotations

import numpy as np

from lms.lab.model import log, sprint
from lms.lab.model.play import CampaignPlay
from lms.lab.model.played import BriefRules, Scores, first_week, second_week
from lms.lab.model.steps.analysis import questions
from lms.lab.model.steps.dialogue import felt
from lms.lab.model.week import Post, value_of
from lms.lab.model.world import World


def scores(world: World, rules: BriefRules, play: CampaignPlay) -> Scores:
    first, second = first_week(world.seed, rules, play), second_week(world.seed, rules, play)
    measure = sprint.scale(world.seed, play.size)
    mood = felt(world.seed, rules, play)
    before, after = measure.score(value_of(world, first)), measure.score(value_of(world, second, mood))
    better = after if before >= 0.8 else float(np.clip((after - before) / (1.1 - before), -1, 1))
    cause = questions(world, first).cause
    tested = log.one(play.form(7), "tested")
    return [("N1", better), ("N2", _consequence(first, second, cause)), ("N3", _testable(second, tested))]


def changed(first: Post, second: Post) -> set[str]:
    """Factors in which two posts differ; the platform counts as one of its own, the day as part of the hour."""
    names = ("platform", "format", "topic", "language", "hour", "effort", "boost", "aim")
    return {name for name in names if getattr(first, name) != getattr(second, name)}


def _consequence(first: list[Post], second: list[Post], cause: str) -> float:
    changes: set[str] = set().union(*(changed(*pair) for pair in zip(first, second, strict=False)))
    acted = {"hour", "platform"} if cause == "fatigue" else {cause}
    return 1.0 if changes & acted else 0.0 if changes else -0.5


def _testable(second: list[Post], tested: str) -> float:
    """A pair of next week's posts that differ in the declared factor alone (their days may differ) makes a test."""
    if tested in ("", "none"):
        return 0.0
    pairs = [(a, b) for at, a in enumerate(second) for b in second[at + 1 :]]
    return 1.0 if any(_differs_in(a, b) == {tested} for a, b in pairs) else 0.3


def _differs_in(first: Post, second: Post) -> set[str]:
    changes = changed(first, second) - {"hour"}
    return changes | ({"hour"} if first.hour % 24 != second.hour % 24 else set())
