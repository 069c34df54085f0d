"""HR's pages of a campaign's results: everybody, filtered, side by side, as a table."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lms import evidence, publishing
from lms.campaigns import Campaign, bank_of
from lms.campaigns.models import STAGES
from lms.campaigns.parts import rules_of
from lms.candidates.groups import words as group_words
from lms.database import db, one_or_404
from lms.database.transaction import transaction
from lms.identity.access import current_person, needs
from lms.privacy.inventory import HOLDINGS
from lms.report.spreadsheets import Value, csv_of, xlsx_of
from lms.selection import (
    candidate_views,
    chart,
    comparison,
    export,
    groups,
    interview_views,
    norms,
    report_views,
    requested_work,
    words,
)
from lms.selection.access import campaign_or_404
from lms.selection.candidate_list import ComparisonQuery
from lms.selection.fairness import LEAST
from lms.selection.models import NormGroup
from lms.selection.page import common_of
from lms.selection.retention import delete_data
from lms.web.i18n import language

bp = Blueprint("selection", __name__)
candidate_views.add_to(bp)
report_views.add_to(bp)
interview_views.add_to(bp)
SIDE_BY_SIDE = 5
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/campaigns/<id:campaign_id>/results")
@needs("hr")
def results(campaign_id: int) -> ResponseReturnValue:
    campaign = campaign_or_404(campaign_id)
    query = _asked()
    table, common, alike = comparison.compare(campaign, query), common_of(campaign), norms.alike(campaign)
    return render_template(
        "selection/results.html",
        found=table,
        asked=query,
        chart=chart.chart(table.rows, common["cuts"].theta, words.called, common["bands"]),
        further=requested_work.further_of(campaign, table.rows, common["role"]),
        norms=[(group, len(norms.people_of(group, alike))) for group in norms.groups_of(campaign)],
        alike=alike,
        least=norms.LEAST,
        address=partial(_address, campaign, query),
        stages=[(stage, words.stage_names()[stage]) for stage in STAGES],
        **common,
    )


def _asked() -> ComparisonQuery:
    texts = {name: request.args.get(name, "")[:20] for name in ("stage", "band", "language")}
    order = "name" if request.args.get("order") == "name" else "estimate"
    return ComparisonQuery(**texts, order=order, page=request.args.get("page", 1, type=int))


def _address(campaign: Campaign, query: ComparisonQuery, page: int) -> str:
    filters = {"stage": query.stage, "band": query.band, "language": query.language}
    kept: dict[str, Any] = {name: value for name, value in filters.items() if value}
    return url_for("selection.results", campaign_id=campaign.id, order=query.order, page=page, **kept)


@bp.get("/campaigns/<id:campaign_id>/results.csv")
@needs("hr")
def results_csv(campaign_id: int) -> ResponseReturnValue:
    campaign = campaign_or_404(campaign_id)
    return _download(campaign, csv_of(*_table(campaign)), "csv", "text/csv")


@bp.get("/campaigns/<id:campaign_id>/results.xlsx")
@needs("hr")
def results_xlsx(campaign_id: int) -> ResponseReturnValue:
    campaign = campaign_or_404(campaign_id)
    return _download(campaign, xlsx_of(campaign.name, *_table(campaign)), "xlsx", XLSX)


def _table(campaign: Campaign) -> tuple[list[str], list[list[Value]]]:
    comparison.refresh(campaign)
    common, rows = common_of(campaign), comparison.ranked(campaign, comparison.finished(campaign))
    skills = list(common["role"].required)
    named = (skills, common["bands"], common["stage_names"], common["cuts"].theta)
    return export.header(skills, common["names"]), [export.line(row, *named) for row in rows]


def _download(campaign: Campaign, body: bytes, ending: str, kind: str) -> ResponseReturnValue:
    reply = Response(body, mimetype=kind)
    reply.headers["Content-Disposition"] = f'attachment; filename="hmut-campaign-{campaign.id}.{ending}"'
    return reply


@bp.get("/campaigns/<id:campaign_id>/results/side-by-side")
@needs("hr")
def side_by_side(campaign_id: int) -> ResponseReturnValue:
    """Two to five candidates, skill by skill."""
    campaign = campaign_or_404(campaign_id)
    wanted = set(request.args.getlist("candidate", type=int))
    people = [each for each in comparison.finished(campaign) if each.id in wanted]
    if not 2 <= len(people) <= SIDE_BY_SIDE:
        flash(_("Choose two to five candidates to see them side by side."), "error")
        return redirect(url_for("selection.results", campaign_id=campaign.id), 303)
    comparison.refresh(campaign)
    rows = comparison.ranked(campaign, people)
    return render_template("selection/side_by_side.html", rows=rows, **common_of(campaign))


@bp.post("/campaigns/<id:campaign_id>/norm-groups")
@needs("hr")
@transaction
def name_group(campaign_id: int) -> ResponseReturnValue:
    campaign, form = campaign_or_404(campaign_id), request.form
    chosen = form.getlist("campaign", type=int)
    try:
        norms.make(campaign, form.get("name", ""), form.get("language", ""), chosen, current_person.id)
        flash(_("The group is named. It is used as soon as %(count)s people are in it.", count=norms.LEAST))
    except ValueError:
        flash(_("Give the group a new name and choose at least one campaign."), "error")
    return redirect(url_for("selection.results", campaign_id=campaign.id, _anchor="groups"), 303)


@bp.post("/campaigns/<id:campaign_id>/norm-groups/<id:group_id>/end")
@needs("hr")
@transaction
def drop_group(campaign_id: int, group_id: int) -> ResponseReturnValue:
    campaign = campaign_or_404(campaign_id)
    ours = select(NormGroup).filter_by(id=group_id, organisation_id=campaign.organisation_id)
    db.session.delete(one_or_404(ours))
    flash(_("The group is gone."))
    return redirect(url_for("selection.results", campaign_id=campaign.id, _anchor="groups"), 303)


@bp.get("/campaigns/<id:campaign_id>/fairness")
@needs("hr")
def fairness(campaign_id: int) -> ResponseReturnValue:
    campaign = campaign_or_404(campaign_id)
    return render_template(
        "selection/fairness.html",
        found=groups.fairness(campaign),
        names_of=group_words(),
        least=LEAST,
        equivalence=_languages(campaign),
        **common_of(campaign),
    )


def _languages(campaign: Campaign) -> evidence.LanguageStatus:
    """Of the questions that the campaign may ask in each of its languages."""
    bank = bank_of(rules_of(campaign.parts), campaign.languages) if campaign.parts else []
    return evidence.language_status(campaign.organisation_id, {publishing.item(revision).id for revision in bank})


@bp.get("/campaigns/<id:campaign_id>/deletion")
@needs("hr")
def deletion(campaign_id: int) -> ResponseReturnValue:
    """What will go on the campaign's date, or what went."""
    campaign = campaign_or_404(campaign_id, deleted=True)
    names = {name: holding.title.get(language()) for name, holding in HOLDINGS.items()}
    return render_template("selection/deletion.html", campaign=campaign, names=names)


@bp.post("/campaigns/<id:campaign_id>/deletion")
@needs("hr")
@transaction
def delete_now(campaign_id: int) -> ResponseReturnValue:
    """Before its date, once the campaign's name is typed."""
    campaign = campaign_or_404(campaign_id)
    if request.form.get("name", "").strip() != campaign.name:
        flash(_("Type the campaign's name to delete its data."), "error")
        return redirect(url_for("selection.deletion", campaign_id=campaign.id), 303)
    delete_data(campaign, current_person.id)
    flash(_("Deleted."))
    return redirect(url_for("selection.deletion", campaign_id=campaign.id), 303)
