"""`flask simulate role`: how roles are decided for people who lie a distance from all cuts, or from one alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import click
from numpy.random import Generator

from lms.learn.simulated_person import SimulatedPerson, settled
from lms.learn.simulation import PublishedWorld, Walk
from lms.psychometrics.matrix import Matrix
from lms.psychometrics.profile import RoleProfile, role_gap
from lms.psychometrics.simulated_people import Truth

DISTANCES = (-1.0, -0.5, 0.0, 0.5, 1.0, 1.5)
WEAK = (-1.0, -0.5, 0.0)  # of the one critical minimum, or of its whole skill
STRONG = 1.5  # of all else
MINIMA = (0.9, 0.925, 0.94, 0.95)  # values of decision.minimum that the trade-off is drawn over


def print_role(world: PublishedWorld, role: RoleProfile, walk: Walk, persons: int, rng: Generator) -> None:
    """People who lie the same distance from what the role asks in every skill; questions: of sheets about what keeps
    the role open, mean."""
    click.echo("distance\tmet\tnot met\tundecided\tquestions")
    for distance in DISTANCES:
        people = _alike(world, at_role(role, world, distance), walk, role, persons, rng)
        estimates, questions = settled(people, role, world.skills, world.rules)
        click.echo(
            "\t".join(
                [f"{distance:+.1f}", *(f"{share:.3f}" for share in outcomes(estimates, role)), f"{questions:.1f}"]
            )
        )


def print_minima(
    world: PublishedWorld, role: RoleProfile, walk: Walk, persons: int, rng: Generator, weak: Sequence[float] = WEAK
) -> None:
    """The share that is met, and in brackets undecided, by each value of `decision.minimum`, at all distances and with
    one weak minimum."""
    click.echo("\t".join(["people", *(f"met at {minimum}" for minimum in MINIMA)]))
    for name, truth in _people(world, role, weak):
        people = _alike(world, truth, walk, role, persons, rng)
        asked_of = [replace(role, minimum=minimum) for minimum in MINIMA]
        shares = [outcomes(settled(people, each, world.skills, world.rules)[0], each) for each in asked_of]
        click.echo("\t".join([name, *(f"{met:.3f} ({undecided:.2f})" for met, _, undecided in shares)]))


def _people(world: PublishedWorld, role: RoleProfile, weak: Sequence[float]) -> Iterator[tuple[str, Truth]]:
    strong = at_role(role, world, STRONG)
    for distance in weak:
        for key, level in role.critical.items():
            yield f"{key} {distance:+.1f}, all else {STRONG:+.1f}", {**strong, key: _theta(world, level, distance)}
        for skill, level in _highest_minima(role).items():
            yield f"{skill} {distance:+.1f}, all else {STRONG:+.1f}", {**strong, skill: _theta(world, level, distance)}
    for distance in DISTANCES:
        yield f"all {distance:+.1f}", at_role(role, world, distance)


def _highest_minima(role: RoleProfile) -> dict[str, int]:
    """Of each skill in which the role has any: whoever is strong in all else may lack the skill's own level."""
    highest: dict[str, int] = {}
    for key, level in role.critical.items():
        skill = key.partition(".")[0]
        highest[skill] = max(level, highest.get(skill, 0))
    return highest


def outcomes(matrices: Sequence[Matrix], role: RoleProfile) -> list[float]:
    """Shares of met, not met, undecided."""
    counted = Counter(role_gap(matrix, role).outcome for matrix in matrices)
    return [counted[outcome] / len(matrices) for outcome in ("met", "not_met", "inconclusive")]


def at_role(role: RoleProfile, world: PublishedWorld, distance: float) -> Truth:
    """Every skill so far from the cut of the level that the role asks, or a critical minimum within it."""
    minima = _highest_minima(role)
    levels = {skill: max(role.required.get(skill, 0), minima.get(skill, 0)) for skill in world.skills}
    return {skill: _theta(world, level, distance) for skill, level in levels.items()}


def _theta(world: PublishedWorld, level: int, distance: float) -> float:
    return world.rules.cuts[max(level, 1) - 1] + distance


def _alike(
    world: PublishedWorld, truth: Truth, walk: Walk, role: RoleProfile, persons: int, rng: Generator
) -> list[SimulatedPerson]:
    return [world.person(truth, walk, role.critical, rng) for _ in range(persons)]
