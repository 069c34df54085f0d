"""The score of a run, computed from its log alone: every number of the outcome, none of its words (design 1.5).

0 is chance and 1 a good professional; a single score may be negative and is not clipped, unless it says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lms.lab.model import marks, paid, sprint
from lms.lab.model import play as reading
from lms.lab.model.log import Action
from lms.lab.model.play import CampaignPlay
from lms.lab.model.played import BriefRules, first_week, messages_of, second_week
from lms.lab.model.steps import analysis, content, dialogue, publishing, repetition, research, strategy
from lms.lab.model.steps.analysis import AnalysisQuestions, questions
from lms.lab.model.steps.research import best_windows
from lms.lab.model.week import Post, value_of
from lms.lab.model.world import World, draw

__all__ = [
    "SCORES",
    "AnalysisQuestions",
    "BriefRules",
    "best_windows",
    "first_week",
    "messages_of",
    "outcome",
    "questions",
]

STEPS = (research, strategy, content, publishing, dialogue, analysis, repetition)
SCORES = {  # score -> (step, sub-competency; "" where it is shown to learners only)
    "R1": (1, "analytics.audience"),
    "R2s": (1, "analytics.audience"),
    "R2p": (1, "platforms.selection"),
    "G1": (2, "analytics.goals"),
    "G2": (2, "analytics.goals"),
    "G3": (2, "creativity.concept"),
    "G4": (2, "time_management.workflow"),
    "C1": (3, "content.quality"),
    "C2": (3, "content.quality"),
    "P1": (4, "time_management.scheduling"),
    "P2": (4, ""),  # four posts a week tire hardly anybody: of a sprint it says too little
    "P3": (4, "platforms.discoverability"),
    "P4": (4, "platforms.formats_rules"),
    "I": (5, "communication.dialogue"),
    "A1": (6, "analytics.metrics"),
    "A2": (6, "analytics.insight"),
    "A3": (6, "analytics.insight"),
    "N1": (7, "analytics.insight"),
    "N2": (7, "analytics.insight"),
    "N3": (7, "creativity.trends"),
}


def outcome(
    seed: int, rules: BriefRules, actions: Iterable[Action], form: type[CampaignPlay] = CampaignPlay
) -> dict[str, Any]:
    """Everything that the outcome says, as JSON takes it. form: of the sprint or of the long campaign."""
    play, world = form.replay(actions), draw(seed)
    done = STEPS[: play.step - 1]
    scores = {name: score for step in done for name, score in step.scores(world, rules, play)}
    first, second = first_week(seed, rules, play), second_week(seed, rules, play)
    measure = sprint.scale(seed, play.size)
    weeks = [week if len(week) >= play.size.least else [] for week in (first, second)]
    values = [value_of(world, weeks[0]), value_of(world, weeks[1], dialogue.felt(seed, rules, play))]
    plans = [measure.score(value) if week else None for value, week in zip(values, weeks, strict=True)]
    outcome = {
        "model": play.size.version,
        "scores": scores,
        "steps": marks.steps(scores, SCORES),
        "plans": plans,
        "losses": sprint.losses(world, weeks[0]) if play.step >= reading.LAUNCHED else [],
        "mood": dialogue.mood(seed, rules, play) if play.step > 5 else None,
        "units": marks.units(scores, SCORES) if play.size.is_evidence else {},
    }
    if play.size.budget and outcome["losses"]:
        outcome["paid"] = money(world, weeks[0])
    return dict(marks.rounded(outcome))


def money(world: World, week: list[Post]) -> dict[str, float]:
    """spent: drams; gain: share of the week's value that they brought; best: share that the same drams could have
    brought."""
    total, bare = paid.spent(week), value_of(world, paid.unpaid(week))
    best = value_of(world, paid.well_spent(world, week, total))
    return {"spent": total, "gain": value_of(world, week) / bare - 1, "best": best / bare - 1}
