"""Research cards: what each one tells about the people, with its error, and what that is worth to a planner."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np

from lms.lab.model.constants import BASE, FIT, FORMATS, LANGUAGES, PLATFORMS, RHO, SEGMENTS, TOPICS
from lms.lab.model.planner import Room, plan
from lms.lab.model.week import value_of
from lms.lab.model.world import World, draw
from lms.psychometrics.arrays import Floats

PURSE = 6
PRICES = {
    "customers": 1,
    "audience": 2,
    "heatmap": 2,
    "story_poll": 1,
    "interviews": 3,
    "competitors": 2,
    "comments": 1,
    "website": 2,
    "trend": 1,
    "best_time": 1,
}
BLOCKS = 6  # of four hours
Rows = list[tuple[int, list[float]]]  # (index of what the row is about, its figures)


def names_of_segments(seed: int) -> list[int]:
    """Which of the brief's names each segment of the model bears: in the model they stand in order of worth."""
    return [int(at) for at in np.random.default_rng([seed, 5]).permutation(SEGMENTS)]


def main_platform(world: World) -> int:
    """The one where most people who matter can be reached."""
    return int(np.argmax((world.worth[:, None] * world.people).sum(axis=0) * RHO))


def importance(world: World) -> Floats:
    """(S,) share of each segment in the people who matter."""
    raw = world.worth * world.people.sum(axis=1)
    return np.asarray(raw / raw.sum())


def read(world: World, card: str) -> Rows:
    """What the card shows: rows of figures, in the order that it is told; empty for those that only talk."""
    random = np.random.default_rng([world.seed, 11, list(PRICES).index(card)])
    return _READERS[card](world, random) if card in _READERS else []


def _customers(world: World, _random: np.random.Generator) -> Rows:
    return [(at, []) for at in np.argsort(-world.worth, kind="stable").tolist()]


def _audience(world: World, random: np.random.Generator) -> Rows:
    """Two platforms, each figure within some 15 %: columns by segment."""
    shown = sorted(random.permutation(len(PLATFORMS))[:2].tolist())
    return [
        (at, [float(round(x, -2)) for x in world.people[:, at] * np.exp(random.normal(0, 0.15, SEGMENTS))])
        for at in shown
    ]


def _heatmap(world: World, _random: np.random.Generator) -> Rows:
    """Working days and weekend: share of the best block of four hours, on the main platform."""
    at = main_platform(world)
    hourly = world.weight[:, at] @ world.activity[:, at]
    days = hourly.reshape(7, BLOCKS, 4).mean(axis=2)
    blocks = np.array([days[:5].mean(axis=0), days[5:].mean(axis=0)])
    shares = blocks / blocks.max()
    return [(row, [float(round(x * 100)) for x in shares[row]]) for row in range(2)]


def _story_poll(world: World, random: np.random.Generator) -> Rows:
    """Followers answer, most of them of the largest segment, and they are few."""
    size = world.people.sum(axis=1)
    biased = size**2 / (size**2).sum()
    shares = np.clip(biased @ world.interest + random.normal(0, 0.08, TOPICS), 0.02, 0.99)
    return [(at, [float(round(shares[at] * 100))]) for at in range(TOPICS)]


def _interviews(world: World, _random: np.random.Generator) -> Rows:
    return [(at, []) for at in np.argsort(-world.interest[0], kind="stable").tolist()]


def _competitors(world: World, random: np.random.Generator) -> Rows:
    """Public engagement by format, on the main platform, as an index."""
    liking = world.taste.mean(axis=0) * FIT[main_platform(world)]
    seen = np.clip(liking + random.normal(0, 0.12, len(FORMATS)), 0.02, 1)
    return [(at, [float(round(seen[at] * 100))]) for at in np.argsort(-seen, kind="stable").tolist()]


def _comments(world: World, random: np.random.Generator) -> Rows:
    """Two topics that people ask about (first two rows), then the mix of languages in per cent."""
    asked = importance(world) @ world.interest + random.normal(0, 0.05, TOPICS)
    spoken = importance(world) @ world.language
    mix = spoken / spoken.sum()
    topics: Rows = [(at, []) for at in np.argsort(-asked, kind="stable").tolist()[:2]]
    return topics + [(at, [float(round(mix[at] * 100))]) for at in range(len(LANGUAGES))]


def _website(world: World, _random: np.random.Generator) -> Rows:
    return [(at, []) for at in np.argsort(-world.conversion, kind="stable").tolist()]


_READERS = {
    "customers": _customers,
    "audience": _audience,
    "heatmap": _heatmap,
    "story_poll": _story_poll,
    "interviews": _interviews,
    "competitors": _competitors,
    "comments": _comments,
    "website": _website,
}

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


SPRINT = Room(hours=8, posts=4, tags=1.24)


def worth_of(card: str, seeds: range) -> float:
    """What the card adds to a planner's value, as a share of the reference's: the mean of what it adds to nothing and
    of what it adds to all other cards, since research gains by what is known beside it."""
    others = [name for name in PRICES if name != card]
    gains = []
    for seed in seeds:
        world = draw(seed)
        reference = value_of(world, plan(world, SPRINT))
        sets: list[list[str]] = [[], [card], others, [*others, card]]
        nothing, alone, without, whole = (value_of(world, plan(informed(world, cards), SPRINT)) for cards in sets)
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
