"""The inbox of a shift in W2, and what an order of its messages costs: those that wait too long, those left undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from lms.lab.model.triage_pool import (
    COMPLAINTS,
    DANGERS,
    DESIGNER,
    DIRECTOR,
    GRAVE,
    MILD,
    PRESSING,
    SPAM,
    TEASES,
    USUAL,
    InboxMessage,
)

FIRST, LATER, AFTER = 12, 3, 4  # messages at the start and later, decisions after which those come
ALL = FIRST + LATER
CAPACITY, LATEST, LEFT = 45, 60, 40  # minutes of the shift, of lateness that count, and for what was left undone
RANDOM_ORDERS, STARTS = 200, 6


@dataclass(frozen=True)
class Inbox:
    """messages: the first twelve in the order shown, then those that come later; ages: minutes that each has waited."""

    seed: int
    messages: tuple[InboxMessage, ...]
    ages: tuple[int, ...]

    @property
    def gravest(self) -> int:
        return max(range(ALL), key=lambda at: self.messages[at].harm)


@lru_cache(maxsize=64)
def draw(seed: int) -> Inbox:
    """The inbox of a seed."""
    random = np.random.default_rng([seed, 201])
    single = [pool[int(random.integers(len(pool)))] for pool in (GRAVE, COMPLAINTS, DANGERS, MILD, TEASES)]
    first = [*single, DESIGNER, *_some(random, USUAL, 4), *_some(random, SPAM, 2)]
    later = [*_some(random, PRESSING, LATER - 1), DIRECTOR]
    shown = [first[int(at)] for at in random.permutation(FIRST)] + [later[int(at)] for at in random.permutation(LATER)]
    ages = sorted((int(age) for age in random.integers(3, 180, FIRST)), reverse=True)
    return Inbox(seed, tuple(shown), (*ages, *(int(age) for age in random.integers(0, 3, LATER))))


def _some(random: np.random.Generator, pool: Sequence[InboxMessage], count: int) -> list[InboxMessage]:
    return [pool[int(at)] for at in random.permutation(len(pool))[:count]]


def cost(inbox: Inbox, order: Iterable[int]) -> float:
    """Of an order: weight by minutes late, and so much for each message that no longer fits."""
    used, total, left = 0, 0.0, set(range(ALL))
    for at in order:
        message = inbox.messages[at]
        if used + message.takes <= CAPACITY:
            used += message.takes
            total += message.weight * min(LATEST, max(0, used - message.due))
            left.discard(at)
    return total + sum(LEFT * inbox.messages[at].weight for at in left)


@dataclass(frozen=True)
class InboxScale:
    """Cost of chance and of the best order that was found."""

    random: float
    best: float
    order: tuple[int, ...]


@lru_cache(maxsize=64)
def scale(seed: int) -> InboxScale:
    inbox, random = draw(seed), np.random.default_rng([seed, 203])
    orders = [_order(random) for _ in range(RANDOM_ORDERS)]
    best = min((_improved(inbox, order) for order in orders[:STARTS]), key=lambda order: cost(inbox, order))
    return InboxScale(float(np.mean([cost(inbox, order) for order in orders])), cost(inbox, best), tuple(best))


def _order(random: np.random.Generator) -> list[int]:
    """Any order in which nothing is done before it is there."""
    first = [int(at) for at in random.permutation(FIRST)]
    rest = first[AFTER:] + list(range(FIRST, ALL))
    return first[:AFTER] + [rest[int(at)] for at in random.permutation(len(rest))]


def _improved(inbox: Inbox, order: list[int]) -> list[int]:
    """The order after every exchange of two that lowers its cost."""
    best, low, better = order, cost(inbox, order), True
    while better:
        better = False
        for place in range(ALL - 1):
            for other in range(place + 1, ALL):
                tried = [*best]
                tried[place], tried[other] = best[other], best[place]
                if max(tried[:AFTER]) < FIRST and (value := cost(inbox, tried)) < low - 1e-9:
                    best, low, better = tried, value, True
    return best
