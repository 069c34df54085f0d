"""Instructor: the content as it stands, what the check finds in it, how each item fares, and facts to look up."""

from __future__ import annotations

from flask import Flask

from lms.author import views
from lms.identity.landing import register_front_door


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    register_front_door(app, "instructor", "author.courses")
