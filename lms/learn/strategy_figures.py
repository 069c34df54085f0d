"""`flask simulate strategies`: what is said of people who answer without knowing anything."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

import click
from numpy.random import Generator

from lms import publishing
from lms.assess import Specification
from lms.competency import LevelStatement, state
from lms.learn.simulation import PublishedWorld, Walk
from lms.learn.specifications import PLACEMENT, SHARPEN
from lms.learn.strategies import STRATEGIES, reached
from lms.psychometrics.correlated_skills import correlated_estimates
from lms.psychometrics.evidence import Observation
from lms.psychometrics.matrix import Cell, matrix

SITTINGS = 20  # of every item by every strategy; people draw from them
STAGES = ("12 questions", "one skill sharpened", "24 questions", "placement and checks")
HEAD = "\t".join(["strategy", *(f"{stage}: {who}" for stage in STAGES for who in ("own", "picture"))])


class Stranger:
    """Somebody who knows nothing and answers by one strategy."""

    def __init__(self, world: PublishedWorld, strategy: str, rng: Generator) -> None:
        self._world, self._strategy, self._rng = world, strategy, rng
        self._chance = random.Random(int(rng.integers(1 << 62)))  # noqa: S311
        self._sittings: dict[int, list[int]] = {}

    def sitting(
        self, test: Specification, observations: Sequence[Observation] = (), skill: str = ""
    ) -> list[Observation]:
        """The answers of an adaptive test, as `PublishedWorld.sitting`."""
        return self._world.sitting(test, self.answered, self._rng, observations, skill)

    def answered(self, questions: Sequence[Observation]) -> list[Observation]:
        return [replace(question, category=self._reached(question.ref)) for question in questions]

    def _reached(self, revision: object) -> int:
        assert isinstance(revision, int)
        if revision not in self._sittings:
            item, reference = publishing.item(revision), publishing.reference()
            sat = (reached(item, self._strategy, reference, self._chance) for _ in range(SITTINGS))
            self._sittings[revision] = list(sat)
        return self._sittings[revision][int(self._rng.integers(SITTINGS))]


def print_strategies(world: PublishedWorld, walk: Walk, persons: int, rng: Generator) -> None:
    """The share of skills said to be at level 1 or above, by their own answers and in the learner's picture."""
    click.echo(HEAD)
    for strategy in STRATEGIES:
        stranger = Stranger(world, strategy, rng)
        statements: dict[str, list[tuple[bool, bool]]] = {stage: [] for stage in STAGES}
        for _ in range(persons):
            for stage, observations, skills in _lives(world, stranger, walk, rng):
                statements[stage] += _above_nothing(world, observations, skills)
        shares = (sum(column) / len(pairs) for pairs in statements.values() for column in zip(*pairs, strict=True))
        click.echo("\t".join([strategy, *(f"{share:.4f}" for share in shares)]))


def _lives(
    world: PublishedWorld, stranger: Stranger, walk: Walk, rng: Generator
) -> Iterator[tuple[str, list[Observation], Sequence[str]]]:
    """(stage, all answers by then, the skills that it is about)."""
    skills = tuple(world.skills)
    first = stranger.sitting(PLACEMENT)
    yield STAGES[0], first, skills
    skill = skills[int(rng.integers(len(skills)))]
    yield STAGES[1], first + stranger.sitting(SHARPEN, first, skill), (skill,)
    yield STAGES[2], first + stranger.sitting(PLACEMENT, first), skills
    yield STAGES[3], first + stranger.answered(list(world.checks(walk, rng))), skills


def _above_nothing(
    world: PublishedWorld, observations: Sequence[Observation], skills: Sequence[str]
) -> Iterator[tuple[bool, bool]]:
    measured = matrix(observations, world.skills, world.rules)
    borrowed = {cell.key: cell for cell in correlated_estimates(measured).skills}

    def said(cell: Cell) -> LevelStatement:
        return state(cell, world.rules.cuts)

    yield from ((said(measured.cells[skill]).assured > 0, said(borrowed[skill]).assured > 0) for skill in skills)
