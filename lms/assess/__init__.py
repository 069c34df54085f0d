"""Sitting a test: attempts, answers that are never lost, deadlines, results."""

from __future__ import annotations

from flask import Flask

from lms import publishing
from lms.assess import closing, views
from lms.assess.attempt import Attempt, Refused
from lms.assess.attempts import attempt_of, open_attempt, people_with_open_attempts, start
from lms.assess.closing import close_overdue
from lms.assess.results import ItemResult, Result, results, shares
from lms.database.transaction import transaction

__all__ = [
    "Attempt",
    "ItemResult",
    "Refused",
    "Result",
    "attempt_of",
    "close_overdue",
    "open_attempt",
    "results",
    "shares",
    "start",
    "transaction",
]


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    closing.init_app(app)
    publishing.count_people_with(app, people_with_open_attempts)
