"""`flask people export|erase`: a person's data handed out or erased by the operator."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from lms.database import audit, db
from lms.identity.commands import person_named
from lms.privacy import erasure
from lms.privacy.erasure import Report
from lms.privacy.export import archive
from lms.privacy.subject import subject_of


@click.command("export")
@with_appcontext
@click.argument("email")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export(email: str, file: Path) -> None:
    """Write all that is kept of a person into a new ZIP, which only you can read."""
    person = person_named(email)
    content = archive(subject_of(person))
    try:
        file.touch(0o600, exist_ok=False)
        file.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from None
    audit.append_entry(person.organisation_id, None, "person_exported", person.id)
    db.session.commit()
    click.echo(f"{file}: {len(content)} bytes")


@click.command("erase")
@with_appcontext
@click.argument("email")
@click.option("--anonymise", is_flag=True, help="Keep marks and chosen options without a way back to the person.")
@click.option("--dry-run", is_flag=True, help="Say what would go and what would stay; change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask for the address again.")
def erase(email: str, anonymise: bool, dry_run: bool, yes: bool) -> None:
    """Erase a person's data and say what went and what stayed. Back-ups made before still hold them."""
    person, act = person_named(email), "anonymise" if anonymise else "erase"
    if dry_run:
        return _say(erasure.preview(person, act))
    if not yes and click.prompt("Type the address again to confirm").strip().lower() != person.email:
        raise click.ClickException("this is another address; nothing was changed")
    try:
        report = erasure.carry_out(person, act, None)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    db.session.commit()
    _say(report)


def _say(report: Report) -> None:
    for line in report.before:
        kept, why = report.kept.get(line.name, 0), line.holding.why
        fate = report.fate(line)
        number = f"{line.count - kept} deleted, {kept} kept" if fate == "moved" else f"{line.count} {fate}"
        click.echo(f"{line.holding.title.en}: {number}" + (f" ({why.en})" if why and fate != "deleted" else ""))
