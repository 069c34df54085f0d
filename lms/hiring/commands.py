"""`flask team …`: the stored standings, made anew and held against what is computed in full."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import delete, update

from lms.database import db
from lms.evidence.models import EvidenceSummary
from lms.evidence.refresh_job import hold, organisations
from lms.hiring.listed_standings import unjudged
from lms.hiring.models import Standing
from lms.hiring.standings import BATCH, bring_up_to_date, check

commands = AppGroup("team", help="How people stand for roles, as it is kept for lists.")


@commands.command("check")
def check_standings() -> None:
    """Compute every standing in full and name what differs. Exits with 1 where something does."""
    hold(check, "every standing is what it would be if it were computed now")


@commands.command("rebuild")
def rebuild() -> None:
    """Drop all standings and make them anew; pages show figures of today meanwhile, without an order."""
    db.session.execute(delete(Standing))
    db.session.execute(unjudged())
    db.session.execute(update(EvidenceSummary).values(basis=""))
    db.session.commit()
    for home in organisations():
        while bring_up_to_date(home, BATCH):
            db.session.rollback()
    click.echo("done")
