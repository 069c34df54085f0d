"""The review queue: three items of each passed module come back after 3, 10, 30 and 90 days.

An item answered right waits for the next interval; one answered wrong comes back tomorrow. Derived from attempts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lms import clock, publishing
from lms.assess.results import FULL
from lms.learn.progress import PASS, ModuleState, Progress

INTERVALS = tuple(timedelta(days=days) for days in (3, 10, 30, 90))
ITEMS_A_MODULE = 3
A_SITTING = 10  # items of one review
TOMORROW = timedelta(days=1)


@dataclass(frozen=True)
class Card:
    """An item in the queue: stage 0..3 is the interval it waits for."""

    item: str
    module: str
    stage: int
    due_at: datetime


def cards(progress: Progress) -> list[Card]:
    """The whole queue, soonest first. Items that are no longer published have left it."""
    found = [card for state in progress.modules.values() if state.passed_at for card in _of_module(state, progress)]
    return sorted(
        (card for card in found if publishing.revision_of(card.item)), key=lambda card: (card.due_at, card.item)
    )


def due(progress: Progress) -> list[Card]:
    now = clock.now()
    return [card for card in cards(progress) if card.due_at <= now]


def _of_module(state: ModuleState, progress: Progress) -> Iterator[Card]:
    passed = state.passed_at
    if passed is None:
        return
    for item in chosen(state):
        answers = [(one.at, one.items[item]) for one in progress.sat if one.purpose == "review" and item in one.items]
        stage = sum(credit >= FULL for _, credit in answers)
        if stage < len(INTERVALS):
            last = [answers[-1][0] + TOMORROW] if answers else []
            yield Card(item, state.id, stage, max([passed + INTERVALS[stage], *last]))


def chosen(state: ModuleState) -> list[str]:
    """The weakest three items of the check that passed it; for a module tested out, a fixed three of its bank."""
    check = next((one for one in state.checks if one.credit >= PASS), None)
    if check:
        return sorted(check.items, key=lambda item: check.items[item])[:ITEMS_A_MODULE]
    bank = [item.id for _, item in publishing.items("practice", module=state.id) if item.set_id is None]
    return sorted(bank, key=lambda item: hashlib.sha256(item.encode()).digest())[:ITEMS_A_MODULE]
