"""The review queue: three items of each passed module come back after 3, 10, 30 and 90 days.

An item answered right waits for the next interval; one answered wrong comes back tomorrow. Derived from attempts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lms import clock, publishing
from lms.assess import Specification
from lms.assess.results import FULL
from lms.identity.models import Person
from lms.learn.progress import ModuleState, Progress, progress_of
from lms.learn.specifications import CHECK, REVIEW

INTERVALS = tuple(timedelta(days=days) for days in (3, 10, 30, 90))
ITEMS_A_MODULE = 3
SUBJECT = "reviews"
TOMORROW = timedelta(days=1)


@dataclass(frozen=True)
class ReviewCard:
    """An item in the queue: stage 0..3 is the interval it waits for."""

    item: str
    module: str
    stage: int
    due_at: datetime


def cards(progress: Progress) -> list[ReviewCard]:
    """The whole queue, soonest first. Items that are no longer published have left it."""
    queue = [card for state in progress.modules.values() if state.passed_at for card in _of_module(state, progress)]
    published = (card for card in queue if publishing.revision_of(card.item))
    return sorted(published, key=lambda card: (card.due_at, card.item))


def due(progress: Progress) -> list[ReviewCard]:
    now = clock.now()
    return [card for card in cards(progress) if card.due_at <= now]


@dataclass(frozen=True)
class Round:
    """The questions of one module that come back on one day: how many, and the stage of the least known."""

    module: str
    questions: int
    stage: int
    due_at: datetime


def rounds(queue: Sequence[ReviewCard]) -> list[Round]:
    """Cards as people read them, module by module and day by day, soonest first."""
    groups: dict[tuple[str, object], list[ReviewCard]] = {}
    for card in queue:
        groups.setdefault((card.module, card.due_at.date()), []).append(card)
    return [
        Round(module, len(group), min(card.stage for card in group), group[0].due_at)
        for (module, _), group in groups.items()
    ]


def back_at(module: str, progress: Progress) -> datetime | None:
    """When the first of a passed module's questions comes back."""
    return next((card.due_at for card in cards(progress) if card.module == module), None)


def due_revisions(review: Specification, person: Person, _subject: str) -> list[int]:
    """The items that are due, as many as one review asks."""
    queue = due(progress_of(person.id))[: review.most]
    return [number for card in queue if (number := publishing.revision_of(card.item))]


def _of_module(state: ModuleState, progress: Progress) -> Iterator[ReviewCard]:
    passed = state.passed_at
    if passed is None:
        return
    reviews = [attempt for attempt in progress.finished_attempts if attempt.purpose == REVIEW.name]
    for item in chosen(state):
        answers = [(review.at, review.items[item]) for review in reviews if item in review.items]
        stage = sum(credit >= FULL for _, credit in answers)
        if stage < len(INTERVALS):
            again = [answers[-1][0] + TOMORROW] if answers else []
            yield ReviewCard(item, state.id, stage, max([passed + INTERVALS[stage], *again]))


def chosen(state: ModuleState) -> list[str]:
    """The weakest three items of the check that passed it; for a module tested out, a fixed three of its bank."""
    passed = next((check for check in state.checks if CHECK.passed(check.credit)), None)
    if passed:
        return sorted(passed.items, key=lambda item: passed.items[item])[:ITEMS_A_MODULE]
    bank = [item.id for _, item in publishing.items(CHECK.pool, module=state.id) if item.set_id is None]
    return sorted(bank, key=lambda item: hashlib.sha256(item.encode()).digest())[:ITEMS_A_MODULE]
