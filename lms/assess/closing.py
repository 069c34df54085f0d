"""Ending attempts whose time is over while nobody is there to end them."""

from __future__ import annotations

import time

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import Select, func, select

from lms import clock
from lms.assess.attempt import Attempt
from lms.assess.reopening import reopen
from lms.background import jobs
from lms.database import db
from lms.database.transaction import finds, transaction

commands = AppGroup("attempts", help="Attempts that run.")
BATCH, BREATH = 20, 0.01  # attempts of one transaction; seconds between two
ONE_AT_A_TIME = 4_201  # advisory lock: several workers may have the same idea at the same minute


def close_overdue() -> int:
    """Finish every attempt whose time and grace are over; the number of those closed.

    Many may end in one moment: they close a few at a time, each batch in a transaction of its own, with room for savers
    between two.
    """
    closed, after = 0, 0
    while finds(_late(after)):
        few, last = _close_batch(after)
        closed += few
        if last is None:
            break
        after = last
        time.sleep(BREATH)
    return closed


def _late(after: int) -> Select[Attempt]:
    """Attempts with ids above `after` whose time is over; the grace of some may not be."""
    return select(Attempt).where(Attempt.submitted_at.is_(None), Attempt.deadline_at < clock.now(), Attempt.id > after)


@transaction
def _close_batch(after: int) -> tuple[int, int | None]:
    """Finish the next candidates with ids above `after`: how many ended, and the last id, None at the end of them."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
    candidates = db.session.scalars(
        _late(after)
        .order_by(Attempt.id)
        .limit(BATCH)
        .with_for_update(of=Attempt, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    overdue = [attempt for attempt in candidates if attempt.is_over()]
    for attempt in overdue:
        attempt.finish()
    return len(overdue), candidates[-1].id if len(candidates) == BATCH else None


@commands.command("close")
def close() -> None:
    """Finish the attempts whose time is over, so that their results appear though nobody came back."""
    click.echo(f"closed: {close_overdue()}")


@commands.command("reopen")
@click.argument("attempt_id", type=int)
@click.option("--reason", required=True, help="Why the end did not hold; the audit trail keeps it.")
def reopen_attempt(attempt_id: int, reason: str) -> None:
    """Let an attempt that a wrong clock has ended run again, with the time that was left."""
    try:
        left, practice = _reopen(attempt_id, reason.strip())
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"attempt {attempt_id} runs again" + ("" if left is None else f", {left // 60:.0f} min left"))
    if practice:
        click.echo("its result had been shown: its questions are practice now and give no evidence")


@transaction
def _reopen(attempt_id: int, reason: str) -> tuple[float | None, bool]:
    attempt = db.session.get(Attempt, attempt_id, with_for_update={"of": Attempt}, populate_existing=True)
    if attempt is None:
        raise ValueError(f"there is no attempt {attempt_id}")
    practice = attempt.result_shown_at is not None
    reopen(attempt, reason)
    return attempt.time_left(), practice


def init_app(app: Flask) -> None:
    app.cli.add_command(commands)
    jobs.register(app, close_overdue)
