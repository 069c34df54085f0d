"""Step 6: a rate computed, a cause found, a claim refused: A1 to A3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lms.lab.model import log, sprint
from lms.lab.model.play import CampaignPlay
from lms.lab.model.played import BriefRules, Scores, first_week
from lms.lab.model.week import Post
from lms.lab.model.world import World

CLEAR = 1.5  # times that the largest loss exceeds the second where a cause is asked
TOLERANCE = 0.1  # percentage points of an engagement rate


@dataclass(frozen=True)
class AnalysisQuestions:
    """What step 6 asks. post: place 0..3 of the post whose rate is asked; rate: in per cent; cause_post: place and
    cause: factor of the loss that is asked for; claims: order in which the four statements stand, the last of the list
    (3) is the unsupported one."""

    post: int
    rate: float
    cause_post: int
    cause: str
    is_clear: bool
    claims: list[int]


def questions(world: World, week: Sequence[Post]) -> AnalysisQuestions:
    """Drawn by the seed; the answers are computed, never stored."""
    random = np.random.default_rng([world.seed, 31])
    shown = sprint.results(world, week)
    lost = sprint.losses(world, week)
    ratios = [_ratio(each) for each in lost]
    at = max(range(len(lost)), key=lambda place: ratios[place])
    post = int(random.integers(len(shown)))
    cause = max(lost[at], key=lambda name: lost[at][name])
    claims = [int(x) for x in random.permutation(4)]
    return AnalysisQuestions(post, shown[post].rate, at, cause, ratios[at] >= CLEAR, claims)


def _ratio(lost: Mapping[str, float]) -> float:
    first, second = sorted(lost.values(), reverse=True)[:2]
    return first / second if second else (CLEAR if first else 0.0)


def scores(world: World, rules: BriefRules, play: CampaignPlay) -> Scores:
    form = play.form(6)
    analysis = questions(world, first_week(world.seed, rules, play))
    rate = log.number(form, "rate")
    claim = log.one(form, "claim", log.indices(4))
    right = bool(claim) and analysis.claims[int(claim)] == 3
    cause = (1.0 if log.one(form, "cause") == analysis.cause else -1 / 5) if analysis.is_clear else None
    return [
        ("A1", float(rate is not None and abs(rate - analysis.rate) <= TOLERANCE)),
        ("A2", cause),
        ("A3", 1.0 if right else -1 / 3),
    ]
