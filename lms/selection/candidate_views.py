"""HR's pages of one candidate: the figures, the interview, the decision, the reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lms import evidence
from lms.campaigns import Campaign, Candidate, further_work, letters
from lms.candidates.timeline import timeline
from lms.competency import Framework, state_matrix
from lms.content.evidence_kinds import kind_names
from lms.database import db
from lms.database.transaction import transaction
from lms.hiring.interview import guide
from lms.identity.access import current_person, needs
from lms.identity.actions import record_action
from lms.identity.membership import names_of
from lms.selection import answers, comparison, interview_sheet, norms, requested_work, words
from lms.selection.access import campaign_or_404, candidate_or_404
from lms.selection.comparison import CandidateRow
from lms.selection.decisions import DecisionRefused, DecisionStep, decide, stages_from
from lms.selection.models import Decision, IssuedReport
from lms.selection.page import common_of
from lms.web.i18n import language


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/campaigns/<id:campaign_id>/candidates/<id:candidate_id>", view_func=candidate)
    bp.add_url_rule(
        "/campaigns/<id:campaign_id>/candidates/<id:candidate_id>/decisions", view_func=add_decision, methods=["POST"]
    )
    for name, view in (("more", ask_more), ("release", release)):
        address = f"/campaigns/<id:campaign_id>/candidates/<id:candidate_id>/{name}"
        bp.add_url_rule(address, view_func=view, methods=["POST"])


@needs("hr")
def candidate(campaign_id: int, candidate_id: int) -> ResponseReturnValue:
    campaign = campaign_or_404(campaign_id)
    candidate = candidate_or_404(campaign, candidate_id)
    comparison.refresh(campaign)
    return candidate_page(campaign, candidate)


def candidate_page(
    campaign: Campaign,
    candidate: Candidate,
    wrong: str = "",
    typed: str = "",
    unscored: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    """unscored: notes of the interview that are not kept yet, by sub-competency."""
    row, common = row_of(campaign, candidate), common_of(campaign)
    page = render_template(
        "selection/candidate.html",
        row=row,
        matrix=state_matrix(row.matrix),
        places=norms.places(campaign, row),
        wrong=wrong,
        typed=typed,
        unscored=unscored or {},
        **_what_comes(campaign, row, common),
        **_what_was(candidate, common),
        **common,
    )
    return page, 422 if wrong or unscored else 200


def _what_comes(campaign: Campaign, row: CandidateRow, common: Mapping[str, Any]) -> dict[str, Any]:
    """Questions for the interview, further work that may be asked for, and the stages ahead."""
    framework: Framework = common["framework"]
    sheet = interview_sheet.sheet_of(row.candidate, current_person.id)
    return {
        "questions": guide(framework, row.matrix, common["role"], row.gap, language()),
        "sheet": sheet,
        "interviewers": _colleagues(each.scored_by for scores in sheet.others.values() for each in scores),
        "scores": interview_sheet.SCORES,
        "onward": [(stage, common["stage_names"][stage]) for stage in stages_from(row.candidate)],
        "further": requested_work.further_of(campaign, [row], common["role"])[row.candidate.id],
        "request_lines": requested_work.lines,
    }


def _what_was(candidate: Candidate, common: Mapping[str, Any]) -> dict[str, Any]:
    """Answers, moments of the way, decisions and reports."""
    decisions = decisions_of(candidate)
    return {
        "kinds": kind_names(language()),
        "answers": answers.answers_of(candidate, language()),
        "odd_names": ", ".join(common["names"][skill] for skill in answers.odd_skills(candidate)),
        "moments": timeline(candidate),
        "decisions": decisions,
        "deciders": _colleagues(decision.decided_by_id for decision in decisions),
        "reports": _reports(candidate),
    }


def back_to(campaign: Campaign, candidate: Candidate, part: str | None = None) -> ResponseReturnValue:
    """To the candidate's page after an act; part: the one of the page that it belongs to."""
    address = url_for("selection.candidate", campaign_id=campaign.id, candidate_id=candidate.id, _anchor=part)
    return redirect(address, 303)


