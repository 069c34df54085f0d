"""`flask simulate placement`: what is known after a first round, one skill sharpened, a second round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import click
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lms.learn.next_step import SECONDS_A_QUESTION
from lms.learn.simulation import PublishedWorld
from lms.learn.specifications import PLACEMENT, SHARPEN
from lms.psychometrics.correlated_skills import correlated, correlated_estimates
from lms.psychometrics.evidence import Observation
from lms.psychometrics.matrix import Cell, matrix
from lms.psychometrics.simulated_people import Truth, figures_of

AT_ONCE = replace(PLACEMENT, most=20)
STAGES = ("first round", "one skill sharpened", "second placement", "20 at once")
FIGURES = "coverage\twidth\tbias"
HEAD = f"people\tstage\tquestions\tminutes\town: {FIGURES}\tpicture: {FIGURES}\toverall\twithin 2"
TWO_LEVELS = 2.0  # on theta: the cuts lie one apart
RELATED = 0.6  # how much two skills of simulated people go together, whatever the picture takes for granted
Pairs = list[tuple[float, Cell]]


@dataclass
class Stage:
    """Cells with the true ability, of the skills that the stage is about; overall likewise; questions of everybody."""

    own_answers: Pairs
    picture: Pairs
    overall: Pairs
    questions: list[int]


def print_placements(world: PublishedWorld, persons: int, rng: Generator) -> None:
    click.echo(HEAD)
    for name, people in _people(world, persons, rng):
        stages = {stage: Stage([], [], [], []) for stage in STAGES}
        for truth in people:
            for stage, observations, skills in _lives(world, truth, rng):
                _add(stages[stage], world, truth, observations, skills)
        for stage in STAGES:
            click.echo("\t".join([name, stage, *_figures(stages[stage])]))


def _people(world: PublishedWorld, persons: int, rng: Generator) -> Iterator[tuple[str, list[Truth]]]:
    """People whose skills go together, people whose skills have nothing to do with one another, people of one ability,
    people with one weak skill."""
    size, alone = len(world.skills), np.eye(len(world.skills))
    together = correlated(size, replace(world.rules, correlation=RELATED, spread=1.0))
    for name, covariance in (("related skills", together), ("unrelated skills", alone)):
        drawn = rng.multivariate_normal(np.zeros(size), covariance, persons)
        yield name, [_truth(world, row) for row in drawn]
    for theta in (-2.0, -1.0, 0.0, 1.0, 2.0):
        yield f"{theta:+.0f} in all", [_truth(world, np.full(size, theta))] * persons
    uneven = np.where(np.arange(size) == 0, -1.5, 0.5)
    yield "one at -1.5, five at +0.5", [_truth(world, uneven)] * persons


def _truth(world: PublishedWorld, theta: NDArray[np.float64]) -> Truth:
    return dict(zip(world.skills, theta.tolist(), strict=True))


def _lives(
    world: PublishedWorld, truth: Truth, rng: Generator
) -> Iterator[tuple[str, list[Observation], Sequence[str]]]:
    """(stage, all answers by then, the skills that it is about)."""
    skills = tuple(world.skills)
    answer = world.knowing(truth, rng)
    first = world.sitting(PLACEMENT, answer, rng)
    yield STAGES[0], first, skills
    skill = skills[int(rng.integers(len(skills)))]
    yield STAGES[1], first + world.sitting(SHARPEN, answer, rng, first, skill), (skill,)
    yield STAGES[2], first + world.sitting(PLACEMENT, answer, rng, first), skills
    yield STAGES[3], world.sitting(AT_ONCE, answer, rng), skills


def _add(
    stage: Stage, world: PublishedWorld, truth: Truth, observations: Sequence[Observation], skills: Sequence[str]
) -> None:
    measured = matrix(observations, world.skills, world.rules)
    drawn = correlated_estimates(measured)
    borrowed: Mapping[str, Cell] = {cell.key: cell for cell in drawn.skills}
    stage.own_answers += [(truth[skill], measured.cells[skill]) for skill in skills]
    stage.picture += [(truth[skill], borrowed[skill]) for skill in skills]
    stage.overall.append((float(np.mean(list(truth.values()))), drawn.overall))
    stage.questions.append(len(observations))


def _figures(stage: Stage) -> list[str]:
    of_cells = [figures_of(pairs, lambda cell: cell.n > 0) for pairs in (stage.own_answers, stage.picture)]
    figures = [figure for it in of_cells for figure in (it.coverage, it.width, it.bias)]
    within = np.mean([cell.high - cell.low <= TWO_LEVELS for _, cell in stage.overall])
    whole = figures_of(stage.overall, lambda cell: cell.n > 0)
    questions = float(np.median(stage.questions))
    return [
        f"{questions:.0f}",
        f"{questions * SECONDS_A_QUESTION / 60:.0f}",
        *(f"{figure:.2f}" for figure in (*figures, whole.coverage, within)),
    ]
