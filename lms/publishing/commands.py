"""`flask content check|load|save|stats`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from lms import clock
from lms import content as pure
from lms.content.load import read_files
from lms.database import db
from lms.identity.models import Organisation
from lms.publishing import files
from lms.publishing.current_content import SHIPPED
from lms.publishing.plan import Plan, plan
from lms.publishing.publish import load as load_files
from lms.publishing.publish import shipped_owner

commands = AppGroup("content", help="Courses and question banks.")
root = click.argument("root", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))

owner = click.option(
    "--organisation", default=SHIPPED, metavar="SLUG", help="Whose content: the shipped one unless told otherwise."
)


@commands.command("check")
@root
@click.option("--no-spelling", is_flag=True, help="Leave out the slow Armenian analyser.")
def check(root: Path | None, no_spelling: bool) -> None:
    """Print what is wrong with the files as path:line: code: message; exit 1 on errors."""
    found = pure.load(_root(root))
    findings = pure.check(found, clock.now().date(), spelling=not no_spelling)
    for finding in findings:
        click.echo(str(finding))
    errors = sum(finding.severity == "error" for finding in findings)
    warnings = len(findings) - errors
    click.echo(f"{len(found.modules)} modules, {len(found.items)} items: {errors} errors, {warnings} warnings")
    sys.exit(1 if errors else 0)


@commands.command("load")
@root
@owner
@click.option("--dry-run", is_flag=True, help="Say what would be published and withdrawn, and whom that touches.")
@click.option("--yes", is_flag=True, help="Do not ask when something goes that people have progress or answers on.")
def load(root: Path | None, organisation: str, dry_run: bool, yes: bool) -> None:
    """Files to the database: publish what changed and is sound, keep the last good version of what is not."""
    owner = _organisation(organisation) if organisation != SHIPPED else shipped_owner()
    proposed = plan(owner, read_files(_root(root)), clock.now().date())
    _tell(proposed)
    withdrawals = proposed.withdrawals()
    for withdrawal in withdrawals:
        click.echo(f"{'would go' if dry_run else 'goes'}: {withdrawal}")
    people = frozenset[int]().union(*(withdrawal.people for withdrawal in withdrawals))
    if not dry_run:
        if people and not yes:
            _ask(len(people))
        report = load_files(_root(root), owner)
        db.session.commit()
        click.echo(f"{report.revisions} new revisions, {report.published} published, {report.withdrawn} withdrawn")
    sys.exit(1 if proposed.findings else 0)


def _tell(proposed: Plan) -> None:
    for finding in proposed.findings:
        click.echo(str(finding), err=True)
    for path in proposed.refused:
        kept = "its last good version stays" if path in proposed.shelf.files else "it is not published"
        click.echo(f"{path}: refused, {kept}", err=True)
    for notice in proposed.notices:
        click.echo(notice)
    for unit in proposed.publish:
        click.echo(f"publish: {unit.kind} {unit.key} {unit.language}".rstrip() + f" ({unit.path})")


def _ask(people: int) -> None:
    """Go on only if somebody says so."""
    question = f"{people} people have progress or answers on what would be withdrawn."
    if not sys.stdin.isatty():
        raise click.ClickException(f"{question} Nothing was changed; say --yes to withdraw it.")
    click.confirm(f"{question} Withdraw it?", abort=True)


@commands.command("save")
@root
@owner
def save(root: Path | None, organisation: str) -> None:
    """The database to files, byte for byte; only files that differ are written."""
    click.echo(f"{files.save(_root(root), _organisation(organisation))} files written")


@commands.command("stats")
@root
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
def stats(root: Path | None, as_json: bool) -> None:
    """Count words and items of the files."""
    counts = pure.stats(pure.load(_root(root)))
    click.echo(json.dumps(counts if as_json else counts["totals"], ensure_ascii=False, indent=2))


def _root(given: Path | None) -> Path:
    return given or Path(current_app.config["HMUT_CONTENT"])


def _organisation(slug: str) -> int:
    number = db.session.scalar(select(Organisation.id).where(Organisation.slug == slug))
    if number is None:
        raise click.ClickException(f"There is no organisation {slug}.")
    return number
