"""`flask simulate …`: what the tests and the level rules of today do to people whose ability is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import click
import numpy as np
from flask.cli import AppGroup
from numpy.random import Generator

from lms import evidence, publishing
from lms.competency import role_profiles, state
from lms.content.model import Library
from lms.database.transaction import read_transaction
from lms.learn.language_figures import print_languages
from lms.learn.placement_figures import print_placements
from lms.learn.role_figures import WEAK, print_minima, print_role
from lms.learn.simulation import PublishedWorld, Walk
from lms.learn.strategy_figures import print_strategies
from lms.psychometrics.matrix import Cell, Matrix
from lms.psychometrics.simulated_calibration import CROWDS, calibration_figures
from lms.psychometrics.simulated_drift import drift_figures
from lms.psychometrics.simulated_people import Truth, skill_figures

commands = AppGroup("simulate", help="What tests and level rules do, measured on people whose ability is known.")

ABILITIES = (-2.0, -1.0, 0.0, 1.0, 2.0)

persons = click.option("--persons", default=300, show_default=True, type=click.IntRange(10, 100_000), help="A line.")
seed = click.option("--seed", type=int, help="Repeat a run; a fresh one without.")
works = click.option("--works", default=0, help="How many times each work sample that there is.")
courses = click.option("--courses", default="", help="With commas between, or 'all': every check of them is sat.")


@commands.command("placement")
@persons
@seed
def placement(persons: int, seed: int | None) -> None:
    """The first round, one skill sharpened, a second placement; beside them twenty questions at once."""
    with _world(seed) as (world, rng):
        print_placements(world, persons, rng)


@commands.command("trainee")
@persons
@seed
@courses
@works
@click.option("--work-samples", default=0, help="Rated criteria for each sub-competency.")
def trainee(persons: int, seed: int | None, courses: str, work_samples: int, works: int) -> None:
    """A placement, the checks of courses, work samples."""
    with _world(seed) as (world, rng):
        _tell(world, _walk(courses or "all", work_samples, works), persons, rng)


@commands.command("strategies")
@persons
@seed
@courses
def strategies(persons: int, seed: int | None, courses: str) -> None:
    """People who answer without knowing anything: by chance, the same always, the longest, from another's sheet."""
    with _world(seed) as (world, rng):
        print_strategies(world, _walk(courses or "all", 0), persons, rng)


@commands.command("role")
@click.argument("name")
@persons
@seed
@courses
@works
@click.option("--work-samples", default=0, help="Rated criteria for each sub-competency.")
@click.option("--work-at", default=0.5, show_default=True, help="Theta around which those are hard.")
@click.option("--settle", is_flag=True, help="After it, sheets about what keeps the role open.")
@click.option("--further", default=0, help="After those further work samples about it, of two rated criteria each.")
@click.option("--minima", is_flag=True, help="Also one weak critical minimum, by values of decision.minimum.")
@click.option("--weak", default=WEAK, multiple=True, show_default=True, help="How far from its cut the weak one lies.")
def role(
    name: str,
    persons: int,
    seed: int | None,
    courses: str,
    work_samples: int,
    works: int,
    work_at: float,
    settle: bool,
    further: int,
    minima: bool,
    weak: tuple[float, ...],
) -> None:
    """How a role is decided for people who lie a distance above or below all its cuts, or below one alone."""
    with _world(seed) as (world, rng):
        settle = settle or further > 0
        profile = role_profiles(evidence.framework()).get(name)
        if profile is None:
            raise click.BadParameter(f"no role {name!r}", param_hint="NAME")
        walk = replace(_walk(courses or "all", work_samples, works), work_at=work_at, settle=settle, further=further)
        if minima:
            print_minima(world, profile, walk, persons, rng, weak)
        else:
            print_role(world, profile, walk, persons, rng)


@commands.command("languages")
@click.option("--repeats", default=100, show_default=True, type=click.IntRange(2, 10_000), help="Tests a line.")
@seed
def languages(repeats: int, seed: int | None) -> None:
    """Differences between languages where they are known: size found, power, at 100, 200 and 500 answers in each."""
    with _world(seed) as (world, rng):
        print_languages(world.placement_items, repeats, rng)


