"""The Campaign Lab: a fortnight of social media as a work sample, from research to the next plan."""

from __future__ import annotations

from flask import Flask

from lms.lab import commands, front, runs, views
from lms.lab.blueprint import bp
from lms.web.i18n import language
from lms.worklog import commands as worklog_commands
from lms.worklog import reopening

PAGES = (front, views)  # imported, their routes stand on the blueprint


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    commands.init_app(app)
    worklog_commands.offer(app, "lab", runs.LOG)
    reopening.offer(app, "lab", runs.LOG, lambda run: runs.task_of(run).words.title.get(language()))
