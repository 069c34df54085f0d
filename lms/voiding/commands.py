"""`flask items void|restore`: the operator's way, for one organisation or for all that used the item."""

from __future__ import annotations

from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from lms.database import db
from lms.evidence import VoidVerdict
from lms.identity.models import Organisation
from lms.voiding import effect, letters
from lms.voiding.effect import Effect

items = AppGroup("items", help="Questions found wrong.")


class _Command(click.Command):
    """Both commands take the same words."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(**rest)
        self.params = [
            click.Argument(["key"]),
            click.Option(["--reason"], required=True, help="Why; the audit trail keeps it."),
            click.Option(["--organisation", "slug"], default="", help="Its slug; all of them when left out."),
            click.Option(["--revision"], type=int, help="One version only; all of them when left out."),
            click.Option(["--letters", "with_letters"], is_flag=True, help="Write to the people it touches."),
            click.Option(["--dry-run"], is_flag=True, help="Say whom it touches; change nothing."),
            click.Option(["--yes"], is_flag=True, help="Do not ask."),
        ]


@items.command("void", cls=_Command)
def void(key: str, **options: Any) -> None:
    """Declare an item void: its evidence no longer counts. Says whom that touches and asks."""
    _run(key, True, **options)


@items.command("restore", cls=_Command)
def restore(key: str, **options: Any) -> None:
    """Make a void item valid again: matrices are as they were."""
    _run(key, False, **options)


def _run(
    key: str,
    is_void: bool,
    slug: str,
    reason: str,
    revision: int | None,
    with_letters: bool,
    dry_run: bool,
    yes: bool,
) -> None:
    for organisation in _organisations(slug):
        versions = {row.id for row in effect.revisions(organisation.id, key)}
        if not versions or (revision is not None and revision not in versions):
            raise click.ClickException(f"{organisation.slug} has no item {key}" + (f" {revision}" if revision else ""))
        verdict = VoidVerdict(organisation.id, key, revision, is_void)
        foreseen = effect.preview(verdict)
        _tell(organisation.slug, foreseen)
        if dry_run or not (yes or click.confirm("Do it?")):
            continue
        _say(verdict, reason.strip(), foreseen if with_letters else None)
        db.session.commit()


def _say(verdict: VoidVerdict, reason: str, readers: Effect | None) -> None:
    try:
        effect.carry_out(verdict, reason, None)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    if readers:
        with current_app.test_request_context():
            letters.write(readers, verdict.is_void)


def _organisations(slug: str) -> list[Organisation]:
    every = select(Organisation).where(Organisation.slug == slug) if slug else select(Organisation)
    organisations = list(db.session.scalars(every.order_by(Organisation.slug)))
    if not organisations:
        raise click.ClickException(f"no organisation has the slug {slug}")
    return organisations


def _tell(slug: str, effect: Effect) -> None:
    click.echo(
        f"{slug}: {len(effect.people)} people, {effect.attempts} tests, {effect.evidence} pieces of evidence; "
        f"{effect.shifted} cells change, {len(effect.moved)} of them their level; checks passed by it: "
        f"{len(effect.passed)}, no longer: {len(effect.failed)}; certificates that stay: {effect.certificates}"
    )