@commands.command("drift")
@click.option("--runs", default=100, show_default=True, type=click.IntRange(10, 10_000))
@click.option("--anchors", default=20, show_default=True, type=click.IntRange(10, 100))
@click.option("--answers", default=400, show_default=True, type=click.IntRange(50, 5_000), help="Of each anchor.")
@click.option("--knowing", default=0.67, show_default=True, help="Share of people who know the three leaked answers.")
@seed
def drift(runs: int, anchors: int, answers: int, knowing: float, seed: int | None) -> None:
    """What the watch over anchors in `flask calibrate` tells of three planted leaks, and without any."""
    figures = drift_figures(_generator(seed), runs, anchors, answers, knowing=knowing)
    shares = f"leaks told: {figures.flagged:.3f}; all three: {figures.all_flagged:.3f}"
    click.echo(f"{shares}; another one beside: {figures.beside:.3f}")
    click.echo(f"false alarms where nothing leaked: {figures.false_alarms:.3f} of runs")


@commands.command("difficulties")
@click.option("--runs", default=50, show_default=True, type=click.IntRange(2, 10_000), help="Calibrations a line.")
@seed
def difficulties(runs: int, seed: int | None) -> None:
    """Whether 95 % intervals of calibrated difficulties hold, where authors are off by a known size."""
    rng = _generator(seed)
    click.echo("people\toff\tthresholds\tslopes\tguessing\tcoverage\terror\tlearned")
    for crowd in CROWDS:
        outcome = calibration_figures(rng, runs, crowd)
        words = "spread" if crowd.spread else "exact", "half" if crowd.guessing else "none"
        figures = [f"{outcome.coverage:.3f}", f"{outcome.error:.3f}", f"{outcome.learned:.2f}"]
        click.echo("\t".join([f"{crowd.people}\t{crowd.off}\t{crowd.thresholds}", *words, *figures]))


def _generator(seed: int | None) -> Generator:
    """From the seed, or from a fresh one, which is said."""
    fresh = int(np.random.SeedSequence().generate_state(1)[0]) if seed is None else seed
    click.echo(f"seed {fresh}")
    return np.random.default_rng(fresh)


@contextmanager
def _world(seed: int | None) -> Iterator[tuple[PublishedWorld, Generator]]:
    """Without a hold on the database, which others go on writing for the minutes that this takes."""
    rng = _generator(seed)
    with read_transaction():
        yield PublishedWorld(evidence.rules()), rng


def _walk(courses: str, work_samples: int, works: int = 0) -> Walk:
    library = publishing.library()
    taught = {name: module.course for module in library.modules.values() for name in _names(library, module.course)}
    wanted = taught if courses == "all" else list(filter(None, courses.split(",")))
    if unknown := set(wanted) - taught.keys():
        raise click.BadParameter(f"no course {sorted(unknown)[0]!r}", param_hint="--courses")
    return Walk(frozenset(taught[name] for name in wanted), work_samples, works=works)


def _names(library: Library, course: str) -> tuple[str, str]:
    """Its id and its slug."""
    return course, library.courses[course].slug


def _tell(world: PublishedWorld, walk: Walk, persons: int, rng: Generator) -> None:
    """People of every ability, then those of one ability in all skills."""
    drawn = [dict(zip(world.skills, rng.standard_normal(len(world.skills)), strict=True)) for _ in range(persons)]
    everybody = world.people(drawn, walk, rng)
    questions = [sum(matrix.cells[skill].n for skill in world.skills) for _, matrix in everybody]
    click.echo(f"questions a person, median: {np.median(questions):.0f}")
    click.echo("theta\tstated\tcoverage\twidth\tbias")
    _line("N(0, 1)", everybody, world)
    for theta in ABILITIES:
        alike = [dict.fromkeys(world.skills, theta)] * persons
        _line(f"{theta:+.0f}", world.people(alike, walk, rng), world)


def _line(name: str, people: Sequence[tuple[Truth, Matrix]], world: PublishedWorld) -> None:
    def stated(cell: Cell) -> bool:
        return state(cell, world.rules.cuts).known

    it = skill_figures(people, stated)
    click.echo("\t".join([name, *(f"{figure:.3f}" for figure in (it.stated, it.coverage, it.width, it.bias))]))
