"""The interview of one candidate: everybody's own sheet, and closing it into evidence."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, abort, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lms import evidence
from lms.campaigns import Campaign, Candidate
from lms.database.transaction import transaction
from lms.hiring.interview import InterviewQuestion, guide
from lms.identity.access import current_person, needs
from lms.selection import interview_sheet
from lms.selection.access import campaign_or_404, candidate_or_404
from lms.selection.campaign_role import role_of
from lms.selection.candidate_views import back_to, candidate_page, row_of
from lms.web.i18n import language


def add_to(bp: Blueprint) -> None:
    address = "/campaigns/<id:campaign_id>/candidates/<id:candidate_id>/interview"
    bp.add_url_rule(address, view_func=score_interview, methods=["POST"])


@needs("hr")
@transaction
def score_interview(campaign_id: int, candidate_id: int) -> ResponseReturnValue:
    """Keep one's own sheet; with `close` make everybody's sheets evidence."""
    campaign = campaign_or_404(campaign_id)
    candidate = candidate_or_404(campaign, candidate_id)
    levels = {question.sub: question.required for question in _questions(campaign, candidate)}
    try:
        interview_sheet.save(candidate, current_person.id, _scores(levels))
    except ValueError:
        abort(400)
    if unscored := _unscored(levels):
        flash(_("Kept is what has a score. Notes without one are still open below: give them a score."), "error")
        return candidate_page(campaign, candidate, unscored=unscored)
    flash(_("Your sheet is kept."))
    if "close" in request.form:
        cuts = evidence.framework(campaign.organisation_id).cuts.theta
        if not (count := interview_sheet.close(candidate, levels, cuts)):
            flash(_("Nothing has a score yet, so the interview stays open."), "error")
        else:
            flash(ngettext("%(num)s answer joined the evidence.", "%(num)s answers joined the evidence.", count))
    return back_to(campaign, candidate, "interview")


def _scores(subs: Iterable[str]) -> dict[str, tuple[int, str]]:
    scores = {sub: request.form.get(f"score-{sub}", type=int) for sub in subs}
    return {
        sub: (score, request.form.get(f"note-{sub}", "").replace("\r\n", "\n"))
        for sub, score in scores.items()
        if score is not None
    }


def _unscored(subs: Iterable[str]) -> dict[str, str]:
    notes = {sub: request.form.get(f"note-{sub}", "").strip()[:2000] for sub in subs}
    return {sub: note for sub, note in notes.items() if note and f"score-{sub}" not in request.form}


def _questions(campaign: Campaign, candidate: Candidate) -> list[InterviewQuestion]:
    row = row_of(campaign, candidate)
    framework = evidence.framework(campaign.organisation_id)
    return guide(framework, row.matrix, role_of(campaign), row.gap, language())
