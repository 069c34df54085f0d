"""HR's pages of a campaign's results: everybody, one candidate, what is decided."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from lms import evidence
from lms.campaigns import Campaign, Candidate
from lms.campaigns.models import STAGES, Decision
from lms.competency import Framework, state_matrix
from lms.content.kinds import kind_names
from lms.database import db
from lms.database.transaction import transaction
from lms.hiring import picture
from lms.hiring.interview import Question, guide
from lms.identity.access import current_person, needs
from lms.identity.models import Person
from lms.selection import comparison, interview_sheet, words
from lms.selection.access import campaign_or_404, candidate_or_404
from lms.selection.comparison import Asked, Row
from lms.selection.decisions import DecisionRefused, Step, decide, stages_from
from lms.web.i18n import language

bp = Blueprint("selection", __name__)
SIDE_BY_SIDE = 5


@bp.get("/campaigns/<id:campaign_id>/results")
@needs("hr")
def results(campaign_id: int) -> ResponseReturnValue:
    campaign = campaign_or_404(campaign_id)
    asked = _asked()
    return render_template(
        "selection/results.html",
        found=comparison.compare(campaign, asked),
        asked=asked,
        address=partial(_address, campaign, asked),
        stages=[(stage, words.stage_names()[stage]) for stage in STAGES],
        **_common(campaign),
    )


def _asked() -> Asked:
    texts = {name: request.args.get(name, "")[:20] for name in ("stage", "band", "language")}
    order = "name" if request.args.get("order") == "name" else "estimate"
    return Asked(**texts, order=order, page=request.args.get("page", 1, type=int))


def _address(campaign: Campaign, asked: Asked, page: int) -> str:
    filters = {"stage": asked.stage, "band": asked.band, "language": asked.language}
    kept: dict[str, Any] = {name: value for name, value in filters.items() if value}
    return url_for("selection.results", campaign_id=campaign.id, order=asked.order, page=page, **kept)


@bp.get("/campaigns/<id:campaign_id>/results/side-by-side")
@needs("hr")
def side_by_side(campaign_id: int) -> ResponseReturnValue:
    """Two to five candidates, skill by skill."""
    campaign = campaign_or_404(campaign_id)
    wanted = set(request.args.getlist("candidate", type=int))
    rows = [row for row in comparison.ranked(campaign, comparison.finished(campaign)) if row.candidate.id in wanted]
    if not 2 <= len(rows) <= SIDE_BY_SIDE:
        flash(_("Choose two to five candidates to see them side by side."), "error")
        return redirect(url_for("selection.results", campaign_id=campaign.id), 303)
    return render_template("selection/side_by_side.html", rows=rows, **_common(campaign))


@bp.get("/campaigns/<id:campaign_id>/candidates/<id:candidate_id>")
@needs("hr")
def candidate(campaign_id: int, candidate_id: int) -> ResponseReturnValue:
    campaign = campaign_or_404(campaign_id)
    return _candidate_page(campaign, candidate_or_404(campaign, candidate_id))


def _candidate_page(campaign: Campaign, found: Candidate, wrong: str = "", typed: str = "") -> ResponseReturnValue:
    row = _row(campaign, found)
    common = _common(campaign)
    framework: Framework = common["framework"]
    page = render_template(
        "selection/candidate.html",
        row=row,
        matrix=state_matrix(row.matrix),
        questions=guide(framework, row.matrix, common["role"], row.gap, language()),
        sheet=interview_sheet.sheet_of(found, current_person.id),
        scores=interview_sheet.SCORES,
        decisions=_decisions(found),
        people=_colleagues(),
        onward=[(stage, common["stage_names"][stage]) for stage in stages_from(found)],
        would_decide=words.would_decide(row.gap, framework, common["names"]),
        task_names={task.id: task.name.get(language()) for each in framework.blueprints for task in each.tasks},
        kinds=kind_names(language()),
        wrong=wrong,
        typed=typed,
        **common,
    )
    return page, 422 if wrong else 200


def _row(campaign: Campaign, found: Candidate) -> Row:
    """The candidate among all who have finished; alone while the test goes on."""
    rows = comparison.ranked(campaign, comparison.finished(campaign))
    alone = comparison.ranked(campaign, [found])[0]
    return next((row for row in rows if row.candidate.id == found.id), alone)


@bp.post("/campaigns/<id:campaign_id>/candidates/<id:candidate_id>/decisions")
@needs("hr")
@transaction
def add_decision(campaign_id: int, candidate_id: int) -> ResponseReturnValue:
    campaign = campaign_or_404(campaign_id)
    found = candidate_or_404(campaign, candidate_id)
    reason = request.form.get("reason", "")[:4000]
    outcome = comparison.ranked(campaign, [found])[0].gap.outcome
    try:
        decide(found, Step(request.form.get("stage", ""), reason, outcome, current_person.id))
    except DecisionRefused as refused:
        return _candidate_page(campaign, found, refused.field, reason)
    flash(_("Noted: %(name)s, %(stage)s.", name=found.name, stage=words.stage_names()[found.stage]))
    return redirect(url_for("selection.candidate", campaign_id=campaign.id, candidate_id=found.id), 303)


@bp.post("/campaigns/<id:campaign_id>/candidates/<id:candidate_id>/interview")
@needs("hr")
@transaction
def score_interview(campaign_id: int, candidate_id: int) -> ResponseReturnValue:
    """Keep one's own sheet; with `close` make everybody's sheets evidence."""
    campaign = campaign_or_404(campaign_id)
    found = candidate_or_404(campaign, candidate_id)
    asked = {question.sub: question.required for question in _questions(campaign, found)}
    try:
        interview_sheet.save(found, current_person.id, _scores(asked))
    except ValueError:
        abort(400)
    flash(_("Your sheet is kept."))
    if "close" in request.form:
        cuts = evidence.framework(campaign.organisation_id).cuts.theta
        count = interview_sheet.close(found, asked, cuts)
        flash(ngettext("One answer joined the evidence.", "%(num)s answers joined the evidence.", count))
    return redirect(
        url_for("selection.candidate", campaign_id=campaign.id, candidate_id=found.id, _anchor="interview"), 303
    )


def _scores(asked: Iterable[str]) -> dict[str, tuple[int, str]]:
    given = {sub: request.form.get(f"score-{sub}", type=int) for sub in asked}
    return {sub: (score, request.form.get(f"note-{sub}", "")) for sub, score in given.items() if score is not None}


def _questions(campaign: Campaign, found: Candidate) -> list[Question]:
    row = comparison.ranked(campaign, [found])[0]
    framework = evidence.framework(campaign.organisation_id)
    return guide(framework, row.matrix, comparison.role_of(campaign), row.gap, language())


def _decisions(found: Candidate) -> list[Decision]:
    made = select(Decision).filter_by(organisation_id=found.organisation_id, candidate_id=found.id)
    return list(db.session.scalars(made.order_by(Decision.number)))


def _colleagues() -> dict[int, str]:
    ours = select(Person.id, Person.name).where(Person.organisation_id == current_person.organisation_id)
    return {row.id: row.name for row in db.session.execute(ours)}


def _common(campaign: Campaign) -> dict[str, Any]:
    framework = evidence.framework(campaign.organisation_id)
    return {
        "campaign": campaign,
        "framework": framework,
        "role": comparison.role_of(campaign),
        "role_title": framework.role_titles(language()).get(campaign.role, campaign.role),
        "names": framework.cell_names(language()),
        "cuts": framework.cuts,
        "bands": words.band_names(),
        "stage_names": words.stage_names(),
        "chance": words.chance,
        "verdict": words.verdict,
        "standing": partial(picture.standing, framework.cuts.theta),
        "standing_scale": picture.scale,
    }
