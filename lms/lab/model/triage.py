"""W2 Inbox triage: twelve messages at the start of a shift, three more after the fourth decision, and forty-five
simulated minutes for what takes sixty (design 2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from lms.lab.model import log, marks
from lms.lab.model.inbox import AFTER, ALL, CAPACITY, FIRST, Inbox, cost, draw, scale
from lms.lab.model.log import Action, Form
from lms.lab.model.triage_pool import ACTIONS, PRIORITIES, SUBS

VERSION = "w2-1"
SEEDS = (  # of 0..60 those that passed the screening (`flask lab screen --task inbox`)
    *range(14),
    *(15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 43, 45),
    *(46, 48, 49, 50, 51, 53, 54, 55, 56, 57, 58, 59),
)
GATE = 0.5  # most of the shift's scores where the gravest message was mishandled
LEAST = 2  # handled messages of a kind from which its actions are scored
SCORES: marks.Places = {
    "class": (1, "time_management.prioritisation"),
    "order": (2, "time_management.prioritisation"),
    **{name: (2, sub) for name, sub in SUBS.items()},
}


# What was done


@dataclass(frozen=True)
class Handled:
    """One message handled. finish: simulated minute."""

    message: int
    action: str
    finish: int


def handled(inbox: Inbox, form: Form) -> list[Handled]:
    """In order: what the form holds, as far as it was there by then and fitted into the shift."""
    done: list[Handled] = []
    for text in [*form.get("done", []), *form.get("do", [])]:
        place, _colon, action = text.partition(":")
        if place in log.indices(ALL) and action in ACTIONS and may_do(inbox, done, int(place)):
            used = done[-1].finish if done else 0
            done.append(Handled(int(place), action, used + inbox.messages[int(place)].takes))
    return done


def may_do(inbox: Inbox, before: Sequence[Handled], message: int) -> bool:
    there = message < FIRST or len(before) >= AFTER
    used = before[-1].finish if before else 0
    fits = used + inbox.messages[message].takes <= CAPACITY
    return there and fits and message not in [each.message for each in before]


def kappa(ratings: Sequence[int], key: Sequence[int], levels: int = len(PRIORITIES)) -> float:
    """Quadratic weighted agreement of two ratings 0..levels-1; 0 where one of them never varies."""
    table = np.zeros((levels, levels))
    for first, other in zip(ratings, key, strict=True):
        table[first, other] += 1 / len(ratings)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    weights = np.subtract.outer(np.arange(levels), np.arange(levels)) ** 2
    by_chance = float((weights * expected).sum())
    return 1 - float((weights * table).sum()) / by_chance if by_chance else 0.0


class TriagePlay(log.Play):
    """Two steps: give every message a priority, then work through the shift."""

    LAST: ClassVar[int] = 2

    def missing(self, step: int, form: Form) -> list[str]:
        if step == 1:
            return [f"priority {at + 1}" for at in range(FIRST) if priority(form, at) is None]
        few = len(set(form.get("done", []))) < AFTER
        return ["few"] if few else [f"priority {at + 1}" for at in range(FIRST, ALL) if priority(form, at) is None]


def priority(form: Form, message: int) -> int | None:
    choice = log.one(form, f"prio_{message}", PRIORITIES)
    return PRIORITIES.index(choice) if choice else None


def outcome(seed: int, actions: Iterable[Action]) -> dict[str, Any]:
    """gate: the gravest message came too late or was harmed; late: of handled messages, (message, minutes)."""
    play, inbox = TriagePlay.replay(actions), draw(seed)
    done = handled(inbox, play.form(2)) if play.is_whole(1) else []
    worked = len(done) >= AFTER
    scores: dict[str, float] = {}
    if play.is_whole(1):
        scores["class"] = _class(inbox, play)
    if worked:
        scores |= shift(inbox, done)
    missed = worked and is_missed(inbox, done)
    return marks.outcome(VERSION, scores, SCORES, gate=missed, late=_late(inbox, done))


def _class(inbox: Inbox, play: TriagePlay) -> float:
    forms = {**play.form(1), **play.form(2)}
    priorities = [(at, priority(forms, at)) for at in range(ALL)]
    rated = [(at, chosen) for at, chosen in priorities if chosen is not None]
    return kappa([chosen for _at, chosen in rated], [inbox.messages[at].priority for at, _chosen in rated])


def shift(inbox: Inbox, done: Sequence[Handled]) -> dict[str, float]:
    """Scores of the second step; where the gravest message was missed, its order and its crisis are at most `GATE`."""
    measure = scale(inbox.seed)
    order = (measure.random - cost(inbox, [each.message for each in done])) / (measure.random - measure.best)
    scores = {"order": order} | {name: score for name in SUBS for score in _actions(inbox, done, name)}
    if is_missed(inbox, done):
        scores |= {name: min(GATE, scores[name]) for name in ("order", "crisis") if name in scores}
    return scores


def _actions(inbox: Inbox, done: Sequence[Handled], of: str) -> list[float]:
    """The mean of what was done with messages of a kind; none where too few were handled."""
    marked = [inbox.messages[each.message].beyond_chance(each.action) for each in done if _is(inbox, each, of)]
    return [float(np.mean(marked))] if len(marked) >= LEAST else []


def _is(inbox: Inbox, each: Handled, of: str) -> bool:
    return inbox.messages[each.message].of == of


def is_missed(inbox: Inbox, done: Sequence[Handled]) -> bool:
    """The gravest message was not handled by its time, or in a way that harms."""
    at = inbox.gravest
    grave = inbox.messages[at]
    mine = [each for each in done if each.message == at]
    return not mine or mine[0].finish > grave.due or mine[0].action in grave.harmful


def _late(inbox: Inbox, done: Sequence[Handled]) -> list[list[int]]:
    late = [(each.message, each.finish - inbox.messages[each.message].due) for each in done]
    return [[at, minutes] for at, minutes in late if minutes > 0]
