"""A letter as it travels, and the conversation with the mail server. It knows no database."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from flask import current_app

from lms.config import LOOPBACK

PATIENCE = 20.0  # seconds that a mail server may take for a word
CLOSING = 421  # the server ends the conversation
REFUSALS = (  # of one letter: by the server, or by the library before a word is sent
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPResponseException,
    smtplib.SMTPNotSupportedError,
    ValueError,
)
NUMBER = re.compile(r"\d+( \d\.\d{1,3}\.\d{1,3})?")  # 550, and where it is told 5.1.1 (RFC 3463)
STOP = re.compile(r"https://\S+/reminders/[\w-]+")  # the link in a letter that ends such letters


@dataclass(frozen=True)
class Letter:
    """A mail on its way, free of the database."""

    id: int
    recipient: str
    subject: str
    body: str
    created_at: datetime
    tries: int


@contextmanager
def connection() -> Iterator[smtplib.SMTP]:
    """A signed-in conversation with SMTP_URL: smtp://user:password@host:port (STARTTLS when offered) or smtps://. A
    server beyond this machine has to show a certificate of its name."""
    address = urlsplit(current_app.config["SMTP_URL"])
    place, tls = (address.hostname or "localhost", address.port or 0), _tls(address.hostname or "localhost")
    with closing(
        smtplib.SMTP_SSL(*place, timeout=PATIENCE, context=tls)
        if address.scheme == "smtps"
        else smtplib.SMTP(*place, timeout=PATIENCE)
    ) as server:
        server.ehlo()
        if address.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls(context=tls)
            server.ehlo()
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        yield server
        with suppress(OSError, smtplib.SMTPException):  # what it says to our goodbye changes nothing
            server.quit()


def _tls(host: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if host in LOOPBACK:  # a relay beside us has no certificate that anybody signed
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def message(letter: Letter) -> EmailMessage:
    """The letter as it travels. Its Message-ID is the same at every try; one that comes again and again can be stopped
    by the mail program's own button (RFC 8058)."""
    mail = EmailMessage()
    sender = str(current_app.config["MAIL_FROM"])
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    mail["From"], mail["To"], mail["Subject"] = sender, letter.recipient, letter.subject
    mail["Date"] = format_datetime(letter.created_at)
    mail["Message-ID"] = f"<hmut-{letter.id}-{int(letter.created_at.timestamp())}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    if stop := STOP.search(letter.body):
        mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"] = f"<{stop[0]}>", "List-Unsubscribe=One-Click"
    mail.set_content(letter.body)
    return mail


def reply_of(error: Exception) -> str:
    """What the server said of the one letter or of the sign-in, after its number; empty where it said nothing."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _line(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        return _line(error.smtp_code, error.smtp_error)
    return ""


def _line(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"


def trouble_of(error: Exception) -> str:
    """How a failure is kept: its kind, and the server's number where that is about the address. What a server says may
    name the person."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return type(error).__name__
    return NUMBER.match(reply_of(error))[0]  # type: ignore[index]
