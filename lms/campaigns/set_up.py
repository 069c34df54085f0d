"""A new campaign in three steps: the role, the test with what it will do, and (on the page after) the people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from babel.dates import format_date
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.campaigns import expected, own_mix
from lms.campaigns.blueprint import hr, own_framework
from lms.campaigns.forms import NewCampaign, Window, day_end, day_start, local_today
from lms.campaigns.models import Campaign
from lms.campaigns.offered_works import has_raters, would_show
from lms.campaigns.parts import Mix, Part, left_out, minutes_of, parts_of, rules_of, with_usual_length, works_of
from lms.competency import Framework, Role, role_profiles
from lms.database import db
from lms.database.transaction import transaction
from lms.identity.access import current_person
from lms.identity.actions import record_action
from lms.web.i18n import language

FORMS = ("screening", "full")


@dataclass(frozen=True)
class FormOffer:
    """A form as HR weighs it: figures are empty while they are being measured; missing: tasks that would take its
    questions' time; works: those that are in it."""

    form: str
    minutes: int
    questions: int
    works: tuple[str, ...]
    missing: tuple[str, ...]
    figures: dict[str, Any]


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/campaigns/new", view_func=choose_role)
    bp.add_url_rule("/campaigns/new/<role_id>", view_func=choose_test)
    bp.add_url_rule("/campaigns/new/<role_id>", view_func=make, methods=["POST"])


@hr
def choose_role() -> ResponseReturnValue:
    framework = own_framework()
    names = framework.cell_names(language())
    return render_template("campaigns/choose_role.html", framework=framework, names=names)


@hr
def choose_test(role_id: str) -> ResponseReturnValue:
    framework, role = own_framework(), _role(role_id)
    form, longer = NewCampaign(f"{role.name.get(language())}, {_month()}"), own_mix.longer(framework, role)
    if "longer" not in request.args or longer is None:
        return _page(framework, role, form)
    form.form.data = "own"
    return _page(framework, role, form, longer)


@hr
@transaction
def make(role_id: str) -> ResponseReturnValue:
    framework, role = own_framework(), _role(role_id)
    form = NewCampaign()
    mix = own_mix.read(framework, role, request.form) if form.form.data == "own" else None
    if not form.validate_on_submit() or (mix and not mix.is_ready):
        return _page(framework, role, form, mix)
    chosen = mix.mix if mix else None
    campaign = campaign_of(current_person.organisation_id, framework, role, form.form.data, chosen)
    campaign.languages, campaign.retakes, campaign.pauses = form.languages.data, form.retakes.data, form.pauses.data
    campaign.created_by = current_person.id
    take_window(campaign, form)
    db.session.add(campaign)
    db.session.flush()
    record_action("campaign_made", campaign.id)
    flash(_("The campaign is made. Now the people."))
    return redirect(url_for("campaigns.people", campaign_id=campaign.id), 303)


def campaign_of(organisation_id: int, framework: Framework, role: Role, form: str, mix: Mix | None = None) -> Campaign:
    """A campaign with the role, the parts and the promise as they stand today."""
    parts = parts_of(framework, form, role.id, mix)
    promised = expected.figures_of(framework, role.id, parts)
    return Campaign(
        organisation_id=organisation_id,
        role=role.id,
        role_data=role_data(framework, role),
        framework_version=framework.version,
        form=form,
        parts=with_usual_length(parts, promised),
        expected=promised,
    )


def role_data(framework: Framework, role: Role) -> dict[str, Any]:
    """The profile as a matrix is held against it, with its names and the cuts that its levels begin at."""
    profile = asdict(role_profiles(framework)[role.id])
    cuts = {"cuts": list(framework.cuts.theta), "origin": framework.cuts.provenance}
    return {**profile, "name": asdict(role.name), **cuts}


def take_window(campaign: Campaign, form: Window) -> None:
    campaign.name, campaign.shown, campaign.blind = form.name.data, form.shown.data, form.blind.data
    campaign.opens_at, campaign.closes_at = day_start(form.opens_on.data), day_end(form.closes_on.data)
    campaign.remind_days, campaign.delete_on = form.remind_days.data, form.delete_on.data


def _page(
    framework: Framework, role: Role, form: NewCampaign, mix: own_mix.MixReading | None = None
) -> ResponseReturnValue:
    offers = [_offer(framework, role, name) for name in FORMS]
    longer = own_mix.longer(framework, role)
    page = render_template(
        "campaigns/choose_test.html",
        role=role,
        form=form,
        offers=offers,
        measuring=any(not offer.figures for offer in offers),
        mixing=own_mix.choices(framework, role, mix),
        mix_problems=mix.problems if mix else [],
        mix_note=mix.note if mix else "",
        own_figures=own_mix.figures(framework, role, mix) if mix else {},
        own_share=own_mix.share_of(role, mix.mix) if mix else 1.0,
        longer=minutes_of(parts_of(framework, "own", role.id, longer.mix)) if longer else 0,
        own_minutes=minutes_of(parts_of(framework, "own", role.id, mix.mix)) if mix and mix.mix.is_some else 0,
        own_mark=own_mix.mark(mix.mix) if mix else "",
        names=framework.cell_names(language()),
        framework=framework,
        would_show=would_show,
        raters=has_raters(current_person.organisation_id),
    )
    return page, 422 if form.is_submitted() else 200


def _offer(framework: Framework, role: Role, form: str) -> FormOffer:
    parts = parts_of(framework, form, role.id)
    figures = expected.figures_of(framework, role.id, parts) or _ask(framework, role, parts)
    return FormOffer(
        form=form,
        minutes=minutes_of(parts),
        questions=rules_of(parts).most,
        works=tuple(work.title.get(language()) for work in works_of(parts)),
        missing=tuple(task.name.get(language()) for task in left_out(framework, form, parts)),
        figures=figures,
    )


def _ask(framework: Framework, role: Role, parts: Sequence[Part]) -> dict[str, Any]:
    """Have it measured in the background: whoever looks at a form wants to know."""
    if expected.expectation(framework, role.id, parts) is None:
        expected.ask_for(current_person.organisation_id, framework, role.id, parts)
    return {}


def _role(role_id: str) -> Role:
    return own_framework().role(role_id) or abort(404)


def _month() -> str:
    return str(format_date(local_today(), "LLLL y", locale=language()))
