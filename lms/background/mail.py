"""Mail leaves through an outbox: the row commits with its cause, a sender delivers it later and as often as it takes.

No transaction is open while a mail server is spoken to: a slow one must never hold the lock that an answer waits for.
"""

from __future__ import annotations

import re
import smtplib
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from lms import clock
from lms.database import Model, UTCDateTime, db

ATTEMPTS = 8
PATIENCE = 20.0  # seconds that a mail server may take for a word
SECRET = re.compile(r"/links/[\w-]+")


@dataclass(frozen=True)
class Letter:
    """A mail on its way, free of the database."""

    id: int
    recipient: str
    subject: str
    body: str


class OutboxMail(Model):
    __tablename__ = "outbox_mail"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    error: Mapped[str | None] = mapped_column(String(200))


def post(organisation_id: int, recipient: str, subject: str, body: str) -> None:
    """Put a mail into the outbox; it leaves once the caller has committed. Line breaks in the subject are refused."""
    if any(character in recipient + subject for character in "\r\n"):
        raise ValueError("a line break in a mail header")
    db.session.add(OutboxMail(organisation_id=organisation_id, recipient=recipient, subject=subject, body=body))


def deliver_due(limit: int = 20) -> int:
    """Try the mails that are due; returns how many left. A failure ends the round, since the next mail would meet the
    same server. Without SMTP_URL all of them stay visible."""
    sent = 0
    while current_app.config["SMTP_URL"] and sent < limit and (letter := _claim()):
        error = _failure(letter)
        _note(letter, error)
        if error:
            break
        sent += 1
    return sent


def _claim() -> Letter | None:
    """The next mail that is due. It is put off before it is tried, so that no other sender takes it meanwhile."""
    waiting = select(OutboxMail).where(
        OutboxMail.sent_at.is_(None), OutboxMail.due_at <= clock.now(), OutboxMail.tries < ATTEMPTS
    )
    mail = db.session.scalars(waiting.order_by(OutboxMail.id).limit(1).with_for_update(skip_locked=True)).first()
    if mail is None:
        db.session.rollback()
        return None
    mail.tries += 1
    mail.due_at = clock.now() + timedelta(seconds=30 * 2**mail.tries)
    letter = Letter(mail.id, mail.recipient, mail.subject, mail.body)
    db.session.commit()
    return letter


def _failure(letter: Letter) -> str | None:
    """None when it left, else the kind of error: its text may hold addresses."""
    try:
        _send(letter)
    except (OSError, ValueError) as error:  # smtplib's own errors are OSErrors
        return type(error).__name__
    return None


def _note(letter: Letter, error: str | None) -> None:
    """Write down how it went. A letter that left keeps no usable link here."""
    mail = db.session.get_one(OutboxMail, letter.id)
    mail.error = error
    if error is None:
        mail.sent_at, mail.body = clock.now(), SECRET.sub("/links/…", mail.body)
    db.session.commit()


def _send(mail: Letter) -> None:
    """SMTP_URL is smtp://user:password@host:port (STARTTLS when offered) or smtps://."""
    address = urlsplit(current_app.config["SMTP_URL"])
    message = EmailMessage()
    message["From"], message["To"] = current_app.config["MAIL_FROM"], mail.recipient
    message["Subject"] = mail.subject
    message.set_content(mail.body)
    client = smtplib.SMTP_SSL if address.scheme == "smtps" else smtplib.SMTP
    with client(address.hostname or "localhost", address.port or 0, timeout=PATIENCE) as server:
        server.ehlo()
        if address.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls()
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        server.send_message(message)
