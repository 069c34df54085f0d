"""Third step, and whenever people join later: paste, a table with its columns mapped, one link for many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from lms.campaigns import letters, people_table
from lms.campaigns.blueprint import candidates_of, hr, note, own_campaign, own_framework
from lms.campaigns.candidacies import add_candidate
from lms.campaigns.letter_texts import words_of
from lms.campaigns.models import Campaign, Candidate
from lms.campaigns.parts import minutes_of
from lms.campaigns.people_table import COLUMNS, Invited, Row, Wrong
from lms.campaigns.sheet import rows_of_file
from lms.database import db
from lms.database.transaction import in_steps, transaction
from lms.identity import invitees
from lms.identity.access import current_person

MOST_OF_CAMPAIGN = 2_000
LONGEST_PASTE = 40_000  # characters of pasted lines


@dataclass
class PeopleTable:
    """A table on its way: what was read, what its columns are taken for, and what is wrong."""

    rows: list[Row] = field(default_factory=list)
    mapping: list[str] = field(default_factory=list)
    heading: bool = False
    people: Sequence[Invited] = ()
    wrong: Sequence[Wrong] = ()
    problem: str = ""


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/campaigns/<id:campaign_id>/people", view_func=people)
    bp.add_url_rule("/campaigns/<id:campaign_id>/people", view_func=invite, methods=["POST"])
    bp.add_url_rule("/campaigns/<id:campaign_id>/people/table", view_func=upload, methods=["POST"])
    bp.add_url_rule("/campaigns/<id:campaign_id>/people/rows", view_func=invite_rows, methods=["POST"])


@hr
def people(campaign_id: int) -> ResponseReturnValue:
    return _page(own_campaign(campaign_id))


@hr
@transaction
def invite(campaign_id: int) -> ResponseReturnValue:
    """Invite everybody whom the pasted lines name, or nobody: each line that is wrong is said."""
    campaign = own_campaign(campaign_id)
    text = request.form.get("people", "")
    if len(text.replace("\r\n", "\n")) > LONGEST_PASTE:  # cut, its last address would be another one
        return _page(campaign, text[:LONGEST_PASTE], problem=_too_long()), 422
    invited, unread = invitees.read(text)
    spoken = _language_of(campaign)
    wanted = [Invited(invitee.line, invitee.name, invitee.email, spoken) for invitee in invited]
    wrong = [Wrong(invitee.line, invitee.text, invitees.reason(invitee)) for invitee in unread]
    wrong += _taken(campaign, wanted)
    problem = _too_many(campaign, wanted) or ("" if invited or wrong else _("Nobody is named yet."))
    if wrong or problem:
        return _page(campaign, text, sorted(wrong, key=lambda invitee: invitee.line), problem), 422
    return _invited(campaign, wanted)


@hr
@transaction  # a form without a file changes nothing, and a file alone neither
def upload(campaign_id: int) -> ResponseReturnValue:
    """Show the table that was sent, with what its columns seem to hold."""
    campaign = own_campaign(campaign_id)
    file = request.files.get("file")
    try:
        rows = people_table.checked(rows_of_file(file.read()) if file else [])
    except ValueError as error:
        return _page(campaign, problem=str(error)), 422
    mapping, heading = people_table.guessed(rows)
    return _table_page(campaign, _judged(campaign, PeopleTable(rows, mapping, heading)))


@hr
@transaction
def invite_rows(campaign_id: int) -> ResponseReturnValue:
    """The same table with the mapping chosen: looked at again, or its good lines invited."""
    campaign = own_campaign(campaign_id)
    try:
        rows = people_table.rows_of(request.form.get("rows", ""))
    except ValueError as error:
        return _page(campaign, problem=str(error)), 422
    chosen = [request.form.get(f"column-{place}", "ignore") for place in range(len(rows[0]))]
    mapping = [kind if kind in COLUMNS else "ignore" for kind in chosen]
    table = _judged(campaign, PeopleTable(rows, mapping, "heading" in request.form))
    if "look" in request.form or not table.people or table.problem:
        return _table_page(campaign, table), 422 if table.problem else 200
    return _invited(campaign, table.people)


def _judged(campaign: Campaign, table: PeopleTable) -> PeopleTable:
    spoken = _language_of(campaign)
    invited, wrong = people_table.read(table.rows, table.mapping, table.heading, spoken, campaign.languages)
    taken = _taken(campaign, invited)
    lines = {invitee.line for invitee in taken}
    table.people = [invitee for invitee in invited if invitee.line not in lines]
    table.wrong = sorted([*wrong, *taken], key=lambda invitee: invitee.line)
    table.problem = _too_many(campaign, table.people)
    if "email" not in table.mapping:
        table.problem = _("Say which column holds the e-mail addresses.")
    return table


def _language_of(campaign: Campaign) -> str:
    """Of those who are named without one: what the form says, else the campaign's first."""
    wanted = request.form.get("language", "")
    return wanted if wanted in campaign.languages else str(campaign.languages[0])


