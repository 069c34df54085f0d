"""The five messages of a run and how answers to them count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

MESSAGES = 5
FIRST_SHARE = 0.3  # of the step's score that choosing the most urgent message brings


@dataclass(frozen=True)
class Key:
    """Of one message: severity 0.2, 0.5 or 1.0 and the credit of each reply, 1 right, 0.5 acceptable, 0 useless, -0.5
    harmful."""

    severity: float
    credits: tuple[float, ...]


def drawn(seed: int, keys: Sequence[Key]) -> list[tuple[int, list[int]]]:
    """(message of the pool, order of its replies) for each of the run's messages; one of the gravest is among them."""
    random = np.random.default_rng([seed, 19])
    grave = [at for at, key in enumerate(keys) if key.severity == 1.0]
    first = grave[int(random.integers(len(grave)))]
    light = [at for at, key in enumerate(keys) if key.severity < 1.0]
    rest = [light[at] for at in random.permutation(len(light))[: MESSAGES - 1]]
    chosen = [first, *rest]
    order = [chosen[at] for at in random.permutation(MESSAGES)]
    return [(at, [int(x) for x in random.permutation(len(keys[at].credits))]) for at in order]


def credit_of(keys: Sequence[Key], replies: Sequence[tuple[int, int | None]], first: int | None) -> float:
    """0 is chance, 1 every reply right and the gravest first. replies: (message of the pool, reply or None) in the
    order shown; first: place of the message answered first."""
    right = [_rescaled(keys[at], reply) for at, reply in replies]
    gravest = max(range(len(replies)), key=lambda place: keys[replies[place][0]].severity)
    hit = 1.0 if first == gravest else 0.0
    chance = 1 / len(replies)
    return (1 - FIRST_SHARE) * float(np.mean(right)) + FIRST_SHARE * (hit - chance) / (1 - chance)


def _rescaled(key: Key, reply: int | None) -> float:
    """An answer that was not given counts as a guess among the replies."""
    chance = float(np.mean(key.credits))
    got = chance if reply is None else key.credits[reply]
    return (got - chance) / (max(key.credits) - chance)


def mood(keys: Sequence[Key], replies: Sequence[tuple[int, int | None]], first: int | None) -> float:
    """Mood in the comments after the replies, -1..1 (design 1.3): quick good answers lift it, silence and harm cost."""
    total = 0.0
    for place, (at, reply) in enumerate(replies):
        credit = 0.0 if reply is None else keys[at].credits[reply]
        waited = 1 if place == first else 6
        silent, harmful = reply is None, credit < 0
        total += 0.3 * keys[at].severity * (max(credit, 0) * 0.5 ** (waited / 6) - 0.6 * silent - 0.8 * harmful)
    return max(-1.0, min(1.0, total))


def tag_pool(seed: int, relevant: int, other: int, shown: int = 4) -> list[tuple[bool, int]]:
    """(relevant?, place in its list) of the tags that a run offers, shuffled: so many of each kind."""
    random = np.random.default_rng([seed, 23])
    right = [(True, int(at)) for at in random.permutation(relevant)[:shown]]
    wrong = [(False, int(at)) for at in random.permutation(other)[:shown]]
    both = right + wrong
    return [both[at] for at in random.permutation(len(both))]


def tag_factor(right: int, wrong: int) -> float:
    """Factor of reach (design 1.3)."""
    return float(np.clip(1 + 0.06 * right - 0.10 * wrong, 0.80, 1.25))
