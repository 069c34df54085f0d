"""`flask framework show | check | adopt`: the competency framework as the program reads it."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from lms import publishing
from lms.competency import Framework, FrameworkError, TestBlueprint, checked, read_framework, read_overlay
from lms.content.model import Item
from lms.content.reference import FOLDER
from lms.content.text import LANGUAGES
from lms.database import db
from lms.evidence.frameworks import FILE, add_edition, framework, newest_edition, overlay_in
from lms.identity.models import Organisation

commands = AppGroup("framework", help="Skills, levels, cuts, evidence gates, roles and test blueprints.")
language_option = click.option(
    "--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the messages."
)


@commands.command("show")
@click.option("--organisation", "slug", default="", help="Its slug; the shipped framework when left out.")
def show(slug: str) -> None:
    """Print what people are judged by."""
    home = _organisation(slug) if slug else None
    in_force, edition = framework(home.id if home else None), newest_edition(home.id) if home else None
    number = f", edition {edition.number} of {edition.created_at:%Y-%m-%d}: {edition.reason}" if edition else ""
    click.echo(f"version {in_force.version}{number}")
    _show_levels(in_force)
    for skill, subs in in_force.tree.items():
        months = (f"{sub} {in_force.sub_competencies[sub].evidence_valid_months:g}" for sub in subs)
        click.echo(f"{skill}, an answer weighs half after months: {', '.join(months)}")
    for role in in_force.roles:
        requirements = ", ".join(f"{key} {level} ({role.weights[key]:g} %)" for key, level in role.required.items())
        minima = ", ".join(f"{key} {level}" for key, level in role.critical.items())
        click.echo(f"role {role.id}: {requirements}; at least {minima}")
    for blueprint in in_force.blueprints:
        click.echo(f"blueprint {blueprint.id}: {blueprint.minutes:g} of {blueprint.time_limit_minutes:g} minutes")


def _show_levels(in_force: Framework) -> None:
    cuts, precision, decision = in_force.cuts, in_force.precision, in_force.decision
    errors = cuts.standard_errors or (None,) * len(cuts.theta)
    numbers = {**vars(precision), **{f"decision.{name}": value for name, value in vars(decision).items()}}
    click.echo(", ".join(f"{name} {value:g}" for name, value in numbers.items()))
    click.echo(f"cuts ({cuts.provenance})")
    for level, (cut, error) in enumerate(zip(cuts.theta, errors, strict=True), 1):
        gates = in_force.gates.sub_competency[level], in_force.gates.skill[level]
        gate_texts = (", ".join(f"{name} {count}" for name, count in vars(gate).items() if count) for gate in gates)
        width = f" ± {error:g}" if error else ""
        click.echo(
            f"  level {level} from {cut:g}{width}; sub-competency: {next(gate_texts)}; skill: {next(gate_texts)}"
        )


@commands.command("check")
@click.argument("path", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@language_option
def check(path: Path | None, language: str) -> None:
    """Read PATH (the file of HMUT_CONTENT when left out) and every organisation's edition of it.

    Exits with 1 and names line and key of whatever contradicts itself. Blueprint slots that the published closed pool
    cannot fill yet are told, and are no error.
    """
    file = path or current_app.config["HMUT_CONTENT"] / FOLDER / FILE
    try:
        read = read_framework(file.read_text("utf-8"), str(file))
    except FrameworkError as error:
        click.echo(error.said(language), err=True)
        raise SystemExit(1) from None
    if [home for home in db.session.scalars(select(Organisation)).all() if not _edition_holds(home, read, language)]:
        raise SystemExit(1)
    thin = [line for blueprint in read.blueprints for line in _thin_slots(blueprint)]
    for line in thin:
        click.echo(line)
    click.echo(
        f"{file}: {len(read.sub_competencies)} sub-competencies, {len(read.roles)} roles; thin slots: {len(thin)}"
    )


def _edition_holds(home: Organisation, shipped: Framework, language: str) -> bool:
    edition = newest_edition(home.id)
    try:
        checked(shipped, overlay_in(edition))
    except FrameworkError as error:
        number = edition.number if edition else 0
        for problem in error.problems:
            click.echo(f"{home.slug}, edition {number}: {problem.said(language)}", err=True)
        return False
    return True


def _thin_slots(blueprint: TestBlueprint) -> list[str]:
    """Slots with fewer items in the published closed pool than the blueprint asks for."""
    pool = [item for _revision, item in publishing.items(pool="closed")]
    lines = []
    for slot in blueprint.slots:
        fitting = [item for item in pool if item.sub == slot.sub and _fits(item, slot.type)]
        least = blueprint.pool_per_slot * slot.items
        if len(fitting) < least:
            lines.append(f"{blueprint.id}: {slot.sub}, {slot.type}: {len(fitting)} of {least} items")
    return lines


def _fits(item: Item, kind: str) -> bool:
    """Whether the item is of the kind, or asks about a stimulus that is."""
    return kind == (item.stimulus.type if item.stimulus else item.type)


@commands.command("adopt")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--organisation", "slug", required=True, help="Its slug.")
@click.option("--reason", required=True, help="Why; it is kept with the edition.")
@language_option
def adopt(path: Path, slug: str, reason: str, language: str) -> None:
    """Make PATH (YAML: `cuts`, `roles` or both) the organisation's newest edition."""
    home = _organisation(slug)
    try:
        edition = add_edition(home.id, None, read_overlay(path.read_text("utf-8"), str(path), framework()), reason)
    except FrameworkError as error:
        raise click.ClickException(error.said(language)) from None
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    db.session.commit()
    click.echo(f"{slug}: edition {edition.number} is in force")


def _organisation(slug: str) -> Organisation:
    home = db.session.scalar(select(Organisation).where(Organisation.slug == slug))
    if home is None:
        raise click.ClickException(f"no organisation has the slug {slug}")
    return home