def _taken(campaign: Campaign, wanted: Sequence[Invited]) -> list[Wrong]:
    """Those who are in the campaign already."""
    candidates = candidates_of(campaign).where(Candidate.email.in_([invitee.email for invitee in wanted]))
    here = set(db.session.scalars(candidates.with_only_columns(Candidate.email)))
    return [
        Wrong(invitee.line, invitee.email, _("is in this campaign already"))
        for invitee in wanted
        if invitee.email in here
    ]


def _too_long() -> str:
    return str(_("Invite at most %(count)s people at once.", count=invitees.MOST))


def _too_many(campaign: Campaign, wanted: Sequence[Invited]) -> str:
    count = db.session.scalar(select(func.count()).select_from(candidates_of(campaign).subquery())) or 0
    if len(wanted) > invitees.MOST:
        return _too_long()
    if count + len(wanted) > MOST_OF_CAMPAIGN:
        return str(_("A campaign takes at most %(count)s people.", count=MOST_OF_CAMPAIGN))
    return ""


def _invited(campaign: Campaign, wanted: Sequence[Invited]) -> ResponseReturnValue:
    """Their candidacies and letters; without a mail server HR hands the links over, and only this page shows them."""
    links = [
        (", ".join(filter(None, (invitee.name, invitee.email))), _invite_one(campaign, invitee))
        for invitee in in_steps(wanted)
    ]
    note("candidates_invited", campaign, count=[0, len(links)])
    if not current_app.config["SMTP_URL"]:
        return render_template("campaigns/invited.html", campaign=campaign, links=links)
    flash(_("Letters in the outbox: %(count)s. They leave within a minute.", count=len(links)))
    return redirect(url_for("campaigns.board", campaign_id=campaign.id), 303)


def _invite_one(campaign: Campaign, invitee: Invited) -> str:
    name = invitee.name or invitee.email
    candidate, _token = add_candidate(campaign, name, invitee.email, invitee.language, extra_time=invitee.extra_time)
    candidate.external_id = invitee.external_id
    return letters.invite(campaign, candidate)


def _page(campaign: Campaign, text: str = "", wrong: Sequence[Wrong] = (), problem: str = "") -> str:
    return render_template(
        "campaigns/people.html",
        campaign=campaign,
        text=text,
        wrong=wrong,
        problem=problem,
        spoken=_language_of(campaign),
        sample=_sample(campaign),
        most=invitees.MOST,
    )


def _sample(campaign: Campaign) -> tuple[str, str]:
    """The letter as the first of them would read it."""
    organisation, spoken = current_person.organisation, _language_of(campaign)
    ani = letters.sample_values(organisation, own_framework(), spoken)
    its_own = {
        "campaign": campaign.name,
        "role": letters.role_name(campaign, spoken),
        "minutes": str(minutes_of(campaign.parts)),
        "until": letters.moment_in(campaign.closes_at, spoken),
    }
    return letters.sample(words_of(organisation.id, "invitation", spoken), ani | its_own)


def _table_page(campaign: Campaign, table: PeopleTable) -> str:
    return render_template(
        "campaigns/table.html",
        campaign=campaign,
        table=table,
        text=people_table.csv_of(table.rows),
        columns=column_names(),
        spoken=_language_of(campaign),
    )


def column_names() -> dict[str, str]:
    return {
        "name": _("name"),
        "surname": _("surname"),
        "email": _("e-mail"),
        "language": _("language of the test"),
        "external_id": _("own number"),
        "extra_time": _("extra time"),
        "ignore": _("not needed"),
    }
