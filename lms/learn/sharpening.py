"""One skill made surer: which skills can be, and the questions of it that are still new to the person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort
from flask.typing import ResponseReturnValue

from lms import assess, evidence
from lms.assess import Specification
from lms.competency import LevelStatement, state
from lms.database.transaction import transaction
from lms.identity.access import needs
from lms.identity.models import Person
from lms.learn.blueprint import bp
from lms.learn.checks import sit
from lms.learn.new_items import new_items
from lms.learn.next_step import SECONDS_A_QUESTION
from lms.learn.specifications import PLACEMENT, SHARPEN
from lms.psychometrics.correlated_skills import CorrelatedEstimates, OrderPlace, correlated_estimates
from lms.psychometrics.matrix import Matrix

MINUTES = round(SHARPEN.least * SECONDS_A_QUESTION / 60), round(SHARPEN.most * SECONDS_A_QUESTION / 60)


@dataclass(frozen=True)
class Portrait:
    """The learner's own picture as pages show it. skills: in the order of the framework; sharpen: those that can be
    sharpened now, the least sure first, by so many questions and minutes; again: enough new questions are left for
    another round over all skills, of so many questions and of so many more that may be on trial."""

    overall: LevelStatement
    skills: tuple[LevelStatement, ...]
    strongest: OrderPlace | None
    weakest: OrderPlace | None
    sharpen: tuple[str, ...]
    again: bool
    least: int = SHARPEN.least
    most: int = SHARPEN.most
    minutes: tuple[int, int] = MINUTES
    round: int = PLACEMENT.most
    trials: int = 0


def portrait(person_id: int, measured: Matrix) -> Portrait:
    drawn, left = correlated_estimates(measured), _left(person_id)
    cuts = measured.rules.cuts
    return Portrait(
        state(drawn.overall, cuts),
        tuple(state(cell, cuts) for cell in drawn.skills),
        drawn.strongest,
        drawn.weakest,
        _to_sharpen(drawn, left),
        sum(left.values()) >= PLACEMENT.most,
        trials=PLACEMENT.trials if assess.may_hold_trials(PLACEMENT, PLACEMENT.name) else 0,
    )


def _to_sharpen(drawn: CorrelatedEstimates, left: Counter[str]) -> tuple[str, ...]:
    wide = sorted(drawn.skills, key=lambda cell: -cell.sd)
    target = SHARPEN.target_sd or 0.0
    return tuple(cell.key for cell in wide if cell.sd > target and left[cell.key] >= SHARPEN.least)


def _left(person_id: int) -> Counter[str]:
    """Questions that are new to the person, by skill."""
    return Counter(item.skill for _, item in new_items(person_id, SHARPEN.pool))


def of_skill(_test: Specification, person: Person, skill: str) -> Sequence[int]:
    """The bank of a sharpening: the skill's questions that are new to the person, none where too few are left."""
    bank = sorted(revision for revision, item in new_items(person.id, SHARPEN.pool) if item.skill == skill)
    return bank if len(bank) >= SHARPEN.least else []


@bp.post("/placements/<skill>")
@needs("trainee")
@transaction
def sharpen(skill: str) -> ResponseReturnValue:
    """Begin, or go on with, making one skill surer; 404 for what is no skill or has too few new questions left."""
    framework = evidence.framework()
    if skill not in framework.tree:
        abort(404)
    names = {code: framework.cell_names(code)[skill] for code in SHARPEN.title}
    return sit(SHARPEN, skill, {code: f"{word} · {names[code]}" for code, word in SHARPEN.title.items()})
