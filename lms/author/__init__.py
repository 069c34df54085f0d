"""Instructor: the content as it stands, what the check finds in it, how each item fares, and facts to look up."""

from __future__ import annotations

from flask import Flask

from lms import evidence
from lms.author import commands, item_counts, item_figures, views
from lms.author.calibration_runs import Calibrator
from lms.author.counting_job import refresher
from lms.background import jobs
from lms.identity.landing import register_front_door


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    app.cli.add_command(commands.commands)
    jobs.register(app, refresher(), jobs.HEAVY)
    jobs.register(app, Calibrator())
    evidence.before_removal(app, item_counts.take_back)
    evidence.say_language_status(app, item_figures.language_status)
    register_front_door(app, "instructor", "author.courses")
