"""From results to a reasoned decision: comparing candidates, one candidate, the interview, reports, fairness."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from lms.background import jobs
from lms.campaigns import offer_candidate_page, offer_page
from lms.hiring.standings import register_roles
from lms.selection import commands, retention, views
from lms.selection.campaign_role import roles_of_candidates


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    offer_page(app, "selection.results", _l("Results"))
    offer_candidate_page(app, "selection.candidate", _l("Result"))
    app.cli.add_command(commands.commands)
    register_roles(app, roles_of_candidates)
    jobs.register(app, retention.delete_due, jobs.HEAVY)
