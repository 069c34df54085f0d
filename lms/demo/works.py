"""Work samples in the demo: the trainee's own run of the Campaign Lab, and shorter tasks of everybody, played by the
bots whose care suits the learner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lms.demo.people import Learner
from lms.identity.models import Person
from lms.lab import runs
from lms.lab.model import calendar, desk_bots, desk_questions, scheduler_bots
from lms.lab.model.constants import PLATFORMS
from lms.lab.model.log import Action, Form
from lms.lab.tasks import CAMPAIGN, TASKS

PLAYER = "ani"  # who has played the Campaign Lab
BRIEF = "tonir"
LEAST = 4  # modules after which somebody tries a task
POSTS = {
    "platform": ("instagram", "facebook", "telegram", "instagram"),
    "format": ("carousel", "photo", "poll", "short_video"),
    "topic": ("2", "0", "1", "3"),
    "language": ("hy", "hy", "hy", "ru"),
    "effort": ("2.5", "1.5", "1", "3"),
}
SLOTS = {"day": ("0", "2", "3", "4"), "hour": ("8", "9", "13", "19")}


def play(person: Person, learner: Learner, number: int) -> None:
    """What the learner has played by now; the room's clock says when."""
    if learner.mailbox == PLAYER:
        _send(person, CAMPAIGN, number, _campaign(), BRIEF)
    if learner.modules >= LEAST:
        name = "metrics_desk" if number % 2 else "scheduler"
        seed = TASKS[name].seeds[number]
        _send(person, name, number, _answers(seed, learner) if number % 2 else _week(seed, learner))


def _send(person: Person, name: str, number: int, actions: Sequence[Action], brief: str = "") -> None:
    task = TASKS[name]
    run = runs.start(person, task, task.seeds[number], person.language, brief=brief)
    for base, action in enumerate(actions):
        runs.take(run, runs.Sent(action, f"demo-{run.id}-{base:04}", base))


def _week(seed: int, learner: Learner) -> list[Action]:
    plans = scheduler_bots.plans(calendar.draw(seed), np.random.default_rng(seed))
    plan = plans["careful" if learner.ability("time_management") > 0 else "average_slots"]
    return [Action("next", 1, {f"slot_{at}": [str(slot)] for at, slot in enumerate(plan)})]


def _answers(seed: int, learner: Learner) -> list[Action]:
    questions = desk_questions.ask(seed)
    bots = desk_bots.answers(questions, np.random.default_rng(seed))
    return desk_bots.log_of(bots["careful" if learner.ability("analytics") > 0 else "habits"])


def _campaign() -> list[Action]:
    """Two cards bought and every step ended."""
    bought = [Action("buy", 1, {"card": [card]}) for card in ("interviews", "heatmap")]
    return bought + [Action("next", step, form) for step, form in _forms().items()]


def _forms() -> dict[int, Form]:
    posts, slots = _fields(POSTS), _fields(SLOTS)
    hours = {"research": "3", "content": "8", "publishing": "2", "dialogue": "4", "analysis": "2"}
    ranks = {f"rank_{name}": [str(at)] for at, name in enumerate(PLATFORMS, 1)}
    return {
        1: ranks | {"segments": ["0", "1"], "windows": ["morning", "evening"]},
        2: {"kpi": ["visits"], "target": ["40"], "pillars": ["0", "2", "3"]}
        | {f"hours_{name}": [value] for name, value in hours.items()},
        3: posts | {f"p{at}_style": ["calm"] for at in range(4)},
        4: slots | {"tags": ["0", "2", "5"]},
        5: {f"reply_{at}": [str(at % 3)] for at in range(5)} | {"first": ["2"]},
        6: {"rate": ["4,1"], "cause": ["hour"], "claim": ["1"]},
        7: posts | slots | {"p1_hour": ["18"], "tested": ["hour"]},
    }


def _fields(values: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {f"p{at}_{name}": [each[at]] for name, each in values.items() for at in range(4)}
