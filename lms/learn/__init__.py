"""The trainee's room: courses, reader, checks and results, the own matrix, certificates."""

from __future__ import annotations

from flask import Flask

from lms import publishing
from lms.learn import certificates, checks, home, matrix, reader, results, searching
from lms.learn.affected import people_with_progress
from lms.learn.blueprint import bp

PAGES = (home, reader, checks, results, matrix, searching, certificates)  # each adds its views to `bp`


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    publishing.count_people_with(app, people_with_progress)
