"""Work that people judge: written tasks, and the desk where raters score them by a rubric, blind."""

from __future__ import annotations

from flask import Flask

from lms.lab import offers
from lms.rating import agreement_views, desk_views, file_views, views
from lms.rating.blueprint import bp

PAGES = (views, desk_views, file_views, agreement_views)  # each adds its views to `bp`


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    offers.add(app, views.offered)
