"""`flask works reopen`: what an administrator does on a person's page, for whoever has only the machine."""

from __future__ import annotations

from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from lms.database import db
from lms.database.transaction import transaction
from lms.worklog.log import WorkLog
from lms.worklog.models import Work
from lms.worklog.reopening import reopen

commands = AppGroup("works", help="Work samples and written tasks.")


def offer(app: Flask, name: str, log: WorkLog[Any, Any]) -> None:
    """Let the command reopen works of this log as `name`."""
    _logs(app)[name] = log
    app.cli.add_command(commands)


def _logs(app: Flask) -> dict[str, WorkLog[Any, Any]]:
    logs: dict[str, WorkLog[Any, Any]] = app.extensions.setdefault("hmut_worklogs", {})
    return logs


@commands.command("reopen")
@click.argument("kind")
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Why the end did not hold; the audit trail keeps it.")
def reopen_work(kind: str, number: int, reason: str) -> None:
    """Let a work sample (KIND lab) or a written task (KIND written) that a wrong clock has ended run again, with the
    time that was left. Its NUMBER stands in its address."""
    logs = _logs(current_app)
    if kind not in logs:
        raise click.ClickException(f"KIND is one of {', '.join(sorted(logs))}, not {kind!r}")
    try:
        work = _reopen(logs[kind], number, reason.strip())
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    left = f"runs again, {work.minutes_left} min left"
    click.echo(f"{kind} {number} " + ("had its last decision already and is whole now" if work.finished_at else left))


@transaction
def _reopen(log: WorkLog[Any, Any], number: int, reason: str) -> Work:
    work: Work | None = db.session.get(log.works, number, with_for_update=True, populate_existing=True)
    if work is None:
        raise ValueError(f"there is no work {number}")
    reopen(log, work, reason, None)
    return work
