"""What HR does with one or many people of a campaign: approve, remind, extend, shut, send a new link."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms import clock
from lms.campaigns import board_pages, letters
from lms.campaigns.blueprint import candidates_of, hr, own_campaign, own_candidate
from lms.campaigns.board import status_names
from lms.campaigns.candidacies import end_of, extend, new_link, person_of, revoke, status
from lms.campaigns.forms import EditCandidate
from lms.campaigns.models import Campaign, Candidate
from lms.database import db
from lms.database.transaction import transaction
from lms.identity.actions import record_action

DAYS = (1, 3, 7, 14)  # by which a link may be extended
UNDER_WAY = ("invited", "opened", "ready", "sitting")
Act = Callable[[Campaign, Candidate], str | None]


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/campaigns/<id:campaign_id>/acts", view_func=act, methods=["POST"])
    bp.add_url_rule("/campaigns/<id:campaign_id>/people/<id:candidate_id>", view_func=candidate_page)
    bp.add_url_rule("/campaigns/<id:campaign_id>/people/<id:candidate_id>", view_func=save, methods=["POST"])


@hr
@transaction
def act(campaign_id: int) -> ResponseReturnValue:
    """One act on everybody who was ticked, where it makes sense for them; how many that were is said."""
    campaign = own_campaign(campaign_id)
    numbers = [
        int(number) for number in request.form.getlist("candidate")[:300] if number.isdecimal() and len(number) < 10
    ]
    name = request.form.get("act", "")
    people = db.session.scalars(candidates_of(campaign).where(Candidate.id.in_(numbers)).order_by(Candidate.id)).all()
    if name not in ACTS or not people:
        flash(_("Tick the people first, then choose what to do."), "error")
        return _back(campaign)
    links = [(number.email, done) for number in people if (done := ACTS[name](campaign, number)) is not None]
    record_action(f"candidates_{name}", campaign.id, count=[0, len(links)])
    if not current_app.config["SMTP_URL"] and name in SENDING and links:
        return render_template("campaigns/invited.html", campaign=campaign, links=links)
    flash(_("Done for %(count)s of %(all)s people.", count=len(links), all=len(people)))
    return _back(campaign)


def _back(campaign: Campaign) -> ResponseReturnValue:
    wanted: dict[str, Any] = {name: request.form.get(name, "")[:80] or None for name in ("status", "name", "page")}
    return redirect(url_for("campaigns.board", campaign_id=campaign.id, **wanted), 303)


def _approve(campaign: Campaign, candidate: Candidate) -> str | None:
    if status(candidate) != "waiting":
        return None
    candidate.approved_at = clock.now()
    return letters.invite(campaign, candidate)


def _remind(campaign: Campaign, candidate: Candidate) -> str | None:
    return letters.remind(campaign, candidate) if status(candidate) in UNDER_WAY else None


def _extend(campaign: Campaign, candidate: Candidate) -> str | None:
    """So many days from the end that stands, or from today where that is over; the letter says the new end."""
    if status(candidate) not in (*UNDER_WAY, "expired", "revoked"):
        return None
    days = request.form.get("days", "", type=str)
    more = timedelta(days=int(days) if days in map(str, DAYS) else DAYS[1])
    extend(candidate, max(end_of(campaign, candidate), clock.now()) + more)
    return letters.remind(campaign, candidate)


def _revoke(_campaign: Campaign, candidate: Candidate) -> str | None:
    if status(candidate) in ("finished", "revoked"):
        return None
    letters.withdraw(candidate)
    revoke(candidate)
    return ""


def _reissue(campaign: Campaign, candidate: Candidate) -> str | None:
    """A new link; the one before no longer works. Also after the end: then it works for three days more."""
    if status(candidate) in ("finished", "waiting"):
        return None
    until = end_of(campaign, candidate)
    if until <= clock.now():
        extend(candidate, clock.now() + timedelta(days=DAYS[1]))
    new_link(candidate, end_of(campaign, candidate))
    return letters.invite(campaign, candidate)


def _release(campaign: Campaign, candidate: Candidate) -> str | None:
    """The candidate may read the own result from now on, and a letter says so."""
    if status(candidate) != "finished" or candidate.released_at or campaign.shown != "released":
        return None
    return letters.release(campaign, candidate)


ACTS: dict[str, Act] = {
    "approve": _approve,
    "remind": _remind,
    "extend": _extend,
    "revoke": _revoke,
    "reissue": _reissue,
    "release": _release,
}
SENDING = ("approve", "remind", "extend", "reissue", "release")


@hr
def candidate_page(campaign_id: int, candidate_id: int) -> ResponseReturnValue:
    campaign = own_campaign(campaign_id)
    candidate = own_candidate(campaign, candidate_id)
    return _page(campaign, candidate, _form(campaign, candidate))


@hr
@transaction
def save(campaign_id: int, candidate_id: int) -> ResponseReturnValue:
    campaign = own_campaign(campaign_id)
    candidate = own_candidate(campaign, candidate_id)
    form = _form(campaign, candidate)
    if form.validate_on_submit() and _is_taken(campaign, candidate, form.email.data):
        form.email.errors = [_("This address is in this campaign already.")]
    if form.errors or not form.is_submitted():
        return _page(campaign, candidate, form), 422
    person = person_of(candidate)
    candidate.name = person.name = form.name.data
    candidate.email, candidate.may_pause = form.email.data, form.may_pause.data
    candidate.language = person.language = form.language.data
    person.extra_time = form.extra_time.data
    flash(_("Saved. Time already running is not changed: it holds from the next part on."))
    return redirect(url_for("campaigns.board", campaign_id=campaign.id), 303)


def _form(campaign: Campaign, candidate: Candidate) -> EditCandidate:
    values: dict[str, Any] = {name: getattr(candidate, name) for name in ("name", "email", "language", "may_pause")}
    return EditCandidate(campaign.languages, data=values | {"extra_time": person_of(candidate).extra_time})


def _is_taken(campaign: Campaign, candidate: Candidate, email: str) -> bool:
    others = candidates_of(campaign).where(Candidate.email == email, Candidate.id != candidate.id)
    return db.session.scalar(others.limit(1)) is not None


def _page(campaign: Campaign, candidate: Candidate, form: EditCandidate) -> str:
    sent: Sequence[Any] = list(letters.states([candidate]).values())
    return render_template(
        "campaigns/candidate.html",
        campaign=campaign,
        candidate=candidate,
        form=form,
        status=status(candidate),
        pages=board_pages.candidate_pages(),
        letter=sent[0] if sent else None,
        statuses=status_names(),
        server=bool(current_app.config["SMTP_URL"]),
    )
