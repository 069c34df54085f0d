"""Programs that play the long form's week: money without a thought brings little, careless replies cost the next week
(design 1.3, 1.6)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lms.lab.model import sprint, talk
from lms.lab.model.bots import random_week
from lms.lab.model.paid import evenly, unpaid, well_spent
from lms.lab.model.planner import misjudged, plan
from lms.lab.model.size import LONG
from lms.lab.model.talk import Key
from lms.lab.model.week import Post, value_of
from lms.lab.model.world import World, draw

TABLE = {  # mean over the seeds
    "habit": -0.10,
    "random": -0.06,
    "habit_paid": -0.02,
    "aimed": 0.05,
    "money": 0.13,
    "vague": 0.50,
    "careless_words": 0.63,
    "unpaid": 0.64,
    "silent_words": 0.66,
    "paid_evenly": 0.72,
    "researched": 0.77,
    "kind_words": 0.89,
    "expert": 0.92,
    "reference": 1.00,
}
BOUNDS = {
    "vague": (0.35, 0.62),
    "researched": (0.62, 0.87),
    "habit_paid": (-1, 0.15),
    "money": (0.05, 1.0),
    "aimed": (0.0, 1.0),
}
ERRORS = {"vague": (0.35, 1.05), "researched": (0.18, 1.15), "expert": (0.08, 1.22)}  # of belief, and factor of tags


def scores(seed: int, keys: Sequence[Key]) -> dict[str, float]:
    """Plan score of every bot's week; of "kind", "silent" and "careless" words: the researched plan's next week after
    the best replies, none, and the worst. money: what well-spent drams add to it; aimed: what they add beyond drams
    that are spread evenly."""
    world, measure = draw(seed), sprint.scale(seed, LONG)
    weeks = bots(world, np.random.default_rng([seed, 41]))
    scores = {name: measure.score(value_of(world, week)) for name, week in weeks.items()}
    moods = {name: _mood(seed, keys, name) for name in ("kind", "silent", "careless")}
    scores["money"] = scores["researched"] - scores["unpaid"]
    scores["aimed"] = scores["researched"] - scores["paid_evenly"]
    return scores | {
        f"{name}_words": measure.score(value_of(world, weeks["researched"], mood)) for name, mood in moods.items()
    }


def bots(world: World, random: np.random.Generator) -> dict[str, list[Post]]:
    habit = [Post(1, 0, int(random.integers(5)), 0, day * 24 + 12, 2) for day in range(7)]
    weeks = {
        "random": random_week(random, LONG.posts, sprint.SHARE),
        "habit": habit,
        "habit_paid": evenly(habit, LONG.budget),
        "reference": list(sprint.scale(world.seed, LONG).reference),
    }
    for name, (error, tags) in ERRORS.items():
        believed = misjudged(world, error, random)
        weeks[name] = well_spent(believed, plan(believed, sprint.room(LONG, tags)), LONG.budget)
    researched = weeks["researched"]
    return weeks | {"unpaid": unpaid(researched), "paid_evenly": evenly(unpaid(researched), LONG.budget)}


def _mood(seed: int, keys: Sequence[Key], how: str) -> float:
    drawn = [at for at, _order in talk.drawn(seed, keys)]
    pick = {"kind": np.argmax, "careless": np.argmin}.get(how)
    replies = [(at, int(pick(keys[at].credits)) if pick else None) for at in drawn]
    gravest = max(range(len(drawn)), key=lambda place: keys[drawn[place]].severity)
    return talk.mood(keys, replies, gravest if how == "kind" else None)
