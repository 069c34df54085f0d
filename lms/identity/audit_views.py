"""The audit trail as the administrator reads it, and `flask audit check`, which says whether it still is whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lms.database import audit, db
from lms.database.audit import AuditEntry
from lms.identity.access import current_person, needs
from lms.identity.audit_words import ACTIONS, OF_INVITATIONS, OF_THE_ORGANISATION, change_in_words
from lms.identity.models import OneTimeToken, Person

PAGE = 30


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
    changes = tuple(change_in_words(key, values) for key, values in sorted(entry.detail.items()))
    return TrailLine(
        entry.number, entry.at, who, str(ACTIONS.get(entry.action, entry.action)), subject, changes, entry.seal
    )
