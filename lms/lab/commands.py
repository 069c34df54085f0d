"""`flask lab`: bots of the design's tables and screening of seeds for every task, and two sprints by one person."""

from __future__ import annotations

import click
import numpy as np
from flask import Flask
from flask.cli import AppGroup

from lms.lab.model.reliability import play_twice
from lms.lab.tasks import CAMPAIGN, TASKS

FAR = 0.05  # that a row of the table may move before it is another model
commands = AppGroup("lab", help="Work samples: bots and screening of seeds.")
task_option = click.option("--task", "name", type=click.Choice(list(TASKS)), default=CAMPAIGN, show_default=True)


def init_app(app: Flask) -> None:
    app.cli.add_command(commands)


@commands.command("bots")
@task_option
@click.option("--seeds", default=80, show_default=True, help="Seeds that each bot plays.")
def play_bots(name: str, seeds: int) -> None:
    """Let every bot play and hold its mean score against the table; ends with 1 where a row has moved."""
    task = TASKS[name]
    played = range(seeds) if name == CAMPAIGN else [*task.seeds][:seeds]  # its table is of every world, the others' not
    bot_scores, moved = [task.bots.scores(seed) for seed in played], False
    for bot, expected in task.bots.table.items():
        scores = np.array([each[bot] for each in bot_scores])
        error = 2 * float(scores.std()) / np.sqrt(len(bot_scores))  # a few seeds say less than the eighty of the table
        off = abs(float(scores.mean()) - expected) > FAR + error
        moved = moved or off
        sign = "moved" if off else ""
        click.echo(f"{bot:18s} mean {scores.mean():5.2f}  sd {scores.std():4.2f}  table {expected:5.2f}  {sign}")
    if moved:
        raise SystemExit(f"A row has moved: that is another model than {task.version}.")


@commands.command("screen")
@task_option
@click.option("--first", default=0, show_default=True, help="First seed.")
@click.option("--count", default=100, show_default=True, help="How many seeds.")
def screen(name: str, first: int, count: int) -> None:
    """List the seeds that are as hard as the others (bounds of the design)."""
    bots = TASKS[name].bots
    kept = [seed for seed in range(first, first + count) if bots.passes(bots.scores(seed))]
    click.echo(f"{len(kept)} of {count} passed: {' '.join(map(str, kept))}")


@commands.command("reliability")
@click.option("--people", default=60, show_default=True, help="Simulated people of every degree of care.")
def two_sprints(people: int) -> None:
    """Let each simulated person play two sprints, and say how far one stands for the person."""
    icc = play_twice(people, TASKS[CAMPAIGN].seeds)
    click.echo(f"{icc.people} people, plan score mean {icc.mean:.2f}, sd {icc.sd:.2f}")
    click.echo(f"two sprints correlate by {icc.correlation:.2f}; ICC of one {icc.single:.2f}, of two {icc.both:.2f}")
