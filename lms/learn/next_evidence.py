"""What would make a matrix surer: how many answers, the unseen question that says most, the modules that ask."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lms import evidence, publishing
from lms.competency.statement import in_levels
from lms.content.model import Item, Module
from lms.learn.new_items import new_items
from lms.learn.progress import Progress
from lms.psychometrics.evidence import Rules
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.matrix import Cell, Matrix
from lms.psychometrics.model import information
from lms.psychometrics.next_best import next_best

POOLS = ("practice", "placement")  # what a trainee may still be asked as evidence
Fresh = tuple[Item, ItemParameters]  # a question and how it is scored


@dataclass(frozen=True)
class InformativeItem:
    """The unseen question that would narrow a cell most. module: whose check asks it, None for a placement;
    before, after: half the 90 % interval in levels, now and as expected after the answer."""

    key: str
    kind: str
    module: Module | None
    before: float
    after: float


@dataclass(frozen=True)
class NextEvidence:
    """What would make a cell surer: unseen questions there are, about how many answers are needed, modules to take, the
    question that says most."""

    unseen: int
    answers: int
    modules: tuple[Module, ...]
    item: InformativeItem | None


def serves(key: str, sub: str) -> bool:
    """Whether an answer about the sub-competency counts in the cell."""
    return key in (sub, sub.split(".")[0])


def open_modules(key: str, progress: Progress) -> list[Module]:
    """Modules about the cell that are not passed, in the order of the courses."""
    modules = publishing.library().modules.values()
    ahead = [module for module in modules if progress.modules[module.id].passed_at is None]
    return [module for module in ahead if any(serves(key, sub) for sub in module.sub_competencies)]


def unseen_items(person_id: int) -> list[Fresh]:
    """Questions whose answer could still become evidence."""
    unseen = new_items(person_id, *POOLS)
    units = evidence.parameters(number for number, _ in unseen)
    return [(item, units[number]) for number, item in unseen]


def next_evidence(opened: Cell, matrix: Matrix, person_id: int, progress: Progress) -> NextEvidence:
    fresh = [(item, unit) for item, unit in unseen_items(person_id) if serves(opened.key, item.sub)]
    return NextEvidence(
        len(fresh),
        _answers_needed(opened, fresh, matrix.rules),
        tuple(open_modules(opened.key, progress)),
        most_informative_item(matrix, fresh, [opened.key]),
    )


def most_informative_item(matrix: Matrix, fresh: Sequence[Fresh], keys: Sequence[str] = ()) -> InformativeItem | None:
    """The most informative of the unseen questions, for these cells or for the whole matrix; None when none is left."""
    best = next(iter(next_best(matrix, [(item.sub, unit) for item, unit in fresh], keys)), None)
    if best is None:
        return None
    item, rules = fresh[best.index][0], matrix.rules
    before, after = (
        in_levels(rules.margin(math.sqrt(variance)), rules.cuts) for variance in (best.variance, best.expected)
    )
    module = publishing.library().modules.get(item.module) if item.module and item.pool == "practice" else None
    return InformativeItem(best.key, item.type, module, before, after)


def _answers_needed(opened: Cell, fresh: Sequence[Fresh], rules: Rules) -> int:
    """About how many more answers bring the error below the limit: the precision that is missing, over the mean
    information of the unseen items at the present estimate. 0 when it is there already or nothing is left to ask."""
    missing = 1 / rules.max_sd**2 - 1 / opened.sd**2
    if missing <= 0 or not fresh:
        return 0
    units = Items.of([unit for _, unit in fresh])
    mean = float(information(units, np.array([opened.theta])).mean())
    return math.ceil(missing / mean) if mean > 0 else 0
