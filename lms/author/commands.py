"""`flask statistics …`: the running counts of items held against all answers, and made anew."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from lms.author import item_count_check, item_counts, item_figures
from lms.background import jobs
from lms.database import db, read_only
from lms.evidence.refresh_job import hold, organisations

commands = AppGroup("statistics", help="How items work, as it is kept for the instructor's pages.")


@commands.command("check")
def check_counts() -> None:
    """Count all answers and name what is kept otherwise. Exits with 1 where something is."""
    hold(item_count_check.check, "every count is what it would be if all answers were counted now")


@commands.command("rebuild")
def rebuild() -> None:
    """Drop all counts and count anew, fifty people at a time; pages show what is counted so far."""
    jobs.stand_back()
    with read_only():
        for home in organisations():
            item_counts.begin_anew(home)
            while item_counts.bring_up_to_date(home, item_counts.BATCH):
                db.session.rollback()
            item_figures.make(home)
            db.session.rollback()
    click.echo("done")
