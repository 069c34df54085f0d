"""Mail leaves through an outbox: the row commits with its cause, a sender delivers it later and as often as it takes."""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from lms import clock
from lms.db import Model, UTCDateTime, db

ATTEMPTS = 8


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
    """Try the mails that are due, one transaction each; returns how many left. Without SMTP_URL they stay visible."""
    if not current_app.config["SMTP_URL"]:
        return 0
    waiting = select(OutboxMail).where(
        OutboxMail.sent_at.is_(None), OutboxMail.due_at <= clock.now(), OutboxMail.tries < ATTEMPTS
    )
    sent = 0
    for mail in db.session.scalars(
        waiting.order_by(OutboxMail.id).limit(limit).with_for_update(skip_locked=True)
    ).all():
        sent += _try(mail)
    db.session.commit()
    return sent


def _try(mail: OutboxMail) -> bool:
    mail.tries += 1
    try:
        _send(mail)
    except (OSError, smtplib.SMTPException) as error:
        mail.error = type(error).__name__
        mail.due_at = clock.now() + timedelta(seconds=30 * 2**mail.tries)
        return False
    mail.sent_at, mail.error = clock.now(), None
    return True


def _send(mail: OutboxMail) -> None:
    """SMTP_URL is smtp://user:password@host:port (STARTTLS when offered) or smtps://."""
    address = urlsplit(current_app.config["SMTP_URL"])
    message = EmailMessage()
    message["From"], message["To"] = current_app.config["MAIL_FROM"], mail.recipient
    message["Subject"] = mail.subject
    message.set_content(mail.body)
    client = smtplib.SMTP_SSL if address.scheme == "smtps" else smtplib.SMTP
    with client(address.hostname or "localhost", address.port or 0, timeout=20) as server:
        server.ehlo()
        if address.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls()
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        server.send_message(message)
