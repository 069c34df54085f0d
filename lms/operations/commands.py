"""Commands that belong to no room: `flask jobs run` and `flask bench …`, beside back-up and doctor."""

from __future__ import annotations

import copy
import subprocess
import sys
import threading
from functools import partial
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from lms.background import jobs
from lms.config import ROOT
from lms.database import exit_on_database_error
from lms.lazy_modules import LazyModule
from lms.operations import backup, doctor, partitions
from lms.operations.bootstrap import enter

MIGRATIONS, flask_migrate_cli = "db", LazyModule("flask_migrate.cli")
jobs_commands = AppGroup("jobs", help="Work beside the requests.")


class Commands(AppGroup):
    """The application's commands. Each tells trouble with the database in one line. Those of migrations,
    `flask db`, are read when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), MIGRATIONS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name == MIGRATIONS and MIGRATIONS not in self.commands:
            self.add_command(flask_migrate_cli.db, MIGRATIONS)
        return super().get_command(ctx, cmd_name)

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        command = copy.copy(cmd)  # the command itself may serve several applications
        command.invoke = partial(_invoke, cmd)  # type: ignore[method-assign]
        super().add_command(command, name)


def _invoke(command: click.Command, context: click.Context) -> Any:
    with exit_on_database_error():
        return command.invoke(context)


def init_app(app: Flask) -> None:
    app.cli = Commands(app.name)
    app.cli.add_command(jobs_commands)
    app.cli.add_command(doctor.doctor)
    app.cli.add_command(doctor.mail_commands)
    app.cli.add_command(backup.backup)
    app.cli.add_command(partitions.commands)
    app.cli.add_command(bench)


@jobs_commands.command("run")
def run_jobs() -> None:
    """Send due mail and close overdue attempts until interrupted."""
    jobs.run_forever(current_app._get_current_object(), threading.Event())  # type: ignore[attr-defined]


@click.command("bench", context_settings={"ignore_unknown_options": True})
@click.argument(
    "what", type=click.Choice(("score", "pages", "publish", "cycle", "capacity", "scale", "beside", "hiring"))
)
@click.argument("rest", nargs=-1)
def bench(what: str, rest: tuple[str, ...]) -> None:
    """Measure and print: `score` beside its peers, `pages` beside the health page, `publish` by modules,
    `cycle` a whole sitting part by part, `capacity` saves a second and starts a minute, `scale` each page by people
    (`--people N --answers M`), `beside` what a save costs while heavy work runs, `hiring` candidates of known ability
    through a campaign (`--people N`). Each in processes of its own."""
    module = "tests.psychometrics.bench" if what == "score" else f"tests.bench.{what}"
    enter(
        "requirements.txt", "lms/report/requirements.txt", "tests/requirements.txt"
    )  # what measures stands in the second lock
    sys.exit(subprocess.run([sys.executable, "-m", module, *rest], cwd=ROOT).returncode)  # noqa: S603
