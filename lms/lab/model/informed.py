"""What the research cards are worth: a planner who has read them, against one who knows the usual figures alone."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np

from lms.lab.model.constants import BASE, FIT, SEGMENTS
from lms.lab.model.planner import Room, plan
from lms.lab.model.research import PRICES, PURSE, Rows, main_platform, read
from lms.lab.model.week import value_of
from lms.lab.model.world import World, draw
from lms.psychometrics.arrays import Floats

# What each card gives to a planner over 60 worlds, rounded, see `worth_of`; together they count as their sum. Without
# any card it reaches 0.50 of the reference, with the customers, the map of hours and the interviews 0.71.
WORTH = {
    "customers": 0.01,
    "audience": 0.01,
    "heatmap": 0.07,
    "story_poll": 0.04,
    "interviews": 0.08,
    "competitors": 0.0,
    "comments": 0.04,
    "website": 0.0,
    "trend": 0.0,
    "best_time": 0.0,
}


def usefulness(bought: list[str]) -> float:
    """Worth of what was bought as a share of the best that the same points buy; 0 where nothing was."""
    cost = sum(PRICES[card] for card in bought)
    best = max((_sum(cards) for cards in _affordable(cost)), default=0.0)
    return _sum(bought) / best if best else 0.0


def _sum(cards: list[str] | tuple[str, ...]) -> float:
    return sum(WORTH[card] for card in cards)


def _affordable(cost: int) -> list[tuple[str, ...]]:
    sets = (each for size in range(1, PURSE + 1) for each in combinations(PRICES, size))
    return [each for each in sets if sum(PRICES[card] for card in each) <= cost]


ROOM = Room(hours=8, posts=4, tags=1.24)  # of a sprint


def worth_of(card: str, seeds: range) -> float:
    """What the card adds to a planner's value, as a share of the reference's: the mean of what it adds to nothing and
    of what it adds to all other cards, since research gains by what is known beside it."""
    others = [name for name in PRICES if name != card]
    gains = []
    for seed in seeds:
        world = draw(seed)
        reference = value_of(world, plan(world, ROOM))
        sets: list[list[str]] = [[], [card], others, [*others, card]]
        nothing, alone, without, whole = (value_of(world, plan(informed(world, cards), ROOM)) for cards in sets)
        gains.append((alone - nothing + whole - without) / 2 / reference)
    return float(np.mean(gains))


def informed(world: World, cards: list[str]) -> World:
    """What somebody believes who has read these cards and knows the usual figures otherwise."""
    idea = believed(world)
    for card in PRICES:
        if card in cards:
            idea = learned(world, idea, card)
    return idea


def believed(world: World) -> World:
    """What is known before any research: the usual figures of all such worlds."""
    hours = np.mean([draw(seed).audience.mean(axis=0) for seed in range(2_000, 2_012)], axis=0)
    return replace(
        world,
        people=np.broadcast_to(0.42 * BASE, world.people.shape),
        interest=np.full_like(world.interest, 0.457),
        taste=np.full_like(world.taste, 0.55),
        language=np.broadcast_to(np.array([0.95, 0.35, 0.3]), world.language.shape),
        worth=np.full(SEGMENTS, 1 / SEGMENTS),
        conversion=np.full(SEGMENTS, 0.0325),
        audience=np.broadcast_to(hours, world.audience.shape),
    )


def learned(world: World, idea: World, card: str) -> World:
    """The idea with what the card tells in it."""
    rows = read(world, card)
    if card == "customers":
        return replace(idea, worth=np.array([0.5, 0.27, 0.15, 0.08]))
    if card == "audience":
        people = idea.people.copy()
        for at, figures in rows:
            people[:, at] = figures
        return replace(idea, people=people)
    if card == "heatmap":
        return replace(idea, audience=np.broadcast_to(_met(rows, world), world.audience.shape))
    if card in ("story_poll", "interviews", "comments"):
        return replace(idea, interest=_interest(card, rows, idea))
    if card == "competitors":
        taste = idea.taste.copy()
        for at, figures in rows:
            taste[:, at] = np.clip(figures[0] / 100 / FIT[main_platform(world), at], 0.1, 0.98)
        return replace(idea, taste=taste)
    if card == "website":
        conversion = idea.conversion.copy()
        conversion[[at for at, _ in rows]] = (0.045, 0.036, 0.028, 0.02)
        return replace(idea, conversion=conversion)
    return idea


def _met(rows: Rows, world: World) -> Floats:
    """Audience by hour as the blocks of the heat map tell it."""
    workday, weekend = (np.repeat(figures, 4) for _, figures in rows)
    week = np.concatenate([workday] * 5 + [weekend] * 2)
    ahead = np.mean([np.roll(week, -later) for later in range(6)], axis=0)
    return np.asarray(ahead / ahead.max())


def _interest(card: str, rows: Rows, idea: World) -> Floats:
    interest = idea.interest.copy()
    if card == "story_poll":
        interest[:] = [figures[0] / 100 for _, figures in rows]
    elif card == "interviews":
        interest[0, [at for at, _ in rows]] = (0.75, 0.6, 0.45, 0.3, 0.18)
    else:
        interest[:, [at for at, figures in rows if not figures]] = 0.62
    return interest
