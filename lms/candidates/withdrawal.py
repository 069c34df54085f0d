"""A candidate steps back: only from the selection, or with everything that is kept about them."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from lms.campaigns import Campaign, Candidate
from lms.candidates.own_candidacy import own_candidacy
from lms.database import audit, db
from lms.database.transaction import transaction
from lms.identity.access import current_person, needs_person
from lms.identity.models import Person
from lms.identity.sessions import sign_out
from lms.privacy import erasure
from lms.web.i18n import language


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/candidate/withdrawal", view_func=withdrawal, methods=["GET", "POST"])


@needs_person
@transaction
def withdrawal() -> ResponseReturnValue:
    """Nothing happens without the tick that says it is meant."""
    candidate, campaign = own_candidacy()
    act = request.form.get("act", "")
    if request.method == "GET" or "sure" not in request.form or act not in ("withdraw", "erase"):
        return _page(campaign, candidate, act), 422 if request.method == "POST" else 200
    if act == "erase":
        return _erase()
    if candidate.stage != "withdrawn":
        candidate.stage = "withdrawn"
        audit.append_entry(candidate.organisation_id, candidate.person_id, "candidate_withdrew", candidate.person_id)
    return _page(campaign, candidate, "")


def _page(campaign: Campaign, candidate: Candidate, act: str) -> str:
    is_unsure = request.method == "POST" and "sure" not in request.form
    return render_template(
        "candidates/withdrawal.html", campaign=campaign, candidate=candidate, act=act, asked=is_unsure
    )


def _erase() -> ResponseReturnValue:
    """What a newer page of this browser might still hold goes too."""
    language()  # as it is now: a moment later nobody is there who prefers one
    mine = select(Person).filter_by(id=current_person.id, organisation_id=current_person.organisation_id)
    person = db.session.scalars(mine).one()
    erasure.carry_out(person, "erase", person.id)
    sign_out()
    reply = Response(render_template("candidates/erased.html"))
    reply.headers["Clear-Site-Data"] = '"cache", "storage"'
    return reply
