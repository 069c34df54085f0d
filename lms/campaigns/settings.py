"""One campaign's settings, its one link for many, and trying it out as a candidate would."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select, update

from lms import clock
from lms.assess import Specification
from lms.campaigns.blueprint import hr, own_campaign
from lms.campaigns.candidacies import add_candidate, new_link
from lms.campaigns.forms import Window, local_day
from lms.campaigns.letters import link_of
from lms.campaigns.models import Campaign, Candidate
from lms.campaigns.parts import Part
from lms.campaigns.set_up import take_window
from lms.database import db
from lms.database.transaction import transaction
from lms.identity.access import current_person
from lms.identity.actions import record_action
from lms.identity.membership import NOBODYS
from lms.identity.sessions import digest
from lms.web.i18n import language

TRY_OUT = timedelta(days=1)


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/campaigns/<id:campaign_id>/settings", view_func=settings)
    bp.add_url_rule("/campaigns/<id:campaign_id>/settings", view_func=save_settings, methods=["POST"])
    bp.add_url_rule("/campaigns/<id:campaign_id>/open-link", view_func=open_link, methods=["POST"])
    bp.add_url_rule("/campaigns/<id:campaign_id>/preview", view_func=preview, methods=["POST"])


@hr
def settings(campaign_id: int) -> ResponseReturnValue:
    campaign = own_campaign(campaign_id)
    return render_template("campaigns/settings.html", campaign=campaign, form=_form(campaign))


@hr
@transaction
def save_settings(campaign_id: int) -> ResponseReturnValue:
    campaign = own_campaign(campaign_id)
    form, before = _form(campaign), campaign.closes_at
    if not form.validate_on_submit():
        return render_template("campaigns/settings.html", campaign=campaign, form=form), 422
    take_window(campaign, form)
    _move_links(campaign, before)
    record_action("campaign_changed", campaign.id)
    flash(_("Saved."))
    return redirect(url_for("campaigns.board", campaign_id=campaign.id), 303)


def _form(campaign: Campaign) -> Window:
    same = {name: getattr(campaign, name) for name in ("name", "shown", "blind", "remind_days", "delete_on")}
    days = {"opens_on": local_day(campaign.opens_at), "closes_on": local_day(campaign.closes_at)}
    return Window(data=same | days)


def _move_links(campaign: Campaign, before: Any) -> None:
    """Links that end with the campaign go on doing so."""
    db.session.execute(
        update(Candidate)
        .where(
            Candidate.organisation_id == campaign.organisation_id,
            Candidate.campaign_id == campaign.id,
            Candidate.finished_at.is_(None),
            Candidate.token_expires_at == before,
        )
        .values(token_expires_at=campaign.closes_at)
    )


@hr
@transaction
def open_link(campaign_id: int) -> ResponseReturnValue:
    """The link is shown this one time: only its hash is kept."""
    campaign = own_campaign(campaign_id)
    if request.form.get("do") == "shut":
        campaign.open_link_hash = None
        flash(_("The link for many is shut."))
        return redirect(url_for("campaigns.people", campaign_id=campaign.id), 303)
    token = secrets.token_urlsafe(32)
    campaign.open_link_hash = digest(token)
    several = _("Whoever follows this link asks to be let in. It is shown this one time; a new one ends it.")
    links = [(_("One link for many"), link_of(token))]
    return render_template("campaigns/invited.html", campaign=campaign, links=links, several=several)


@hr
@transaction
def preview(campaign_id: int) -> ResponseReturnValue:
    """A link to the way that candidates go, for a test person: nothing that is answered there is kept as evidence."""
    campaign = own_campaign(campaign_id)
    token = new_link(_test_person(campaign), clock.now() + TRY_OUT)
    several = _(
        "This is what a candidate sees. Nothing that you answer counts anywhere; keys are not shown. Open it in a "
        "private window: in this one it would sign you out. The link works for a day."
    )
    links = [(_("As a candidate"), link_of(token))]
    return render_template("campaigns/invited.html", campaign=campaign, links=links, several=several)


def _test_person(campaign: Campaign) -> Candidate:
    """The one candidate of the campaign that tries this one out, at its beginning again."""
    trial = _trial_of(campaign)
    test_person = db.session.scalar(
        select(Candidate).where(Candidate.organisation_id == trial.organisation_id, Candidate.campaign_id == trial.id)
    )
    spoken = language() if language() in campaign.languages else campaign.languages[0]
    if test_person is None:
        test_person, _token = add_candidate(trial, _("Test person"), f"{secrets.token_hex(8)}@{NOBODYS}", spoken)
        return test_person
    test_person.opened_at = test_person.consent_at = test_person.started_at = test_person.finished_at = (
        test_person.released_at
    ) = None
    test_person.retake, test_person.language = test_person.retake + 1, spoken
    return test_person


def _trial_of(campaign: Campaign) -> Campaign:
    same = select(Campaign).where(
        Campaign.organisation_id == campaign.organisation_id, Campaign.preview_of == campaign.id
    )
    trial = db.session.scalar(same) or Campaign(preview_of=campaign.id, organisation_id=campaign.organisation_id)
    for name in ("name", "role", "role_data", "framework_version", "form", "languages", "pauses", "delete_on"):
        setattr(trial, name, getattr(campaign, name))
    trial.parts = [_without_evidence(part) for part in campaign.parts]
    trial.opens_at, trial.closes_at = clock.now(), clock.now() + TRY_OUT
    trial.shown, trial.remind_days, trial.created_by = "at_end", 0, current_person.id
    db.session.add(trial)
    db.session.flush()
    return trial


def _without_evidence(part: Part) -> Part:
    if part["kind"] != "test":
        return part
    rules = replace(Specification.read(part["rules"]), gives_evidence=False)
    return {**part, "rules": rules.plain()}
