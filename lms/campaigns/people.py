"""Third step, and whenever people join later: paste, a table with its columns mapped, one link for many."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.campaigns import letters, people_table
from lms.campaigns.blueprint import hr, own_campaign, own_framework
from lms.campaigns.candidacies import add_candidate
from lms.campaigns.invitation_check import PeopleTable, judged, language_of, taken, too_long, too_many
from lms.campaigns.letter_texts import words_of
from lms.campaigns.models import Campaign
from lms.campaigns.parts import minutes_of
from lms.campaigns.people_table import COLUMNS, Invited, Wrong
from lms.campaigns.table_file import rows_of_file
from lms.database.transaction import in_steps, transaction
from lms.identity import invitees
from lms.identity.access import current_person
from lms.identity.actions import record_action

LONGEST_PASTE = 40_000  # characters of pasted lines


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
        return _page(campaign, text[:LONGEST_PASTE], problem=too_long()), 422
    invited, unread = invitees.read(text)
    spoken = language_of(campaign)
    wanted = [Invited(invitee.line, invitee.name, invitee.email, spoken) for invitee in invited]
    wrong = [Wrong(invitee.line, invitee.text, invitees.reason(invitee)) for invitee in unread]
    wrong += taken(campaign, wanted)
    problem = too_many(campaign, wanted) or ("" if invited or wrong else _("Nobody is named yet."))
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
    return _table_page(campaign, judged(campaign, PeopleTable(rows, mapping, heading)))


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
    table = judged(campaign, PeopleTable(rows, mapping, "heading" in request.form))
    if "look" in request.form or not table.people or table.problem:
        return _table_page(campaign, table), 422 if table.problem else 200
    return _invited(campaign, table.people)


def _invited(campaign: Campaign, wanted: Sequence[Invited]) -> ResponseReturnValue:
    """Their candidacies and letters; without a mail server HR hands the links over, and only this page shows them."""
    links = [
        (", ".join(filter(None, (invitee.name, invitee.email))), _invite_one(campaign, invitee))
        for invitee in in_steps(wanted)
    ]
    record_action("candidates_invited", campaign.id, count=[0, len(links)])
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
        spoken=language_of(campaign),
        sample=_sample(campaign),
        most=invitees.MOST,
    )


def _sample(campaign: Campaign) -> tuple[str, str]:
    """The letter as the first of them would read it."""
    organisation, spoken = current_person.organisation, language_of(campaign)
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
        spoken=language_of(campaign),
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
