"""HR's pages of one candidate: the figures, the interview, the decision, the reports."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from lms import evidence
from lms.campaigns import Campaign, Candidate
from lms.campaigns.models import Decision, IssuedReport
from lms.candidates.timeline import timeline
from lms.competency import Framework, state_matrix
from lms.config import LANGUAGES
from lms.content.kinds import kind_names
from lms.database import db, one_or_404
from lms.database.transaction import transaction
from lms.hiring.interview import Question, guide
from lms.identity.access import current_person, needs
from lms.identity.models import Person
from lms.selection import answers, comparison, interview_sheet, reports, words
from lms.selection.access import campaign_or_404, candidate_or_404
from lms.selection.comparison import Row
from lms.selection.decisions import DecisionRefused, Step, decide, stages_from
from lms.selection.page import common_of
from lms.web.i18n import language


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/campaigns/<id:campaign_id>/candidates/<id:candidate_id>", view_func=candidate)
    bp.add_url_rule(
        "/campaigns/<id:campaign_id>/candidates/<id:candidate_id>/decisions", view_func=add_decision, methods=["POST"]
    )
    bp.add_url_rule(
        "/campaigns/<id:campaign_id>/candidates/<id:candidate_id>/interview",
        view_func=score_interview,
        methods=["POST"],
    )
    bp.add_url_rule(
        "/campaigns/<id:campaign_id>/candidates/<id:candidate_id>/reports", view_func=issue_report, methods=["POST"]
    )
    bp.add_url_rule("/reports/<id:report_id>.pdf", view_func=report)


@needs("hr")
def candidate(campaign_id: int, candidate_id: int) -> ResponseReturnValue:
    campaign = campaign_or_404(campaign_id)
    return _candidate_page(campaign, candidate_or_404(campaign, candidate_id))


def _candidate_page(campaign: Campaign, found: Candidate, wrong: str = "", typed: str = "") -> ResponseReturnValue:
    row = _row(campaign, found)
    common = common_of(campaign)
    framework: Framework = common["framework"]
    page = render_template(
        "selection/candidate.html",
        row=row,
        matrix=state_matrix(row.matrix),
        questions=guide(framework, row.matrix, common["role"], row.gap, language()),
        sheet=interview_sheet.sheet_of(found, current_person.id),
        scores=interview_sheet.SCORES,
        decisions=_decisions(found),
        reports=_reports(found),
        people=_colleagues(),
        onward=[(stage, common["stage_names"][stage]) for stage in stages_from(found)],
        would_decide=words.would_decide(row.gap, framework, common["names"]),
        task_names={task.id: task.name.get(language()) for each in framework.blueprints for task in each.tasks},
        kinds=kind_names(language()),
        answers=answers.answers_of(found, language()),
        odd_names=", ".join(common["names"][skill] for skill in answers.odd_skills(found)),
        moments=timeline(found),
        wrong=wrong,
        typed=typed,
        **common,
    )
    return page, 422 if wrong else 200


def _row(campaign: Campaign, found: Candidate) -> Row:
    """The candidate among all who have finished; alone while the test goes on."""
    among = comparison.finished(campaign)
    rows = comparison.ranked(campaign, among if found in among else [found])
    return next(row for row in rows if row.candidate.id == found.id)


@needs("hr")
@transaction
def add_decision(campaign_id: int, candidate_id: int) -> ResponseReturnValue:
    campaign = campaign_or_404(campaign_id)
    found = candidate_or_404(campaign, candidate_id)
    reason = request.form.get("reason", "").replace("\r\n", "\n")[:4000]  # a page counts a line's end once
    outcome = comparison.ranked(campaign, [found])[0].gap.outcome
    try:
        decide(found, Step(request.form.get("stage", ""), reason, outcome, current_person.id))
    except DecisionRefused as refused:
        return _candidate_page(campaign, found, refused.field, reason)
    flash(_("Noted: %(name)s, %(stage)s.", name=found.name, stage=words.stage_names()[found.stage]))
    return redirect(url_for("selection.candidate", campaign_id=campaign.id, candidate_id=found.id), 303)


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
        flash(ngettext("%(num)s answer joined the evidence.", "%(num)s answers joined the evidence.", count))
    return redirect(
        url_for("selection.candidate", campaign_id=campaign.id, candidate_id=found.id, _anchor="interview"), 303
    )


def _scores(asked: Iterable[str]) -> dict[str, tuple[int, str]]:
    given = {sub: request.form.get(f"score-{sub}", type=int) for sub in asked}
    return {
        sub: (score, request.form.get(f"note-{sub}", "").replace("\r\n", "\n"))
        for sub, score in given.items()
        if score is not None
    }


def _questions(campaign: Campaign, found: Candidate) -> list[Question]:
    row = comparison.ranked(campaign, [found])[0]
    framework = evidence.framework(campaign.organisation_id)
    return guide(framework, row.matrix, comparison.role_of(campaign), row.gap, language())


@needs("hr")
@transaction
def issue_report(campaign_id: int, candidate_id: int) -> ResponseReturnValue:
    campaign = campaign_or_404(campaign_id)
    found = candidate_or_404(campaign, candidate_id)
    audience, chosen = request.form.get("audience", ""), request.form.get("language", "")
    if audience not in reports.AUDIENCES or chosen not in LANGUAGES:
        abort(400)
    role, framework = comparison.role_of(campaign), evidence.framework(campaign.organisation_id)
    source = reports.Source(campaign, role, framework, _row(campaign, found), _decisions(found))
    report = reports.issue(source, audience, chosen, current_person.id)
    db.session.flush()
    return redirect(url_for("selection.report", report_id=report.id), 303)


@needs("hr")
def report(report_id: int) -> ResponseReturnValue:
    ours = select(IssuedReport).filter_by(id=report_id, organisation_id=current_person.organisation_id)
    found: IssuedReport = one_or_404(ours)
    reply = Response(reports.document(found), mimetype="application/pdf")
    reply.headers["Content-Disposition"] = f'inline; filename="hmut-report-{found.id}.pdf"'
    return reply


def _reports(found: Candidate) -> list[IssuedReport]:
    issued = select(IssuedReport).filter_by(organisation_id=found.organisation_id, candidate_id=found.id)
    return list(db.session.scalars(issued.order_by(IssuedReport.id)))


def _decisions(found: Candidate) -> list[Decision]:
    made = select(Decision).filter_by(organisation_id=found.organisation_id, candidate_id=found.id)
    return list(db.session.scalars(made.order_by(Decision.number)))


def _colleagues() -> dict[int, str]:
    ours = select(Person.id, Person.name).where(Person.organisation_id == current_person.organisation_id)
    return {row.id: row.name for row in db.session.execute(ours)}
