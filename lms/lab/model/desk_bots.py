"""Programs that answer W5: guessing and habits earn nothing, a careful reader most of it (design 5)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lms.lab.model.desk import outcome
from lms.lab.model.desk_questions import CLAIMS, DeskQuestions, ask, is_fair
from lms.lab.model.export import PLATFORMS
from lms.lab.model.log import Action

TABLE = {"always_first": 0.04, "habits": -0.07, "random": 0.0, "careful": 0.8, "key": 1.0}  # mean over the seeds
BOUNDS = {"key": (1.0, 1.0), "habits": (-1.0, 0.3), "fair": (1.0, 1.0)}
RIGHT = 0.85  # share of its answers that a careful reader gets right
Answers = dict[str, str]
SIZES = {"odd": 5, "claim": 4, "cheapest": 3, "next": 4, "proof": 4}
STEPS = {"rate": 1, "pooled": 2, "odd": 3, "claim": 4, "cheapest": 5, "cost": 5, "next": 6, "proof": 6}


def scores(seed: int) -> dict[str, float]:
    """Mean score of every bot; "fair" says whether the month asks its questions clearly."""
    bots = answers(ask(seed), np.random.default_rng([seed, 505]))
    return {name: _score(seed, values) for name, values in bots.items()} | {"fair": float(is_fair(seed))}


def answers(questions: DeskQuestions, random: np.random.Generator) -> dict[str, Answers]:
    """Every bot's answers."""
    return {
        "always_first": _first(),
        "habits": _habits(questions),
        "random": _guessed(random),
        "careful": _careful(questions, random),
        "key": key(questions),
    }


def log_of(values: Answers) -> list[Action]:
    """The answers as a whole run sends them."""
    forms = {step: {name: [values[name]] for name in values if STEPS[name] == step} for step in range(1, 7)}
    return [Action("next", step, form) for step, form in forms.items()]


def _score(seed: int, values: Answers) -> float:
    return float(np.mean(list(outcome(seed, log_of(values))["scores"].values())))


def key(questions: DeskQuestions) -> Answers:
    """Every answer right."""
    return {
        "rate": f"{questions.rate:.2f}",
        "pooled": f"{questions.pooled:.2f}",
        "odd": _place([kind for kind, _row in questions.odd], ["impossible"]),
        "claim": _place(questions.claims, CLAIMS),
        "cheapest": str(PLATFORMS.index(questions.cheapest)),
        "cost": f"{questions.cost:.0f}",
        "next": _place(questions.next, ["repeat"]),
        "proof": _place(questions.proof, ["pooled"]),
    }


def _habits(questions: DeskQuestions) -> Answers:
    """Likes only, a mean of rates, the loudest of everything."""
    slips = {name: f"{next(iter(wrong.values())):.2f}" for name, wrong in questions.wrong.items()}
    return slips | {
        "odd": _place([kind for kind, _row in questions.odd], ["viral"]),
        "claim": _place(questions.claims, ["formats"]),
        "cheapest": "0",
        "next": _place(questions.next, ["boost"]),
        "proof": _place(questions.proof, ["likes"]),
    }


def _place(among: Sequence[str], wanted: Sequence[str]) -> str:
    return str(next(at for at, each in enumerate(among) if each in wanted))


def _first() -> Answers:
    return dict.fromkeys(("rate", "pooled", "cost"), "1") | dict.fromkeys(SIZES, "0")


def _guessed(random: np.random.Generator) -> Answers:
    numbers = {"rate": "4.2", "pooled": "3.8", "cost": "900"}
    return numbers | {name: str(int(random.integers(size))) for name, size in SIZES.items()}


def _careful(questions: DeskQuestions, random: np.random.Generator) -> Answers:
    right, guess = key(questions), _guessed(random)
    return {name: right[name] if random.random() < RIGHT else guess[name] for name in right}
