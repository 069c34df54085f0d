"""`flask campaigns …`: what tests will do for roles, measured and kept."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import select

from lms import evidence, publishing
from lms.campaigns import expected
from lms.campaigns.models import Expectation
from lms.campaigns.parts import BLUEPRINTS, parts_of
from lms.competency import Framework
from lms.database import db
from lms.identity.models import Organisation

commands = AppGroup("campaigns", help="Assessments that HR gives.")


@commands.command("expect")
@click.option("--organisation", "slug", required=True, help="Whose roles and questions.")
@click.option("--role", "roles", multiple=True, help="A role's id; all of them without.")
@click.option("--form", "forms", multiple=True, type=click.Choice(["screening", "full"]), help="Both without.")
@click.option("--persons", default=expected.PERSONS, show_default=True, type=click.IntRange(50, 100_000))
@click.option("--seed", default=expected.SEED, show_default=True, help="Repeats a run.")
def expect(slug: str, roles: tuple[str, ...], forms: tuple[str, ...], persons: int, seed: int) -> None:
    """Measure a test for a role on simulated people, and keep the figures for HR's pages."""
    home = db.session.scalar(select(Organisation).filter_by(slug=slug))
    if home is None:
        raise click.BadParameter(f"no organisation {slug!r}", param_hint="--organisation")
    click.echo("role\tform\tfalse pass\tfalse fail\topen\tquestions\tmost given")
    with publishing.content_of(home.id):
        framework = evidence.framework(home.id)
        for role in roles or [role.id for role in framework.roles]:
            for form in forms or [name for name in BLUEPRINTS if name != "own"]:
                _tell(role, form, _measure(home.id, framework, role, form, persons, seed))
                db.session.commit()


def _measure(home: int, framework: Framework, role: str, form: str, persons: int, seed: int) -> Expectation:
    if framework.role(role) is None:
        raise click.BadParameter(f"no role {role!r}", param_hint="--role")
    return expected.measure_now(home, framework, role, parts_of(framework, form, role), persons, seed)


def _tell(role: str, form: str, row: Expectation) -> None:
    figures = row.figures or {}
    names = ("false_pass", "false_fail", "open", "questions", "exposure")
    click.echo("\t".join([role, form, *(f"{figures[name]:.3f}" for name in names)]))
