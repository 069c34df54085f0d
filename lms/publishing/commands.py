"""`flask content check|load|save|stats`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from lms import clock
from lms import content as pure
from lms.database import db
from lms.publishing import files
from lms.publishing.load import load as load_files

commands = AppGroup("content", help="Courses and question banks.")
root = click.argument("root", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))


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
def load(root: Path | None) -> None:
    """Files to the database: publish what changed, report what cannot be read."""
    report = load_files(_root(root))
    db.session.commit()
    for finding in report.findings:
        click.echo(str(finding), err=True)
    click.echo(f"{report.revisions} new revisions, {report.published} published, {report.withdrawn} withdrawn")
    sys.exit(1 if any(finding.severity == "error" for finding in report.findings) else 0)


@commands.command("save")
@root
def save(root: Path | None) -> None:
    """The database to files, byte for byte; only files that differ are written."""
    click.echo(f"{files.save(_root(root))} files written")


@commands.command("stats")
@root
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
def stats(root: Path | None, as_json: bool) -> None:
    """Count words and items of the files."""
    counts = pure.stats(pure.load(_root(root)))
    click.echo(json.dumps(counts if as_json else counts["totals"], ensure_ascii=False, indent=2))


def _root(given: Path | None) -> Path:
    return given or Path(current_app.config["HMUT_CONTENT"])
