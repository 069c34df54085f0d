"""Where a cut comes from, in words, with the way to its record for those who may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from lms.competency import Cuts
from lms.identity.access import may_open
from lms.web.i18n import day, number


@dataclass(frozen=True)
class Origin:
    """href: "" for those who may not read the record."""

    level: int
    words: str
    href: str


def cut_records(cuts: Cuts) -> list[Origin]:
    """One for every level whose cut a panel has set."""
    reads = current_user.is_authenticated and may_open(current_user, "panels.panel")
    return [
        Origin(
            record.level,
            _(
                "Angoff panel of %(day)s, %(count)s judges, standard error %(error)s",
                day=day(date.fromisoformat(record.day)),
                count=record.judges,
                error=number(record.standard_error, 2),
            ),
            url_for("panels.panel", panel_id=record.panel) if reads else "",
        )
        for record in cuts.panels
    ]
