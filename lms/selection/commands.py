"""`flask decisions check`: whether the decisions of every campaign are as they were sealed."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import select

from lms.campaigns import Campaign, Candidate
from lms.database import db
from lms.database.transaction import read_transaction
from lms.identity.models import Person
from lms.selection.decisions import first_broken
from lms.selection.models import Decision

commands = AppGroup("decisions", help="What was decided about candidates.")


@commands.command("check")
def check() -> None:
    """Name every campaign whose chain of decisions is broken, and where. Exits with 1 where one is."""
    with read_transaction():
        broken = {campaign.id: place for campaign in _campaigns() if (place := _broken(campaign))}
    for campaign_id, number in broken.items():
        click.echo(f"campaign {campaign_id}: decision {number} is missing or not as it was sealed", err=True)
    if broken:
        raise SystemExit(1)
    click.echo("every decision is as it was sealed")


def _campaigns() -> list[Campaign]:
    return list(db.session.scalars(select(Campaign).order_by(Campaign.id)))


def _broken(campaign: Campaign) -> int | None:
    rows = db.session.scalars(select(Decision).filter_by(campaign_id=campaign.id)).all()
    erased = select(Candidate.id).join(Person, Person.id == Candidate.person_id)
    gone = db.session.scalars(erased.where(Candidate.campaign_id == campaign.id, Person.is_erased)).all()
    return first_broken(rows, gone)
