"""From results to a reasoned decision: comparing candidates, one candidate, the interview, reports, fairness."""

from __future__ import annotations

from flask import Flask

from lms.selection import views


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
