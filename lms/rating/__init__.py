"""Work that people judge: written tasks, and the desk where raters score them by a rubric, blind."""

from __future__ import annotations

from flask import Flask

from lms.lab import offers
from lms.rating import agreement_views, desk_views, file_views, views, works
from lms.rating.blueprint import bp
from lms.web.i18n import language
from lms.worklog import commands, reopening

PAGES = (views, desk_views, file_views, agreement_views)  # each adds its views to `bp`


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    offers.add(app, views.offered)
    commands.offer(app, "written", works.LOG)
    reopening.offer(app, "written", works.LOG, lambda work: works.task_of(work).title.get(language()))
