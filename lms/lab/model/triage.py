"""W2 Inbox triage: twelve messages at the start of a shift, three more after the fourth decision, and forty-five
simulated minutes for what takes sixty (design 2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from lms.lab.model import log, marks
from lms.lab.model.log import Action, Form
from lms.lab.model.triage_pool import (
    ACTIONS,
    COMPLAINTS,
    DANGERS,
    DESIGNER,
    DIRECTOR,
    GRAVE,
    MILD,
    PRESSING,
    PRIORITIES,
    SPAM,
    SUBS,
    TEASES,
    USUAL,
    Message,
)

VERSION = "w2-1"
SEEDS = (  # of 0..60 those that passed the screening (`flask lab screen --task inbox`)
    *range(14),
    *(15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 43, 45),
    *(46, 48, 49, 50, 51, 53, 54, 55, 56, 57, 58, 59),
)
FIRST, LATER, AFTER = 12, 3, 4  # messages at the start and later, decisions after which those come
ALL = FIRST + LATER
CAPACITY, LATEST, LEFT = 45, 60, 40  # minutes of the shift, of lateness that count, and for what was left undone
GATE = 0.5  # most of the shift's scores where the gravest message was mishandled
LEAST = 2  # handled messages of a kind from which its actions are scored
RANDOM_ORDERS, STARTS = 200, 6
SCORES: marks.Places = {
    "class": (1, "time_management.prioritisation"),
    "order": (2, "time_management.prioritisation"),
    **{name: (2, sub) for name, sub in SUBS.items()},
}


@dataclass(frozen=True)
class Inbox:
    """messages: the first twelve in the order shown, then those that come later; ages: minutes that each has waited."""

    seed: int
    messages: tuple[Message, ...]
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


def _some(random: np.random.Generator, pool: Sequence[Message], count: int) -> list[Message]:
    return [pool[int(at)] for at in random.permutation(len(pool))[:count]]


# What was done


@dataclass(frozen=True)
class Done:
    """One message handled. finish: simulated minute."""

    message: int
    action: str
    finish: int


def handled(inbox: Inbox, form: Form) -> list[Done]:
    """In order: what the form holds, as far as it was there by then and fitted into the shift."""
    found: list[Done] = []
    for text in [*form.get("done", []), *form.get("do", [])]:
        place, _colon, action = text.partition(":")
        if place in log.indices(ALL) and action in ACTIONS and may_do(inbox, found, int(place)):
            used = found[-1].finish if found else 0
            found.append(Done(int(place), action, used + inbox.messages[int(place)].takes))
    return found


def may_do(inbox: Inbox, before: Sequence[Done], message: int) -> bool:
    there = message < FIRST or len(before) >= AFTER
    used = before[-1].finish if before else 0
    fits = used + inbox.messages[message].takes <= CAPACITY
    return there and fits and message not in [each.message for each in before]


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
class Scale:
    """Cost of chance and of the best order that was found."""

    random: float
    best: float
    order: tuple[int, ...]


@lru_cache(maxsize=64)
def scale(seed: int) -> Scale:
    inbox, random = draw(seed), np.random.default_rng([seed, 203])
    orders = [_order(random) for _ in range(RANDOM_ORDERS)]
    found = min((_improved(inbox, order) for order in orders[:STARTS]), key=lambda order: cost(inbox, order))
    return Scale(float(np.mean([cost(inbox, order) for order in orders])), cost(inbox, found), tuple(found))


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
        for one in range(ALL - 1):
            for other in range(one + 1, ALL):
                tried = [*best]
                tried[one], tried[other] = best[other], best[one]
                if max(tried[:AFTER]) < FIRST and (value := cost(inbox, tried)) < low - 1e-9:
                    best, low, better = tried, value, True
    return best


def kappa(given: Sequence[int], key: Sequence[int], levels: int = len(PRIORITIES)) -> float:
    """Quadratic weighted agreement of two ratings 0..levels-1; 0 where one of them never varies."""
    table = np.zeros((levels, levels))
    for one, other in zip(given, key, strict=True):
        table[one, other] += 1 / len(given)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    weights = np.subtract.outer(np.arange(levels), np.arange(levels)) ** 2
    by_chance = float((weights * expected).sum())
    return 1 - float((weights * table).sum()) / by_chance if by_chance else 0.0


class Play(log.Play):
    """Two steps: give every message a priority, then work through the shift."""

    LAST: ClassVar[int] = 2

    def missing(self, step: int, form: Form) -> list[str]:
        if step == 1:
            return [f"priority {at + 1}" for at in range(FIRST) if priority(form, at) is None]
        few = len(set(form.get("done", []))) < AFTER
        return ["few"] if few else [f"priority {at + 1}" for at in range(FIRST, ALL) if priority(form, at) is None]


def priority(form: Form, message: int) -> int | None:
    given = log.one(form, f"prio_{message}", PRIORITIES)
    return PRIORITIES.index(given) if given else None


def outcome(seed: int, actions: Iterable[Action]) -> dict[str, Any]:
    """gate: the gravest message came too late or was harmed; late: of handled messages, (message, minutes)."""
    play, inbox = Play.replay(actions), draw(seed)
    done = handled(inbox, play.form(2)) if play.is_whole(1) else []
    worked = len(done) >= AFTER
    scores: dict[str, float] = {}
    if play.is_whole(1):
        scores["class"] = _class(inbox, play)
    if worked:
        scores |= shift(inbox, done)
    missed = worked and is_missed(inbox, done)
    return marks.outcome(VERSION, scores, SCORES, gate=missed, late=_late(inbox, done))


def _class(inbox: Inbox, play: Play) -> float:
    forms = {**play.form(1), **play.form(2)}
    given = [(at, priority(forms, at)) for at in range(ALL)]
    rated = [(at, chosen) for at, chosen in given if chosen is not None]
    return kappa([chosen for _at, chosen in rated], [inbox.messages[at].priority for at, _chosen in rated])


def shift(inbox: Inbox, done: Sequence[Done]) -> dict[str, float]:
    """Scores of the second step; where the gravest message was missed, its order and its crisis are at most `GATE`."""
    measure = scale(inbox.seed)
    order = (measure.random - cost(inbox, [each.message for each in done])) / (measure.random - measure.best)
    found = {"order": order} | {name: score for name in SUBS for score in _actions(inbox, done, name)}
    if is_missed(inbox, done):
        found |= {name: min(GATE, found[name]) for name in ("order", "crisis") if name in found}
    return found


def _actions(inbox: Inbox, done: Sequence[Done], of: str) -> list[float]:
    """The mean of what was done with messages of a kind; none where too few were handled."""
    marked = [inbox.messages[each.message].beyond_chance(each.action) for each in done if _is(inbox, each, of)]
    return [float(np.mean(marked))] if len(marked) >= LEAST else []


def _is(inbox: Inbox, each: Done, of: str) -> bool:
    return inbox.messages[each.message].of == of


def is_missed(inbox: Inbox, done: Sequence[Done]) -> bool:
    """The gravest message was not handled by its time, or in a way that harms."""
    at = inbox.gravest
    grave = inbox.messages[at]
    mine = [each for each in done if each.message == at]
    return not mine or mine[0].finish > grave.due or mine[0].action in grave.harmful


def _late(inbox: Inbox, done: Sequence[Done]) -> list[list[int]]:
    late = [(each.message, each.finish - inbox.messages[each.message].due) for each in done]
    return [[at, minutes] for at, minutes in late if minutes > 0]
