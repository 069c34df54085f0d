"""`flask content load`: says what would be published, refused and withdrawn, asks, and publishes."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from lms import clock
from lms.content.content_files import read_files
from lms.content.errors import ContentError
from lms.content.reference import load_reference
from lms.content.text import LANGUAGES, Text
from lms.database import db, read_only
from lms.identity.models import Organisation
from lms.publishing.current_content import SHIPPED
from lms.publishing.fact_checks import FILE, notices
from lms.publishing.plan import Plan, Withdrawal, plan
from lms.publishing.publish import load_files, shipped_owner

KEPT = Text(en="{path}: refused, its last good version stays", hy="{path}. մերժված է, գործում է վերջին լավ տարբերակը")
NOT_PUBLISHED = Text(en="{path}: refused, it is not published", hy="{path}. մերժված է, չի հրապարակվում")
WOULD_GO = Text(en="would go: {what}", hy="կհանվի՝ {what}")
GOES = Text(en="goes: {what}", hy="հանվում է՝ {what}")
PUBLISH = Text(en="publish: {what}", hy="հրապարակել՝ {what}")
DONE = Text(
    en="{revisions} new revisions, {published} published, {withdrawn} withdrawn",
    hy="նոր տարբերակ՝ {revisions}, հրապարակված՝ {published}, հանված՝ {withdrawn}",
)
ASK = Text(
    en="{people} people have progress or answers on what would be withdrawn.",
    hy="Հանվելիք նյութի վրա առաջընթաց կամ պատասխաններ ունեցող մարդիկ՝ {people}։",
)
UNCHANGED = Text(
    en="{why} Nothing was changed; say --yes to withdraw it.",
    hy="{why} Ոչինչ չի փոխվել. հանելու համար ավելացրեք --yes։",
)
SURE = Text(en="{why} Withdraw it?", hy="{why} Հանե՞լ։")
OVERTAKEN = Text(
    en="somebody else published in the meantime, and now more would be withdrawn than was asked about: {what}. Nothing "
    "was changed; bring your files up to date and load again",
    hy="մինչ այդ ուրիշն էլ է հրապարակել, և հիմա կհանվեր ավելին, քան հարցվել էր՝ {what}։ Ոչինչ չի փոխվել. թարմացրեք "
    "ձեր ֆայլերը և կրկին հրապարակեք",
)


@click.command("load")
@click.argument("root", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--organisation", default=SHIPPED, metavar="SLUG", help="Whose content; the shipped one when left out.")
@click.option("--dry-run", is_flag=True, help="Say what would be published and withdrawn, and whom that touches.")
@click.option("--yes", is_flag=True, help="Do not ask when something goes that people have progress or answers on.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the messages.")
@with_appcontext
def load(root: Path | None, organisation: str, dry_run: bool, yes: bool, language: str) -> None:
    """Files to the database: publish what changed and is sound, keep the last good version of what is not."""
    files = content_files(root or Path(current_app.config["HMUT_CONTENT"]), language)
    owner = _organisation(organisation)
    with read_only():
        proposed = plan(owner, files, clock.now().date())
        going = proposed.withdrawals()
        _tell(proposed, going, dry_run, language)
        _tell_facts(files, None if organisation == SHIPPED else owner)
    db.session.rollback()  # nobody's save waits while somebody reads this and makes up their mind
    if not dry_run:
        people = _people(going)
        if people and not yes:
            _ask(ASK.filled(people=str(len(people))), language)
        _publish(owner, files, None if yes else going, language)
    sys.exit(1 if proposed.findings else 0)


def content_files(root: Path, language: str) -> dict[str, bytes]:
    """What stands below the root; where a file cannot be read the command ends with its line."""
    try:
        return read_files(root)
    except ContentError as error:
        raise click.ClickException(error.findings[0].said(language)) from None


def _organisation(slug: str) -> int:
    if slug == SHIPPED:
        owner = shipped_owner()
        db.session.commit()
        return owner
    number = db.session.scalar(select(Organisation.id).where(Organisation.slug == slug))
    db.session.rollback()
    if number is None:
        raise click.ClickException(f"There is no organisation {slug}.")
    return number


def _publish(owner: int, files: Mapping[str, bytes], withdrawals: Collection[Withdrawal] | None, language: str) -> None:
    """withdrawals: what somebody agreed to withdraw; None: whatever it is."""
    report = load_files(owner, files)
    names = {(it.kind, it.key) for it in withdrawals or ()}
    more = [it for it in report.withdrawals if it.people and (it.kind, it.key) not in names]
    if withdrawals is not None and more:
        db.session.rollback()
        what = ", ".join(f"{it.kind} {it.key}" for it in more)
        raise click.ClickException(OVERTAKEN.filled(what=what).get(language))
    db.session.commit()
    counts = {name: str(getattr(report, name)) for name in ("revisions", "published", "withdrawn")}
    click.echo(DONE.filled(**counts).get(language))


def _people(withdrawals: Collection[Withdrawal]) -> frozenset[int]:
    return frozenset[int]().union(*(withdrawal.people for withdrawal in withdrawals))


def _tell(proposed: Plan, going: Collection[Withdrawal], dry_run: bool, language: str) -> None:
    for finding in proposed.findings:
        click.echo(finding.said(language), err=True)
    for path in proposed.refused:
        refused = KEPT if path in proposed.shelf.files else NOT_PUBLISHED
        click.echo(refused.filled(path=path).get(language), err=True)
    for notice in proposed.notices:
        click.echo(notice.get(language))
    for unit in proposed.publish:
        what = f"{unit.kind} {unit.key} {unit.language}".rstrip() + f" ({unit.path})"
        click.echo(PUBLISH.filled(what=what).get(language))
    for withdrawal in going:
        goes = WOULD_GO if dry_run else GOES
        click.echo(goes.filled(what=withdrawal.said(language)).get(language))


def _tell_facts(files: Mapping[str, bytes], organisation_id: int | None) -> None:
    """A load loses no fact that somebody confirmed: say which ones hold in place of these files'."""
    if FILE in files:
        reference, _findings = load_reference(((FILE, files[FILE]),))
        for notice in notices(reference.facts, organisation_id):
            click.echo(notice)


def _ask(why: Text, language: str) -> None:
    """Go on only if somebody says so."""
    words = {"why": why.get(language)}
    if not sys.stdin.isatty():
        raise click.ClickException(UNCHANGED.filled(**words).get(language))
    click.confirm(SURE.filled(**words).get(language), abort=True)
