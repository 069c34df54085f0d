"""HR: the organisation's people against a role, with the error and the evidence of every figure."""

from __future__ import annotations

from flask import Flask

from lms.background import jobs
from lms.hiring import commands, listed_standings, views
from lms.hiring.standings import refresher
from lms.identity.landing import register_front_door


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    listed_standings.init_app()
    app.cli.add_command(commands.commands)
    jobs.register(app, refresher(), jobs.HEAVY)
    register_front_door(app, "hr", "hiring.people")
