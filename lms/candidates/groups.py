"""What a candidate may say about themselves, if they like, so that the house can count whether selection is fair. It
stands apart from the results, and nobody reads it but as counts of many."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import delete, select

from lms.campaigns import Candidate
from lms.candidates.models import GroupAnswer
from lms.candidates.own_candidacy import own_candidacy
from lms.database import db
from lms.database.transaction import transaction
from lms.identity.access import needs_person

VALUES = {
    "gender": ("woman", "man", "other"),
    "age": ("under_25", "25_34", "35_44", "45_up"),
    "region": ("yerevan", "town", "village", "abroad"),
}


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/candidate/groups", view_func=groups, methods=["GET", "POST"])


@needs_person
@transaction
def groups() -> ResponseReturnValue:
    """After the test alone, so that nobody wonders whether it counts. An empty answer takes back what was said."""
    candidate, campaign = own_candidacy()
    if candidate.finished_at is None:
        abort(404)
    if request.method == "POST":
        _keep(candidate, {name: request.form.get(name, "") for name in VALUES})
        flash(_("Saved. Thank you."))
        return redirect(url_for("candidates.way"), 303)
    mine = select(GroupAnswer).filter_by(person_id=candidate.person_id, candidate_id=candidate.id)
    answers = {row.name: row.value for row in db.session.scalars(mine)}
    return render_template("candidates/groups.html", campaign=campaign, values=VALUES, words=words(), said=answers)


def _keep(candidate: Candidate, values: dict[str, str]) -> None:
    mine = {"person_id": candidate.person_id, "candidate_id": candidate.id}
    db.session.execute(delete(GroupAnswer).filter_by(**mine))
    ours = mine | {"organisation_id": candidate.organisation_id, "campaign_id": candidate.campaign_id}
    for name, value in values.items():
        if value in VALUES[name]:
            db.session.add(GroupAnswer(**ours, name=name, value=value))


def words() -> dict[str, str]:
    return {
        "gender": _("Gender"),
        "age": _("Age"),
        "region": _("Where I live"),
        "woman": _("woman"),
        "man": _("man"),
        "other": _("other"),
        "under_25": _("under 25"),
        "25_34": _("25 to 34"),
        "35_44": _("35 to 44"),
        "45_up": _("45 and older"),
        "yerevan": _("Yerevan"),
        "town": _("another town"),
        "village": _("a village"),
        "abroad": _("abroad"),
    }
