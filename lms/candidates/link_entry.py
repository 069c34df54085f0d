"""The link of a candidate, and the one link for many. Opening it shows where one is and starts nothing; the token
leaves the address before any page is drawn. What no longer works and what never was look the same."""

from __future__ import annotations

import secrets
from contextlib import suppress

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from lms import clock
from lms.campaigns import Campaign, Candidate, add_candidate, by_token, candidate_of, status
from lms.campaigns.candidacies import end_of
from lms.campaigns.invitation_check import MOST_OF_CAMPAIGN
from lms.candidates import candidate_access, sitting_events
from lms.candidates.own_candidacy import campaign_of
from lms.database import db
from lms.database.transaction import transaction
from lms.identity import throttle
from lms.identity.access import public
from lms.identity.forms import LANGUAGE_CHOICES, email_field, tidy
from lms.identity.membership import NOBODYS
from lms.identity.models import Organisation, Person
from lms.identity.sessions import device, digest, sign_in
from lms.identity.tenant_guard import UNSCOPED
from lms.web.forms import Form
from lms.web.i18n import COOKIE, language, speak

CARRIED = "candidate_link"  # the token's place in the visitor's cookie once it has left the address
LONGEST = 64  # characters that are looked at; a token has 43


class Application(Form):
    name = StringField(
        _l("Name"), [DataRequired(), Length(max=120)], filters=[tidy], render_kw={"autocomplete": "name"}
    )
    email = email_field()
    language = SelectField(_l("Language of the test"))


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/c/<token>", view_func=link)
    bp.add_url_rule("/c", view_func=door, methods=["GET", "POST"])


@public
def link(token: str) -> ResponseReturnValue:
    """Whether it works is said on the next page, whose address and language switch hold no token."""
    session[CARRIED] = token[:LONGEST]
    return redirect(url_for("candidates.door"), 303)


@public
@transaction
def door() -> ResponseReturnValue:
    token = session.get(CARRIED, "")
    if candidate := by_token(token):
        return _own_door(candidate)
    if campaign := open_campaign(token):
        return _open_door(campaign)
    if current_user.is_authenticated and candidate_of(current_user.id):
        return redirect(url_for("candidates.way"), 303)
    return dead(bool(token))


def dead(followed: bool = True) -> ResponseReturnValue:
    """What to do instead; followed: a link led here, else somebody came without any."""
    return render_template("candidates/link_dead.html", followed=followed), 404


def open_campaign(token: str) -> Campaign | None:
    """Whose one link for many it is, while it takes people."""
    link = select(Campaign).where(Campaign.open_link_hash == digest(token), Campaign.deleted_at.is_(None))
    campaign = db.session.scalar(link, execution_options=UNSCOPED)
    return campaign if campaign and campaign.closes_at > clock.now() and _has_place(campaign) else None


def _has_place(campaign: Campaign) -> bool:
    """Whoever has the link could fill a campaign with invented people."""
    ours = Candidate.organisation_id == campaign.organisation_id, Candidate.campaign_id == campaign.id
    return (db.session.scalar(select(func.count(Candidate.id)).where(*ours)) or 0) < MOST_OF_CAMPAIGN


def _own_door(candidate: Candidate) -> ResponseReturnValue:
    campaign = campaign_of(candidate)
    if COOKIE not in request.cookies:
        speak(candidate.language)
    begins = campaign.opens_at if campaign.opens_at > clock.now() else None
    if request.method == "POST" and begins is None and candidate.approved_at:
        return _enter(candidate)
    page = render_template(
        "candidates/door.html",
        candidate=candidate,
        campaign=campaign,
        organisation=db.session.get_one(Organisation, candidate.organisation_id),
        status=status(candidate),
        begins=begins,
        ends=end_of(campaign, candidate),
    )
    return page


def _enter(candidate: Candidate) -> ResponseReturnValue:
    """A session of the candidacy's person in this browser; wherever else one is open it stays so."""
    theirs = select(Person).filter_by(id=candidate.person_id, organisation_id=candidate.organisation_id)
    person = db.session.scalars(theirs).one()
    if not person.active:
        return dead()
    if COOKIE in request.cookies:
        person.language = language()
    candidate.opened_at = candidate.opened_at or clock.now()
    sitting_events.add_device(candidate, device(request.headers.get("User-Agent", "")))
    sign_in(person)
    session[candidate_access.BY_LINK] = True
    return redirect(url_for("candidates.way"), 303)


def _open_door(campaign: Campaign) -> ResponseReturnValue:
    """What is typed waits for HR; who is in the campaign already is told nothing else."""
    form = Application(language=language())
    form.language.choices = [choice for choice in LANGUAGE_CHOICES if choice.value in campaign.languages]
    organisation = db.session.get_one(Organisation, campaign.organisation_id)
    shown = {"campaign": campaign, "organisation": organisation, "form": form}
    if not form.validate_on_submit():
        return render_template("candidates/open_door.html", **shown), 422 if form.is_submitted() else 200
    number, address = campaign.id, request.remote_addr or ""
    if throttle.take(f"candidate {form.email.data}", f"candidate {address}"):
        _apply(number, organisation.id, form)
    return render_template("candidates/applied.html", **shown)


def _apply(campaign_id: int, organisation_id: int, form: Application) -> None:
    """A candidate who waits for HR. For an address that is in the campaign already the same is done and taken back, so
    that no time tells that it is known."""
    ours = {"organisation_id": organisation_id, "campaign_id": campaign_id}
    existing = db.session.scalar(select(Candidate.id).filter_by(email=form.email.data, **ours))
    campaign = db.session.scalars(select(Campaign).filter_by(id=campaign_id, organisation_id=organisation_id)).one()
    email = form.email.data if existing is None else f"{secrets.token_hex(8)}@{NOBODYS}"
    with suppress(IntegrityError), db.session.begin_nested() as attempt:  # the same person pressed twice at once
        add_candidate(campaign, form.name.data, email, form.language.data, approved=False)
        db.session.flush()
        if existing is not None:
            attempt.rollback()
