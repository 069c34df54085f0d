"""Whom HR asks to invite: what speaks against it, line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import request
from flask_babel import gettext as _
from sqlalchemy import func, select

from lms.campaigns import people_table
from lms.campaigns.blueprint import candidates_of
from lms.campaigns.models import Campaign, Candidate
from lms.campaigns.people_table import Invited, Row, Wrong
from lms.database import db
from lms.identity import invitees

MOST_OF_CAMPAIGN = 2_000


@dataclass
class PeopleTable:
    """A table on its way: what was read, what its columns are taken for, and what is wrong."""

    rows: list[Row] = field(default_factory=list)
    mapping: list[str] = field(default_factory=list)
    heading: bool = False
    people: Sequence[Invited] = ()
    wrong: Sequence[Wrong] = ()
    problem: str = ""


def judged(campaign: Campaign, table: PeopleTable) -> PeopleTable:
    spoken = language_of(campaign)
    invited, wrong = people_table.read(table.rows, table.mapping, table.heading, spoken, campaign.languages)
    here = taken(campaign, invited)
    lines = {invitee.line for invitee in here}
    table.people = [invitee for invitee in invited if invitee.line not in lines]
    table.wrong = sorted([*wrong, *here], key=lambda invitee: invitee.line)
    table.problem = too_many(campaign, table.people)
    if "email" not in table.mapping:
        table.problem = _("Say which column holds the e-mail addresses.")
    return table


def language_of(campaign: Campaign) -> str:
    """Of those who are named without one: what the form says, else the campaign's first."""
    wanted = request.form.get("language", "")
    return wanted if wanted in campaign.languages else str(campaign.languages[0])


def taken(campaign: Campaign, wanted: Sequence[Invited]) -> list[Wrong]:
    """Those who are in the campaign already."""
    candidates = candidates_of(campaign).where(Candidate.email.in_([invitee.email for invitee in wanted]))
    here = set(db.session.scalars(candidates.with_only_columns(Candidate.email)))
    return [
        Wrong(invitee.line, invitee.email, _("is in this campaign already"))
        for invitee in wanted
        if invitee.email in here
    ]


def too_long() -> str:
    return str(_("Invite at most %(count)s people at once.", count=invitees.MOST))


def too_many(campaign: Campaign, wanted: Sequence[Invited]) -> str:
    count = db.session.scalar(select(func.count()).select_from(candidates_of(campaign).subquery())) or 0
    if len(wanted) > invitees.MOST:
        return too_long()
    if count + len(wanted) > MOST_OF_CAMPAIGN:
        return str(_("A campaign takes at most %(count)s people.", count=MOST_OF_CAMPAIGN))
    return ""
