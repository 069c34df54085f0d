"""`flask lab`: the bots of the design's table, and the screening of worlds."""

from __future__ import annotations

import click
import numpy as np
from flask import Flask
from flask.cli import AppGroup

from lms.lab.model import bots
from lms.lab.model.constants import VERSION

FAR = 0.05  # that a row of the table may move before it is another model
commands = AppGroup("lab", help="The Campaign Lab: bots and screening of worlds.")


def init_app(app: Flask) -> None:
    app.cli.add_command(commands)


@commands.command("bots")
@click.option("--seeds", default=80, show_default=True, help="Worlds that each bot plays, some 0.5 s each.")
def play_bots(seeds: int) -> None:
    """Let every bot play and hold its mean score against the table; ends with 1 where a row has moved."""
    found = [bots.scores(seed) for seed in range(seeds)]
    moved = False
    for name, expected in bots.TABLE.items():
        scores = np.array([each[name] for each in found])
        error = 2 * float(scores.std()) / np.sqrt(seeds)  # a few worlds say less than the eighty of the table
        off = abs(float(scores.mean()) - expected) > FAR + error
        moved = moved or off
        sign = "moved" if off else ""
        click.echo(f"{name:18s} mean {scores.mean():5.2f}  sd {scores.std():4.2f}  table {expected:5.2f}  {sign}")
    if moved:
        raise SystemExit(f"A row has moved: that is another model than {VERSION}.")


@commands.command("screen")
@click.option("--first", default=0, show_default=True, help="First world.")
@click.option("--count", default=100, show_default=True, help="How many worlds.")
def screen(first: int, count: int) -> None:
    """List the worlds that are as hard as the others (bounds of the design)."""
    kept = [seed for seed in range(first, first + count) if bots.passes(bots.scores(seed))]
    click.echo(f"{len(kept)} of {count} passed: {' '.join(map(str, kept))}")
