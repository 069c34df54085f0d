"""The Campaign Lab: a fortnight of social media as a work sample, from research to the next plan."""

from __future__ import annotations

from flask import Flask

from lms.lab import commands, runs, views
from lms.web.i18n import language
from lms.worklog import commands as worklog_commands
from lms.worklog import reopening


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    commands.init_app(app)
    worklog_commands.offer(app, "lab", runs.LOG)
    reopening.offer(app, "lab", runs.LOG, lambda run: runs.task_of(run).words.title.get(language()))
