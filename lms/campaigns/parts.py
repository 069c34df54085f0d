"""What a candidate goes through: the test and the work samples of a form, as a campaign keeps them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from lms.assess import Specification
from lms.competency import Framework, TestBlueprint

PURPOSE = "hiring"  # of the attempt that a candidate sits
BLUEPRINTS = {"screening": "screening_25", "full": "full_60"}
TITLE = {"hy": "Գնահատման թեստ", "en": "Assessment test"}


def parts_of(framework: Framework, form: str) -> list[dict[str, Any]]:
    """The parts of a shipped form, the test first. KeyError for a form without a blueprint."""
    blueprint = next(each for each in framework.blueprints if each.id == BLUEPRINTS[form])
    tasks = [task for task in blueprint.tasks if not task.human_rated]
    minutes = blueprint.time_limit_minutes - sum(task.minutes for task in tasks)
    works = [{"kind": "work", "task": task.id, "minutes": task.minutes} for task in tasks]
    return [{"kind": "test", "minutes": minutes, "rules": test_of(blueprint, minutes).plain()}, *works]


def test_of(blueprint: TestBlueprint, minutes: float) -> Specification:
    """The adaptive test over the closed pool with the blueprint's share of every sub-competency."""
    items = sum(slot.items for slot in blueprint.slots)
    return Specification(
        PURPOSE,
        title=TITLE,
        pool="closed",
        selection="adaptive",
        least=items // 2,
        most=items,
        blueprint=shares(blueprint),
        seconds=minutes * 60,
        revisit=False,
        unanswered="left_out",
        gives_evidence=True,
        explained=False,
    )


def shares(blueprint: TestBlueprint) -> Mapping[str, float]:
    """Items of every sub-competency and, as their sum, of every skill."""
    counted: Counter[str] = Counter()
    for slot in blueprint.slots:
        counted[slot.sub] += slot.items
        counted[slot.sub.partition(".")[0]] += slot.items
    return {name: float(count) for name, count in counted.items()}
