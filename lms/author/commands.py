"""`flask statistics …`: the running counts of items held against all answers, and made anew."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import select

from lms.author import item_counts, item_figures
from lms.background import jobs
from lms.database import db, read_only
from lms.identity.models import Organisation

commands = AppGroup("statistics", help="How items work, as it is kept for the instructor's pages.")


@commands.command("check")
def check_counts() -> None:
    """Count all answers and name what is kept otherwise. Exits with 1 where something is."""
    with read_only():
        found = [line for home in _organisations() for line in item_counts.check(home)]
        db.session.rollback()
    for line in found:
        click.echo(line, err=True)
    if found:
        raise SystemExit(1)
    click.echo("every count is what it would be if all answers were counted now")


@commands.command("rebuild")
def rebuild() -> None:
    """Drop all counts and count anew, fifty people at a time; pages show what is counted so far."""
    jobs.stand_back()
    with read_only():
        for home in _organisations():
            item_counts.begin_anew(home)
            while item_counts.bring_up_to_date(home, item_counts.BATCH):
                db.session.rollback()
            item_figures.make(home)
            db.session.rollback()
    click.echo("done")


def _organisations() -> list[int]:
    return list(db.session.scalars(select(Organisation.id)))
