"""`flask doctor` and `flask mail test`: is this installation safe and whole, line by line, with what to do."""

from __future__ import annotations

import shutil
import smtplib
import sqlite3
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import AppGroup

from lms import clock
from lms.background import mail, smtp
from lms.config import LOOPBACK
from lms.database import db, heartbeat, read_only
from lms.database.revisions import newest_revision, present_revision
from lms.identity.membership import ADDRESS

SOUND_SQLITE = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
LEAST_FREE = 500_000_000  # bytes
mail_commands = AppGroup("mail", help="The outbox and the mail server.")


@dataclass(frozen=True)
class Diagnosis:
    """One thing looked at: `well` is False where somebody should act."""

    about: str
    well: bool
    words: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.well else 'look'}  {self.about}: {self.words}"


@click.command("doctor")
def doctor() -> None:
    """Look at database, disk, addresses, mail and secret; exit 1 where something wants attention."""
    with read_only():
        lines = [*_database(), _disk(), *_address(), *_mail(), _secret()]
    for line in lines:
        click.echo(str(line))
    sys.exit(not all(line.well for line in lines))


def _database() -> Iterator[Diagnosis]:
    if db.engine.dialect.name == "sqlite":
        sound = sqlite_is_sound(sqlite3.sqlite_version_info)
        mended = "the WAL reset fault is mended in it" if sound else "it has the WAL reset fault: one server at a time"
        yield Diagnosis(
            "database", True, f"SQLite {sqlite3.sqlite_version}, {mended}, which a lock on the folder holds"
        )
    else:
        yield Diagnosis("database", True, f"{db.engine.dialect.name}, several servers may write")
    present, newest = present_revision(db), newest_revision()
    yield Diagnosis("schema", present == newest, f"{present or 'none'}, the program's is {newest}")
    yield Diagnosis("writing", heartbeat.beats(), "a write is looked at")


def sqlite_is_sound(version: tuple[int, ...]) -> bool:
    """Whether this SQLite has the fix of the WAL-reset corruption (3.51.3, back-ported to 3.50.7 and 3.44.6)."""
    newest, *ports = SOUND_SQLITE
    return version >= newest or any(version[:2] == port[:2] and version >= port for port in ports)


def _disk() -> Diagnosis:
    free = shutil.disk_usage(current_app.config["HMUT_DATA"]).free
    return Diagnosis("disk", free >= LEAST_FREE, f"{free / 1e9:.1f} GB free for {current_app.config['HMUT_DATA']}")


def _address() -> Iterator[Diagnosis]:
    base = urlsplit(current_app.config["HMUT_BASE_URL"])
    local = base.hostname in LOOPBACK
    yield Diagnosis("address", local or base.scheme == "https", f"{base.geturl()}" + ("" if local else ", use https"))
    proxy = current_app.config["HMUT_PROXY"]
    words = f"{proxy} is believed" if proxy else "none is believed; behind one, set HMUT_PROXY to its address"
    yield Diagnosis("proxy", bool(proxy) or local, words)


def _mail() -> Iterator[Diagnosis]:
    counts = mail.counts()
    yield Diagnosis("letters", counts.failed == 0, f"{counts.waiting} wait, {counts.failed} given up (see /outbox)")
    if not current_app.config["SMTP_URL"]:
        yield Diagnosis("mail server", bool(current_app.config["HMUT_DEMO"]), "SMTP_URL is not set: no letter leaves")
        return
    try:
        with smtp.connection():
            yield Diagnosis("mail server", True, "it answers and takes the sign-in")
    except (OSError, smtplib.SMTPException) as error:
        yield Diagnosis("mail server", False, f"{type(error).__name__}: check SMTP_URL")


def _secret() -> Diagnosis:
    mode = stat.S_IMODE((current_app.config["HMUT_DATA"] / "secret").stat().st_mode)
    return Diagnosis(
        "secret", mode & 0o077 == 0, f"mode {mode:04o}" + (", others may read it: chmod 600" if mode & 0o077 else "")
    )


@mail_commands.command("test")
@click.argument("address")
def test_mail(address: str) -> None:
    """Send a letter to ADDRESS now, past the outbox, and say what the server said."""
    if not current_app.config["SMTP_URL"]:
        raise click.ClickException("SMTP_URL is not set")
    if not ADDRESS.fullmatch(address):
        raise click.ClickException(f"{address} is no address")
    letter = smtp.Letter(0, address, "Hmut", "Փորձնական նամակ։ A test letter.\n", clock.now(), 1)
    try:
        with smtp.connection() as server:
            server.send_message(smtp.message(letter))
    except (OSError, smtplib.SMTPException) as error:
        raise click.ClickException(smtp.reply_of(error) or f"{type(error).__name__}: {error}") from None
    click.echo(f"the server took a letter to {address}")


@mail_commands.command("again")
def try_again() -> None:
    """Have every letter tried anew that was given up."""
    given_up = mail.given_up()
    for letter in given_up:
        mail.send_again(letter)
    db.session.commit()
    click.echo(f"{len(given_up)} letters wait again")
