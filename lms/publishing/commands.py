"""`flask content check|load|save|stats`; `new` and `ids` stand in `author_commands`."""

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
from lms.content.load import library_from
from lms.content.new_content import as_draft
from lms.content.reference_entries import Fact, oldest_first
from lms.content.text import LANGUAGES, Text
from lms.database import db
from lms.identity.models import Organisation
from lms.publishing import files
from lms.publishing.author_commands import ids, new
from lms.publishing.current_content import SHIPPED, library
from lms.publishing.fact_checks import FILE, exported
from lms.publishing.load_commands import content_files, load
from lms.publishing.viewer import content_of

commands = AppGroup("content", help="Courses and question banks.")
root = click.argument("root", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))

COUNTS = Text(
    en="{modules} modules, {items} items: {errors} errors, {warnings} warnings",
    hy="{modules} մոդուլ, {items} հարց. սխալ՝ {errors}, զգուշացում՝ {warnings}",
)
owner = click.option(
    "--organisation", default=SHIPPED, metavar="SLUG", help="Whose content: the shipped one unless told otherwise."
)


commands.add_command(new)
commands.add_command(ids)
commands.add_command(load)


@commands.command("check")
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--no-spelling", is_flag=True, help="Leave out the slow Armenian analyser.")
@click.option("--draft", is_flag=True, help="What is not there yet (minima, a language) is a warning.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the messages.")
def check(path: Path | None, no_spelling: bool, draft: bool, language: str) -> None:
    """Print what is wrong as path:line: code: message, errors first; exit 1 on errors. PATH is a folder with courses/
    and quizzes/, or one file or folder below such a one: then only what stands there is told."""
    folder, below = _place(path)
    files = content_files(folder, language)
    loaded = library_from(files)
    chosen = {name for name in files if below is None or Path(name).is_relative_to(below)}
    findings = pure.check(loaded, clock.now().date(), spelling=not no_spelling, paths=None if below is None else chosen)
    if below is not None:
        findings = tuple(finding for finding in findings if Path(finding.path).is_relative_to(below))
    if draft:
        findings = as_draft(findings)
    for finding in sorted(findings, key=lambda finding: finding.severity):
        click.echo(finding.said(language))
    errors = sum(finding.severity == "error" for finding in findings)
    counts = {"errors": str(errors), "warnings": str(len(findings) - errors)}
    counts |= {"modules": str(len(loaded.modules)), "items": str(len(loaded.items))}
    click.echo(COUNTS.filled(**counts).get(language))
    sys.exit(1 if errors else 0)


def _place(path: Path | None) -> tuple[Path, Path | None]:
    """The folder of courses/ and quizzes/, and what is meant below it (None: all)."""
    if path is None:
        return _root(None), None
    whole = path.resolve()
    for folder in (whole, *whole.parents):
        if (folder / "quizzes").is_dir() or (folder / "courses").is_dir():
            return folder, None if folder == whole else whole.relative_to(folder)
    raise click.ClickException(f"{path} stands in no folder with courses/ and quizzes/")


@commands.command("facts")
@root
@owner
@click.option("--export", is_flag=True, help="Write what the organisation's people confirmed into the file.")
def facts(root: Path | None, organisation: str, export: bool) -> None:
    """Platform facts as the organisation sees them, the one due longest first; or write its checks into the file:
    value, date and basis of each checked fact, every other byte as it was."""
    owner, file = _organisation(organisation), _root(root) / FILE
    if not export:
        with content_of(owner):
            click.echo("\n".join(_fact_line(fact) for fact in oldest_first(library().reference.facts.values())))
        return
    before = file.read_bytes()
    after = exported(before.decode(), owner).encode()
    if after != before:
        file.write_bytes(after)
    click.echo(f"{file}: {'written' if after != before else 'nothing to write'}")


def _fact_line(fact: Fact) -> str:
    due = " due" if fact.is_due(clock.now().date()) else ""
    return f"{fact.id}: {fact.value}, of {fact.as_of}, until {fact.valid_until}{due}"


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


def _root(folder: Path | None) -> Path:
    return folder or Path(current_app.config["HMUT_CONTENT"])


def _organisation(slug: str) -> int:
    number = db.session.scalar(select(Organisation.id).where(Organisation.slug == slug))
    if number is None:
        raise click.ClickException(f"There is no organisation {slug}.")
    return number