def row_of(campaign: Campaign, candidate: Candidate) -> CandidateRow:
    return comparison.ranked(campaign, [candidate])[0]


@needs("hr")
@transaction
def add_decision(campaign_id: int, candidate_id: int) -> ResponseReturnValue:
    campaign = campaign_or_404(campaign_id)
    candidate = candidate_or_404(campaign, candidate_id)
    reason = request.form.get("reason", "").replace("\r\n", "\n")[:4000]  # a page counts a line's end once
    outcome = row_of(campaign, candidate).gap.outcome
    try:
        decide(candidate, DecisionStep(request.form.get("stage", ""), reason, outcome, current_person.id))
    except DecisionRefused as refused:
        return candidate_page(campaign, candidate, refused.field, reason)
    flash(_("Noted: %(name)s, %(stage)s.", name=candidate.name, stage=words.stage_names()[candidate.stage]))
    return back_to(campaign, candidate)


@needs("hr")
@transaction
def ask_more(campaign_id: int, candidate_id: int) -> ResponseReturnValue:
    """Exactly what the page named goes to the candidate; without a mail server HR hands the link over."""
    campaign = campaign_or_404(campaign_id)
    candidate = candidate_or_404(campaign, candidate_id, lock=True)
    if requested_work.under_way(requested_work.asked_of(campaign, candidate)):  # sent twice, or by two at once
        flash(_("More is asked of the candidate already. A lost link is made anew on the campaign's page."))
    elif (link := _link_to_more(campaign, candidate)) is None:
        flash(_("This cannot be asked of the candidate now; look at the page again."), "error")
    elif not current_app.config["SMTP_URL"]:
        shown = comparison.shown_name(campaign, candidate) or str(candidate.id)
        return render_template("campaigns/invited.html", campaign=campaign, links=[(shown, link)])
    else:
        flash(_("Asked for. The letter leaves within a minute; the candidate has a week."))
    return back_to(campaign, candidate)


def _link_to_more(campaign: Campaign, candidate: Candidate) -> str | None:
    """The link to the work that the form names; None where that cannot be asked of the candidate now."""
    framework = evidence.framework(campaign.organisation_id)
    try:
        work = further_work.read(request.form.get("ask", "")[:500], [*framework.tree, *framework.sub_competencies])
        if not requested_work.may_be_asked(candidate):
            return None
        link = further_work.ask(campaign, candidate, work)
    except ValueError:
        return None
    record_action("candidate_asked_more", campaign.id, count=[0, work.minutes])
    return link


@needs("hr")
@transaction
def release(campaign_id: int, candidate_id: int) -> ResponseReturnValue:
    """The candidate may read the own result from now on; a letter says so."""
    campaign = campaign_or_404(campaign_id)
    candidate = candidate_or_404(campaign, candidate_id)
    if candidate.finished_at is None or campaign.shown != "released":
        abort(404)
    if candidate.released_at is None:
        letters.release(campaign, candidate)
        record_action("candidates_release", campaign.id, count=[0, 1])
    flash(_("The candidate may read the result now."))
    return back_to(campaign, candidate, "reports")


def _reports(candidate: Candidate) -> list[IssuedReport]:
    issued = select(IssuedReport).filter_by(organisation_id=candidate.organisation_id, candidate_id=candidate.id)
    return list(db.session.scalars(issued.order_by(IssuedReport.id)))


def decisions_of(candidate: Candidate) -> list[Decision]:
    decisions = select(Decision).filter_by(organisation_id=candidate.organisation_id, candidate_id=candidate.id)
    return list(db.session.scalars(decisions.order_by(Decision.number)))


def _colleagues(numbers: Iterable[int | None]) -> dict[int, str]:
    return names_of(current_person.organisation_id, numbers)
