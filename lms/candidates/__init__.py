"""A candidate's way: from the link through consent and test to the own result. No account, no password."""

from __future__ import annotations

from flask import Blueprint, Flask

from lms import assess
from lms.background import jobs
from lms.campaigns import offer_works
from lms.campaigns.letters import role_name
from lms.candidates import (
    candidate_access,
    candidate_page,
    contest_replies,
    contests,
    groups,
    link_entry,
    overdue,
    progress,
    result,
    sitting_events,
    try_out,
    withdrawal,
    work_samples,
)
from lms.candidates.timeline import Moment, timeline
from lms.web.i18n import language

__all__ = ["Moment", "timeline"]
bp = Blueprint("candidates", __name__)
PAGES = (link_entry, candidate_page, try_out, sitting_events, groups, result, contests, contest_replies, withdrawal)
for page in PAGES:
    page.add_to(bp)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.filters["role_in_words"] = lambda campaign: role_name(campaign, language())
    app.before_request(candidate_access.keep_on_the_way)
    jobs.register(app, overdue.close_overdue)
    assess.ended.connect(progress.note_end)
    offer_works(app, work_samples.offered, work_samples.number_of_raters)
