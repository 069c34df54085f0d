"""Letters that left long ago lose their texts. Address, subject, time and number stay: they say that a letter went."""

from __future__ import annotations

import time
from datetime import timedelta

from flask import current_app
from sqlalchemy import select, update

from lms import clock
from lms.background.mail import OutboxMail
from lms.database import db
from lms.database.transaction import transaction

EVERY = 3_600.0  # seconds between two looks
BATCH = 500  # letters of one transaction


class LetterThinner:
    """Of one process: looks now and then, and goes on at once while there are more."""

    def __init__(self) -> None:
        self.due = 0.0
        self.__name__ = "thin_letters"

    def __call__(self) -> None:
        if time.monotonic() >= self.due and thin() < BATCH:
            self.due = time.monotonic() + EVERY


@transaction
def thin() -> int:
    """Take the texts of the oldest `BATCH` that left more than HMUT_LETTER_DAYS ago; how many."""
    until = clock.now() - timedelta(days=current_app.config["HMUT_LETTER_DAYS"])
    old = select(OutboxMail.id).where(OutboxMail.sent_at < until, OutboxMail.body != "").order_by(OutboxMail.id)
    numbers = list(db.session.scalars(old.limit(BATCH)))
    if numbers:
        db.session.execute(update(OutboxMail).where(OutboxMail.id.in_(numbers)).values(body=""))
    return len(numbers)
