"""Letters that left and came back: what a mail provider tells, by hand, by command or by its program."""

from __future__ import annotations

from sqlalchemy import select

from lms import clock
from lms.background.mail import ATTEMPTS, OutboxMail
from lms.database import db

REASON = "bounced"


def note_bounce(address: str, organisation_id: int | None = None) -> int:
    """The newest letter to this address that left did not arrive: nobody tries it again, since its link is no longer
    kept, and the board says so. organisation_id: only there, everywhere without. Returns how many letters that are,
    one an organisation at most. The caller commits."""
    sent = select(OutboxMail).where(OutboxMail.recipient == address.strip().lower(), OutboxMail.sent_at.is_not(None))
    if organisation_id is not None:
        sent = sent.where(OutboxMail.organisation_id == organisation_id)
    newest = {letter.organisation_id: letter for letter in db.session.scalars(sent.order_by(OutboxMail.id))}
    for letter in newest.values():
        letter.sent_at, letter.error, letter.tries, letter.useless_from = None, REASON, ATTEMPTS, clock.now()
    return len(newest)
