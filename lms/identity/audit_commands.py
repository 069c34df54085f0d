"""`flask audit check`, which says whether the trail still is whole."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import select

from lms.database import audit, db
from lms.identity.models import Organisation

commands = AppGroup("audit", help="The trail of who changed what.")


@commands.command("check")
@click.option("--organisation", "slug", default="", help="Its slug; all of them when left out.")
@click.option("--seal", default="", help="A seal written down earlier, which the organisation's trail must still bear.")
def check(slug: str, seal: str) -> None:
    """Read every entry against its seal. Exits with 1 and names the first entry that does not hold."""
    if seal and not slug:
        raise click.UsageError("a seal belongs to one organisation: --organisation SLUG --seal SEAL")
    every = select(Organisation).order_by(Organisation.slug)
    organisations = db.session.scalars(every.where(Organisation.slug == slug) if slug else every).all()
    if not organisations:
        raise click.ClickException(f"no organisation has the slug {slug}")
    if [organisation for organisation in organisations if not _holds(organisation, seal)]:
        raise SystemExit(1)


def _holds(organisation: Organisation, seal: str) -> bool:
    broken = audit.broken_at(organisation.id, seal)
    last = audit.newest(organisation.id, limit=1)
    if broken is not None:
        click.echo(f"{organisation.slug}: entry {broken} is missing or was changed", err=True)
    else:
        click.echo(
            f"{organisation.slug}: {last[0].number if last else 0} entries hold" + (f", {last[0].seal}" if last else "")
        )
    return broken is None
