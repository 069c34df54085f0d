"""Sitting a test: attempts, answers that are never lost, deadlines, results. Which tests there are, other rooms say."""

from __future__ import annotations

from flask import Flask

from lms import publishing
from lms.assess import closing, reopening, views
from lms.assess.attempt import Attempt, ended
from lms.assess.attempts import attempt_of, begin, note_result_shown, open_attempt, people_with_open_attempts, start
from lms.assess.closing import close_overdue
from lms.assess.open_questions import OpenQuestions, open_questions
from lms.assess.receipt import LATE_DAYS, ActRefused
from lms.assess.registry import register, result_address, result_endpoint
from lms.assess.results import AttemptResult, ItemResult, mean_credit, results
from lms.assess.specification import Specification
from lms.assess.trials import may_hold_trials
from lms.database.transaction import transaction

__all__ = [
    "ActRefused",
    "Attempt",
    "AttemptResult",
    "ItemResult",
    "OpenQuestions",
    "Specification",
    "attempt_of",
    "begin",
    "close_overdue",
    "ended",
    "may_hold_trials",
    "mean_credit",
    "note_result_shown",
    "open_attempt",
    "open_questions",
    "register",
    "result_address",
    "result_endpoint",
    "results",
    "start",
    "transaction",
]


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    app.jinja_env.globals["late_days"] = LATE_DAYS
    closing.init_app(app)
    reopening.init_app(app)
    publishing.count_people_with(app, people_with_open_attempts)
