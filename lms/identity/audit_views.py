"""The audit trail as the administrator reads it, and `flask audit check`, which says whether it still is whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click
from flask import Blueprint, render_template, request
from flask.cli import AppGroup
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lms.database import audit, db
from lms.database.audit import AuditEntry
from lms.identity.access import current_person, needs
from lms.identity.models import OneTimeToken, Organisation, Person
from lms.identity.role_labels import role_names

PAGE = 30
OF_THE_ORGANISATION = (
    "settings_changed",
    "edition_made",
    "item_voided",
    "item_restored",
    "calibration_asked",
    "fact_confirmed",
    "fact_changed",
    "campaign_made",
    "campaign_changed",
    "candidates_invited",
    "candidates_approve",
    "candidates_remind",
    "candidates_extend",
    "candidates_revoke",
    "candidates_reissue",
    "panel_opened",
    "panel_judges_invited",
    "panel_judge_revoked",
    "panel_second_round",
    "panel_closed",
    "panel_adopted",
)
OF_INVITATIONS = ("invited", "invitation_withdrawn", "joined")
commands = AppGroup("audit", help="The trail of who changed what.")


@dataclass(frozen=True)
class TrailLine:
    """One entry in the reader's language; changes: (what, before, after), the values empty where only a name stood."""

    number: int
    at: datetime
    who: str
    action: str
    subject: str
    changes: tuple[tuple[str, str, str], ...]
    seal: str


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/audit", view_func=trail)


@needs("administrator")
def trail() -> ResponseReturnValue:
    before = request.args.get("before", type=int)
    before = before if before and 0 < before < 2**31 else None
    entries = audit.newest(current_person.organisation_id, before, PAGE)
    older = entries[-1].number if len(entries) == PAGE and entries[-1].number > 1 else None
    return render_template("identity/audit.html", lines=_lines(entries), older=older, newest=before is None)


def _lines(entries: list[AuditEntry]) -> list[TrailLine]:
    people = _names(Person, Person.name, [entry.actor for entry in entries] + [entry.subject for entry in entries])
    invited = _names(OneTimeToken, OneTimeToken.email, [entry.subject for entry in entries])
    return [_line(entry, people, invited) for entry in entries]


def _names(model: type[Any], column: Any, ids: Iterable[int | None]) -> dict[int, str]:
    """Names of our own rows by id; what is gone, or somebody else's, has none."""
    ours = (model.organisation_id == current_person.organisation_id, model.id.in_({number for number in ids if number}))
    rows = db.session.execute(select(model.id, column).where(*ours)).all()
    return {row.id: row[1] or f"№ {row.id}" for row in rows}


def _line(entry: AuditEntry, people: dict[int, str], invited: dict[int, str]) -> TrailLine:
    who = _("Command line") if entry.actor is None else people.get(entry.actor, f"№ {entry.actor}")
    names = invited if entry.action in OF_INVITATIONS else people
    subject = "" if entry.action in OF_THE_ORGANISATION else names.get(entry.subject, f"№ {entry.subject}")
    changes = tuple(_change(key, values) for key, values in sorted(entry.detail.items()))
    return TrailLine(
        entry.number, entry.at, who, actions().get(entry.action, entry.action), subject, changes, entry.seal
    )


def _change(key: str, values: list[Any]) -> tuple[str, str, str]:
    """A change is [before, after]; the roles of somebody new are a plain list."""
    label = fields().get(key, key)
    if not values:
        return label, "", ""
    if isinstance(values[0], str) and key == "roles":
        return label, "", _shown(values)
    return label, _shown(values[0]), _shown(values[1])


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(role_names().get(str(role), str(role)) for role in value)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    names = {"hy": "հայերեն", "en": "English", "app": _("Authenticator app"), "passkey": _("Passkey")}
    return str(names.get(value, value))


def actions() -> dict[str, str]:
    return {
        "person_added": _("Account added"),
        "person_changed": _("Account changed"),
        "invited": _("Invitation sent"),
        "invitation_withdrawn": _("Invitation withdrawn"),
        "joined": _("Invitation accepted"),
        "settings_changed": _("Settings changed"),
        "link_made": _("Sign-in link made"),
        "password_set": _("Password changed"),
        "factor_added": _("Second factor added"),
        "factor_removed": _("Second factor removed"),
        "factor_reset": _("Second factor reset"),
        "codes_renewed": _("Recovery codes renewed"),
        "recovery_code_used": _("Recovery code used"),
        "edition_made": _("Roles and cuts changed"),
        "attempt_reopened": _("Ended test reopened"),
        "work_reopened": _("Ended work reopened"),
        "person_exported": _("Copy of a person's data made"),
        "person_erased": _("A person's data erased"),
        "person_anonymised": _("A person erased, marks kept without a name"),
        "item_voided": _("Question declared void"),
        "item_restored": _("Question valid again"),
        "calibration_asked": _("Calibration asked for"),
        "fact_confirmed": _("Platform fact confirmed"),
        "fact_changed": _("Platform fact changed"),
        "panel_opened": _("Panel of judges opened"),
        "panel_judges_invited": _("Judges invited"),
        "panel_judge_revoked": _("A judge's link shut"),
        "panel_second_round": _("Second round of a panel opened"),
        "panel_closed": _("Panel ended"),
        "panel_adopted": _("A panel's cut taken over"),
        "campaign_made": _("Campaign made"),
        "campaign_changed": _("Campaign changed"),
        "candidates_invited": _("Candidates invited"),
        "candidates_approve": _("Candidates let in"),
        "candidates_remind": _("Candidates reminded"),
        "candidates_extend": _("Candidates given more days"),
        "candidates_revoke": _("Candidates' links shut"),
        "candidates_reissue": _("Candidates given new links"),
        "candidate_withdrew": _("Candidate withdrew"),
        "contest_answered": _("Candidate's objection answered"),
    }


def fields() -> dict[str, str]:
    return {
        "name": _("Name"),
        "roles": _("Roles"),
        "extra_time": _("Time limits are multiplied by"),
        "active": _("May sign in"),
        "rater": _("Rates works of people"),
        "language": _("Language of its mails"),
        "edition": _("Edition"),
        "attempt": _("Test, number"),
        "work": _("Work, number"),
        "reason": _("Reason"),
        "count": _("How many"),
        "factor": _("Second factor"),
        "factor_roles": _("Who needs a second factor to sign in"),
        "gone": _("Rows erased"),
        "kept": _("Rows kept without a name"),
        "item": _("Question"),
        "fact": _("Platform fact"),
        "value": _("Value"),
        "as_of": _("Looked up on"),
        "status": _("Status"),
        "registration_open": _("Anybody with the address may register as a trainee"),
    }


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
