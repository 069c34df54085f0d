"""Ending attempts whose time is over while nobody is there to end them."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import func, select

from lms import clock
from lms.assess.attempt import Attempt
from lms.background import jobs
from lms.database import db
from lms.database.transaction import transaction

commands = AppGroup("attempts", help="Attempts that run.")
ONE_AT_A_TIME = 4_201  # advisory lock: several workers may have the same idea at the same minute


@transaction
def close_overdue() -> int:
    """Finish every attempt whose time and grace are over; the number of those closed."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
    candidates = db.session.scalars(
        select(Attempt)
        .where(Attempt.submitted_at.is_(None), Attempt.deadline_at < clock.now())
        .order_by(Attempt.id)
        .with_for_update(of=Attempt, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    overdue = [attempt for attempt in candidates if attempt.is_over()]
    for attempt in overdue:
        attempt.finish()
    return len(overdue)


@commands.command("close")
def close() -> None:
    """Finish the attempts whose time is over, so that their results appear though nobody came back."""
    click.echo(f"closed: {close_overdue()}")


def init_app(app: Flask) -> None:
    app.cli.add_command(commands)
    jobs.register(app, close_overdue)
