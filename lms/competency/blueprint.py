"""Test blueprints: what a form is made of, how long it takes and what it may say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lms.competency.words import Words

Reports = Literal["skill_bands", "skill_levels"]


@dataclass(frozen=True)
class Slot:
    """Items of one kind in a form. type: a question type, or "table" for the questions about a table; minutes: for
    all of them together."""

    sub: str
    type: str
    bloom: str
    items: int
    minutes: float


@dataclass(frozen=True)
class WorkSample:
    """A task of a form. covers: share of it that shows a sub-competency, summing to 1."""

    id: str
    name: Words
    minutes: float
    human_rated: bool
    covers: Mapping[str, float]


@dataclass(frozen=True)
class TestBlueprint:
    """A form. reports: what it may say; pool_per_slot: equivalent items that a slot needs before live use."""

    __test__ = False  # of pytest: a name, no test

    id: str
    purpose: Words
    reports: Reports
    time_limit_minutes: float
    instructions_minutes: float
    pool_per_slot: int
    slots: tuple[Slot, ...]
    tasks: tuple[WorkSample, ...] = ()

    @property
    def minutes(self) -> float:
        """Time that instructions, items and tasks take together."""
        return (
            self.instructions_minutes
            + sum(slot.minutes for slot in self.slots)
            + sum(task.minutes for task in self.tasks)
        )

    def observations(self, skill: str) -> list[str]:
        """The sub-competency of every observation that the form makes about the skill."""
        items = [slot.sub for slot in self.slots for _item in range(slot.items)]
        subs = [sub for task in self.tasks for sub in task.covers]
        return [sub for sub in (*items, *subs) if sub.partition(".")[0] == skill]
