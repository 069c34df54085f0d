"""A candidate's reports, issued once and the same for ever."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from lms import evidence
from lms.config import LANGUAGES
from lms.database import db, one_or_404
from lms.database.transaction import transaction
from lms.identity.access import current_person, needs
from lms.selection import reports
from lms.selection.access import campaign_or_404, candidate_or_404
from lms.selection.campaign_role import role_of
from lms.selection.candidate_views import decisions_of, row_of
from lms.selection.models import IssuedReport


def add_to(bp: Blueprint) -> None:
    of_candidate = "/campaigns/<id:campaign_id>/candidates/<id:candidate_id>/reports"
    bp.add_url_rule(of_candidate, view_func=issue_report, methods=["POST"])
    bp.add_url_rule("/reports/<id:report_id>.pdf", view_func=report)


@needs("hr")
@transaction
def issue_report(campaign_id: int, candidate_id: int) -> ResponseReturnValue:
    campaign = campaign_or_404(campaign_id)
    candidate = candidate_or_404(campaign, candidate_id)
    audience, chosen = request.form.get("audience", ""), request.form.get("language", "")
    if audience not in reports.AUDIENCES or chosen not in LANGUAGES:
        abort(400)
    role, framework = role_of(campaign), evidence.framework(campaign.organisation_id)
    source = reports.Source(campaign, role, framework, row_of(campaign, candidate), decisions_of(candidate))
    report = reports.issue(source, audience, chosen, current_person.id)
    db.session.flush()
    return redirect(url_for("selection.report", report_id=report.id), 303)


@needs("hr")
def report(report_id: int) -> ResponseReturnValue:
    ours = select(IssuedReport).filter_by(id=report_id, organisation_id=current_person.organisation_id)
    issued: IssuedReport = one_or_404(ours)
    reply = Response(reports.document(issued), mimetype="application/pdf")
    reply.headers["Content-Disposition"] = f'inline; filename="hmut-report-{issued.id}.pdf"'
    return reply
