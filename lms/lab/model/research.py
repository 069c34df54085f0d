"""Research cards: what each one tells about the people, with its error."""

from __future__ import annotations

import numpy as np

from lms.lab.model.constants import FIT, FORMATS, LANGUAGES, PLATFORMS, RHO, SEGMENTS, TOPICS
from lms.lab.model.world import World
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
    shares = np.clip(liking + random.normal(0, 0.12, len(FORMATS)), 0.02, 1)
    return [(at, [float(round(shares[at] * 100))]) for at in np.argsort(-shares, kind="stable").tolist()]


def _comments(world: World, random: np.random.Generator) -> Rows:
    """Two topics that people ask about (first two rows), then the mix of languages in per cent."""
    demand = importance(world) @ world.interest + random.normal(0, 0.05, TOPICS)
    spoken = importance(world) @ world.language
    mix = spoken / spoken.sum()
    topics: Rows = [(at, []) for at in np.argsort(-demand, kind="stable").tolist()[:2]]
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
