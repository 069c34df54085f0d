"""`flask campaigns …`: what tests will do for roles, measured and kept."""

from __future__ import annotations

from collections.abc import Sequence

import click
from flask.cli import AppGroup
from sqlalchemy import select

from lms import evidence, publishing
from lms.campaigns import expected
from lms.campaigns.bounces import note_bounce
from lms.campaigns.models import Expectation
from lms.campaigns.parts import BLUEPRINTS, Part, parts_of, rules_of, works_of
from lms.competency import Framework
from lms.database import db
from lms.identity.models import Organisation

letters = AppGroup("letters", help="Letters that left.")
commands = AppGroup("campaigns", help="Assessments that HR gives.")


@commands.command("expect")
@click.option("--organisation", "slug", required=True, help="Whose roles and questions.")
@click.option("--role", "roles", multiple=True, help="A role's id; all of them without.")
@click.option("--form", "forms", multiple=True, type=click.Choice(["screening", "full"]), help="Both without.")
@click.option("--stored", is_flag=True, help="All that was ever asked for, own mixes too, instead of roles and forms.")
@click.option("--persons", default=expected.PERSONS, show_default=True, type=click.IntRange(50, 100_000))
@click.option("--seed", default=expected.SEED, show_default=True, help="Repeats a run.")
def expect(slug: str, roles: tuple[str, ...], forms: tuple[str, ...], stored: bool, persons: int, seed: int) -> None:
    """Measure a test for a role on simulated people, and keep the figures for HR's pages."""
    home = db.session.scalar(select(Organisation).filter_by(slug=slug))
    if home is None:
        raise click.BadParameter(f"no organisation {slug!r}", param_hint="--organisation")
    click.echo("role\tform\tfalse pass\tfalse fail\topen\tnothing missing\tquestions\tmost given\tday, seed, content")
    with publishing.content_of(home.id):
        framework = evidence.framework(home.id)
        wanted = expected.stored(home.id) if stored else _asked_for(framework, roles, forms)
        for role, form in wanted:
            if framework.role(role) is None and not stored:
                raise click.BadParameter(f"no role {role!r}", param_hint="--role")
            if framework.role(role):
                _tell(role, form, expected.measure_now(home.id, framework, role, form, persons, seed))
                db.session.commit()


def _asked_for(framework: Framework, roles: Sequence[str], forms: Sequence[str]) -> list[tuple[str, list[Part]]]:
    names = forms or [name for name in BLUEPRINTS if name != "own"]
    return [
        (role, parts_of(framework, form, role))
        for role in roles or [role.id for role in framework.roles]
        for form in names
    ]


def _tell(role: str, parts: Sequence[Part], row: Expectation) -> None:
    figures = row.figures or {}
    names = ("false_pass", "false_fail", "open", "confirmed", "questions", "exposure")
    form = "+".join([str(rules_of(parts).most), *(work.code for work in works_of(parts))])
    day = row.measured_at.date().isoformat() if row.measured_at else ""
    origin = f"{day} {figures['seed']} {row.content_version}"
    click.echo("\t".join([role, form, *(f"{figures[name]:.3f}" for name in names), origin]))


@letters.command("bounced")
@click.argument("address")
@click.option("--organisation", "slug", help="Only there; everywhere without.")
def bounced(address: str, slug: str | None) -> None:
    """The newest letter to ADDRESS came back: HR sees it beside the candidate."""
    home = db.session.scalar(select(Organisation.id).filter_by(slug=slug)) if slug else None
    if slug and home is None:
        raise click.BadParameter(f"no organisation {slug!r}", param_hint="--organisation")
    count = note_bounce(address, home)
    db.session.commit()
    click.echo(f"letters noted: {count}")
