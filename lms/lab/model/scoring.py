"""The score of a run, computed from its log alone: every number of the outcome, none of its words (design 1.5).

0 is chance and 1 a good professional; a single score may be negative and is not clipped, unless it says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from lms.lab.model import play as reading
from lms.lab.model import sprint
from lms.lab.model.constants import VERSION
from lms.lab.model.play import Action
from lms.lab.model.played import Rules, first_week, messages_of, second_week
from lms.lab.model.steps import analysis, content, dialogue, publishing, repetition, research, strategy
from lms.lab.model.steps.analysis import Questions, questions
from lms.lab.model.steps.research import best_windows
from lms.lab.model.week import value_of
from lms.lab.model.world import draw

__all__ = [
    "CUTS",
    "SCORES",
    "Questions",
    "Rules",
    "best_windows",
    "canonical",
    "first_week",
    "messages_of",
    "outcome",
    "questions",
    "units",
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
CUTS = (0.25, 0.5, 0.75)  # of a unit's score: categories 0..3
DIGITS = 6  # of stored numbers: enough to recompute them on every machine


def outcome(seed: int, rules: Rules, actions: Iterable[Action]) -> dict[str, Any]:
    """Everything that the outcome says, as JSON takes it."""
    play, world = reading.replay(actions), draw(seed)
    done = STEPS[: play.step - 1]
    scores = {name: score for step in done for name, score in step.scores(world, rules, play)}
    first, second = first_week(seed, rules, play), second_week(seed, rules, play)
    measure = sprint.scale(seed)
    weeks = [week if len(week) == reading.POSTS else [] for week in (first, second)]
    found = {
        "model": VERSION,
        "scores": scores,
        "steps": {str(step): _mean(scores, step) for step in range(1, len(done) + 1)},
        "plans": [measure.score(value_of(world, week)) if week else None for week in weeks],
        "losses": sprint.losses(world, weeks[0]) if play.step >= reading.LAUNCHED else [],
        "mood": dialogue.mood(seed, rules, play) if play.step > 5 else None,
        "units": units(scores),
    }
    return dict(_rounded(found))


def canonical(found: Mapping[str, Any]) -> str:
    """The outcome as it is stored: the same text for the same log, byte for byte."""
    return json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def units(scores: Mapping[str, float | None]) -> dict[str, int]:
    """Category 0..3 of each sub-competency, from the mean of its scores."""
    by_sub: dict[str, list[float]] = {}
    for name, score in scores.items():
        if score is not None and SCORES[name][1]:
            by_sub.setdefault(SCORES[name][1], []).append(score)
    return {sub: sum(float(np.mean(each)) >= cut for cut in CUTS) for sub, each in sorted(by_sub.items())}


def _mean(scores: Mapping[str, float | None], step: int) -> float:
    return float(np.mean([x for name, x in scores.items() if x is not None and SCORES[name][0] == step]))


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    return round(float(value), DIGITS) + 0.0 if isinstance(value, float) else value
