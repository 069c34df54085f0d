"""Programs that audit the profile of W8: marking everything or guessing earns nothing (design 8)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lms.lab.model.audit import DESIGN, ELEMENTS, REPAIRS, URGENT, Profile, draw, outcome
from lms.lab.model.log import Action

TABLE = {"everything": 0.0, "random": -0.39, "looks": -0.98, "careful": 0.68, "key": 1.0}  # mean over the seeds
BOUNDS = {"key": (1.0, 1.0), "everything": (-0.2, 0.2)}
WEIGHTS = {"faults": 0.5, "repairs": 0.3, "urgent": 0.2}  # of the design's one score
RIGHT = 0.9  # of a careful person's judgements


def scores(seed: int) -> dict[str, float]:
    profile, random = draw(seed), np.random.default_rng([seed, 805])
    return {name: _score(seed, actions) for name, actions in bots(profile, random).items()}


def _score(seed: int, actions: Sequence[Action]) -> float:
    scores = outcome(seed, actions)["scores"]
    return float(sum(weight * scores.get(name, 0.0) for name, weight in WEIGHTS.items()))


def bots(profile: Profile, random: np.random.Generator) -> dict[str, list[Action]]:
    """Every bot's whole run."""
    guessed = [name for name in ELEMENTS if random.random() < 0.5] or list(ELEMENTS)
    judged = [name for name in ELEMENTS if (name in profile.faulty) == (random.random() < RIGHT)]
    return {
        "everything": _run(profile, ELEMENTS, random, 1 / REPAIRS, _shuffled(ELEMENTS, random)),
        "random": _run(profile, _three(guessed), random, 1 / REPAIRS, _shuffled(_three(guessed), random)),
        "looks": _run(profile, DESIGN, random, 1 / REPAIRS, list(DESIGN)),
        "careful": _run(profile, _three(judged), random, RIGHT, _nearly(_three(judged), random)),
        "key": _run(profile, profile.faulty, random, 1.0, profile.urgent),
    }


def _three(marked: Sequence[str]) -> list[str]:
    """At least as many marks as the last step needs."""
    return list(dict.fromkeys([*marked, *ELEMENTS]))[: max(URGENT, len(marked))]


def _shuffled(names: Sequence[str], random: np.random.Generator) -> list[str]:
    return [names[int(at)] for at in random.permutation(len(names))]


def _nearly(names: Sequence[str], random: np.random.Generator) -> list[str]:
    """By urgency, give or take a place or two."""
    return sorted(names, key=lambda name: ELEMENTS.index(name) + random.normal(0, 1.2))


def _run(
    profile: Profile, marked: Sequence[str], random: np.random.Generator, right: float, order: Sequence[str]
) -> list[Action]:
    mended = {f"repair_{name}": [_choice(profile, name, random, right)] for name in marked}
    urgent = {f"urgent_{at}": [name] for at, name in enumerate(order[:URGENT])}
    return [Action("next", 1, {"faults": list(marked)}), Action("next", 2, mended), Action("next", 3, urgent)]


def _choice(profile: Profile, name: str, random: np.random.Generator, right: float) -> str:
    key = profile.repairs[name].index(0)
    wrong = [at for at in range(REPAIRS) if at != key]
    return str(key if random.random() < right else wrong[int(random.integers(len(wrong)))])
