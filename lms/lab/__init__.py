"""The Campaign Lab: a fortnight of social media as a work sample, from research to the next plan."""

from __future__ import annotations

from flask import Flask

from lms.lab import commands, views


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    commands.init_app(app)
