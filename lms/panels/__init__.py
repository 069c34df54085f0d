"""Panels: judges invited by link say how a person just at a level would do on items, and that sets the level's cut."""

from __future__ import annotations

from flask import Flask

from lms.panels import adoption, board, judges, judging, opening
from lms.panels.blueprint import bp
from lms.panels.cut_origin import cut_records

__all__ = ["cut_records"]

for part in (opening, judges, board, adoption, judging):
    part.add_to(bp)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
