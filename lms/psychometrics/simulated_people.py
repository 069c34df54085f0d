"""People of known ability who answer questions: what a matrix made of their answers gets right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from lms.psychometrics.evidence import Observation
from lms.psychometrics.items import Items
from lms.psychometrics.matrix import Cell, Matrix
from lms.psychometrics.simulate import draw_answers, shared_effects

Truth = Mapping[str, float]  # theta by skill, and of sub-competencies that differ from their skill


def ability(truth: Truth, sub: str) -> float:
    """Theta of a sub-competency: its own where it has one, else its skill's. KeyError names a skill without any."""
    return truth[sub] if sub in truth else truth[sub.partition(".")[0]]


@dataclass(frozen=True)
class SkillFigures:
    """Of the skill cells of simulated people. stated: share of which something is said; coverage: share of the
    intervals that hold the truth; width: of an interval, on theta; bias: mean error of theta."""

    stated: float
    coverage: float
    width: float
    bias: float


def answered(
    questions: Sequence[Observation], truth: Truth, rng: Generator, testlet_sd: float = 0.0
) -> list[Observation]:
    """The questions with the categories that this person reaches; true difficulties lie around the item's by sd_b,
    what the answers of a testlet share within a skill around 0 by testlet_sd. KeyError names a skill of which no
    ability is given."""
    if not questions:
        return []
    theta = np.array([ability(truth, question.sub) for question in questions])
    skills = [question.sub.partition(".")[0] for question in questions]
    testlets = [each.testlet and f"{skill} {each.testlet}" for skill, each in zip(skills, questions, strict=True)]
    shared = shared_effects(testlets, testlet_sd, rng)
    categories = draw_answers(Items.of([question.item for question in questions]), theta + shared, rng)
    return [replace(question, category=reached) for question, reached in zip(questions, categories, strict=True)]


def skill_figures(
    people: Sequence[tuple[Truth, Matrix]], stated: Callable[[Cell], bool], skills: Sequence[str] = ()
) -> SkillFigures:
    """Over all people and skills (of `skills` alone where given)."""
    pairs = [
        (truth[skill], matrix.cells[skill]) for truth, matrix in people for skill in (skills or tuple(matrix.skills))
    ]
    return figures_of(pairs, stated)


def figures_of(pairs: Sequence[tuple[float, Cell]], stated: Callable[[Cell], bool]) -> SkillFigures:
    """Of cells, each with the ability that is true."""
    return SkillFigures(
        stated=float(np.mean([stated(cell) for _, cell in pairs])),
        coverage=float(np.mean([cell.low <= theta <= cell.high for theta, cell in pairs])),
        width=float(np.mean([cell.high - cell.low for _, cell in pairs])),
        bias=float(np.mean([cell.theta - theta for theta, cell in pairs])),
    )
