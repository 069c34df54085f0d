"""The score of a run, computed from its log alone: every number of the outcome, none of its words (design 1.5).

0 is chance and 1 a good professional; a single score may be negative and is not clipped, unless it says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lms.lab.model import marks, sprint
from lms.lab.model import play as reading
from lms.lab.model.constants import VERSION
from lms.lab.model.log import Action
from lms.lab.model.play import Play
from lms.lab.model.played import Rules, first_week, messages_of, second_week
from lms.lab.model.steps import analysis, content, dialogue, publishing, repetition, research, strategy
from lms.lab.model.steps.analysis import Questions, questions
from lms.lab.model.steps.research import best_windows
from lms.lab.model.week import value_of
from lms.lab.model.world import draw

__all__ = [
    "SCORES",
    "Questions",
    "Rules",
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


def outcome(seed: int, rules: Rules, actions: Iterable[Action]) -> dict[str, Any]:
    """Everything that the outcome says, as JSON takes it."""
    play, world = Play.replay(actions), draw(seed)
    done = STEPS[: play.step - 1]
    scores = {name: score for step in done for name, score in step.scores(world, rules, play)}
    first, second = first_week(seed, rules, play), second_week(seed, rules, play)
    measure = sprint.scale(seed)
    weeks = [week if len(week) == reading.POSTS else [] for week in (first, second)]
    found = {
        "model": VERSION,
        "scores": scores,
        "steps": marks.steps(scores, SCORES),
        "plans": [measure.score(value_of(world, week)) if week else None for week in weeks],
        "losses": sprint.losses(world, weeks[0]) if play.step >= reading.LAUNCHED else [],
        "mood": dialogue.mood(seed, rules, play) if play.step > 5 else None,
        "units": marks.units(scores, SCORES),
    }
    return dict(marks.rounded(found))
