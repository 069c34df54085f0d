"""Mail leaves through an outbox: the row commits with its cause, a sender delivers it later and as often as it takes.

A letter leaves exactly once: success is the server's word after the body, whatever it says afterwards, and a claim
outlives the slowest conversation. No transaction is open while a mail server is spoken to: a slow one must never hold
the lock that an answer waits for.
"""

from __future__ import annotations

import re
import smtplib
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from flask import current_app
from sqlalchemy import ColumnElement, ForeignKey, Select, String, Text, and_, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column, validates

from lms import clock
from lms.background import smtp
from lms.background.smtp import Letter
from lms.database import Model, UTCDateTime, db
from lms.database.transaction import finds

ATTEMPTS = 8
CLAIM = timedelta(minutes=10)  # longer than a conversation of some twelve words at the utmost patience
SECRET = re.compile(r"/(links|reminders|c|judge)/[\w-]+")
_log = structlog.get_logger("hmut.mail")


@dataclass(frozen=True)
class Counts:
    """Letters that wait for a server, and letters given up after ATTEMPTS tries or because their link died first."""

    waiting: int
    failed: int


class OutboxMail(Model):
    """A mail that does not leave after `useless_from`, when the link in it (of the token `token_id`) is dead."""

    __tablename__ = "outbox_mail"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    token_id: Mapped[int | None] = mapped_column(ForeignKey("one_time_token.id", ondelete="SET NULL"), index=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    useless_from: Mapped[datetime | None] = mapped_column(UTCDateTime)
    error: Mapped[str | None] = mapped_column(String(200))

    @validates("recipient", "subject")
    def _header(self, name: str, value: str) -> str:
        """Line breaks are refused, and a live link does not stand in a subject."""
        if "\r" in value or "\n" in value:
            raise ValueError("a line break in a mail header")
        return without_links(value) if name == "subject" else value

    @property
    def shown(self) -> str:
        """The body as people may read it."""
        return without_links(self.body)

    @property
    def given_up(self) -> bool:
        """Nobody will try it again: eight tries failed, or its link died before it left."""
        late = self.useless_from is not None and self.useless_from <= clock.now()
        return self.sent_at is None and (self.tries >= ATTEMPTS or late)

    @property
    def wrong_address(self) -> bool:
        """The mail server refuses its address for good; 5.7 is about who sends, not to whom."""
        return bool(self.error) and re.match(r"5(?!\d\d 5\.7)", str(self.error)) is not None


def without_links(text: str) -> str:
    """Whoever reads a live link could use it."""
    return SECRET.sub(r"/\1/…", text)


def post(
    organisation_id: int,
    recipient: str,
    subject: str,
    body: str,
    token_id: int | None = None,
    useless_from: datetime | None = None,
) -> OutboxMail:
    """Put a mail into the outbox and return its row; it leaves once the caller has committed."""
    mail = OutboxMail(organisation_id=organisation_id, recipient=recipient, subject=subject, body=body)
    mail.token_id, mail.useless_from = token_id, useless_from
    db.session.add(mail)
    return mail


def send_again(mail: OutboxMail) -> None:
    """Have a letter that was given up tried anew; the caller commits."""
    if mail.sent_at is None:
        mail.tries, mail.due_at, mail.error = 0, clock.now(), None


def given_up() -> list[OutboxMail]:
    """The letters that nobody tries any more and whose links still work."""
    dropped = select(OutboxMail).where(OutboxMail.sent_at.is_(None), OutboxMail.tries >= ATTEMPTS, _is_of_use())
    return list(db.session.scalars(dropped))


def counts() -> Counts:
    """How many letters wait and how many were given up, over the whole installation."""
    number, unscoped = select(func.count(OutboxMail.id)), {"unscoped": True}
    waiting = db.session.scalar(number.where(_waits()), execution_options=unscoped)
    unsent = db.session.scalar(number.where(OutboxMail.sent_at.is_(None)), execution_options=unscoped)
    return Counts(waiting or 0, (unsent or 0) - (waiting or 0))


def _waits() -> ColumnElement[bool]:
    return and_(OutboxMail.sent_at.is_(None), OutboxMail.tries < ATTEMPTS, _is_of_use())


def _is_of_use() -> ColumnElement[bool]:
    """Its link, if it has one, still works."""
    return or_(OutboxMail.useless_from.is_(None), OutboxMail.useless_from > clock.now())


def deliver_due(limit: int = 50) -> int:
    """Try the mails that are due, over one connection; returns how many left. A server that fails ends the round, a
    letter that it refuses does not. Without SMTP_URL all of them wait."""
    letter = _claim() if current_app.config["SMTP_URL"] and finds(_due()) else None
    sent = 0
    if letter is None:
        return sent
    try:
        with smtp.connection() as server:
            while letter:
                sent += _deliver(server, letter)
                limit -= 1
                letter = _claim() if limit else None
    except (OSError, smtplib.SMTPException) as error:  # nobody there, or it broke off: the next letters wait as well
        if letter:
            _note(letter, smtp.trouble_of(error))
    return sent


def _deliver(server: smtplib.SMTP, letter: Letter) -> bool:
    """Whether the letter left. A refusal of this letter alone is noted; an end of the conversation is raised."""
    try:
        server.send_message(smtp.message(letter))
    except smtp.REFUSALS as error:
        if getattr(error, "smtp_code", 0) == smtp.CLOSING:
            raise
        _note(letter, smtp.trouble_of(error))
        return False
    _note(letter, None)
    return True


def _due() -> Select[OutboxMail]:
    is_due = or_(OutboxMail.due_at <= clock.now(), OutboxMail.tries == 0)  # an untried one, whatever the clock was
    return select(OutboxMail).where(_waits(), is_due)


def _claim() -> Letter | None:
    """The next mail that is due. It is put off before it is tried, so that no other sender takes it meanwhile."""
    mail = db.session.scalars(_due().order_by(OutboxMail.id).limit(1).with_for_update(skip_locked=True)).first()
    if mail is None:
        db.session.rollback()
        return None
    mail.tries += 1
    mail.due_at = clock.now() + CLAIM
    letter = Letter(mail.id, mail.recipient, mail.subject, mail.body, mail.created_at, mail.tries)
    db.session.commit()
    return letter


def _note(letter: Letter, error: str | None) -> None:
    """Write down how it went, in the log too. A letter that left keeps no usable link here."""
    mail = db.session.get(OutboxMail, letter.id)
    if mail is None:  # its reader's data were erased while it was on its way
        return db.session.rollback()
    mail.error = error
    if error is None:
        mail.sent_at, mail.body = clock.now(), mail.shown
        _log.info("mail sent", letter=letter.id, tries=letter.tries)
    else:
        mail.due_at = clock.now() + timedelta(seconds=30 * 2**letter.tries)
        outcome = "mail given up" if mail.given_up else "mail failed"
        _log.warning(outcome, letter=letter.id, tries=letter.tries, error=error)
    db.session.commit()
