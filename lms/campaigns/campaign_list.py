"""The campaigns of an organisation, and how many people of each are how far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from lms import clock
from lms.campaigns.blueprint import hr, own_campaigns
from lms.campaigns.board import PAGE, role_title
from lms.campaigns.candidacies import status_column
from lms.campaigns.models import Campaign, Candidate
from lms.database import db


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/campaigns", view_func=campaigns)


@hr
def campaigns() -> ResponseReturnValue:
    number = max(1, request.args.get("page", 1, type=int))
    undeleted = own_campaigns().where(Campaign.deleted_at.is_(None))
    count = db.session.scalar(select(func.count()).select_from(undeleted.subquery())) or 0
    pages = max(1, -(-count // PAGE))
    number = min(number, pages)
    ordered = undeleted.order_by(Campaign.closes_at.desc(), Campaign.id.desc()).offset((number - 1) * PAGE).limit(PAGE)
    rows = db.session.scalars(ordered).all()
    return render_template(
        "campaigns/campaigns.html",
        campaigns=rows,
        counts=_counts_of(rows),
        now=clock.now(),
        number=number,
        pages=pages,
        count=count,
        title_of=role_title,
        address=lambda page: url_for("campaigns.campaigns", page=page),
    )


def _counts_of(rows: Sequence[Campaign]) -> Mapping[int, Mapping[str, int]]:
    """How many people of each campaign are how far."""
    ids, column = [row.id for row in rows], status_column()
    organisation = rows[0].organisation_id if rows else 0
    counted = db.session.execute(
        select(Candidate.campaign_id, column, func.count())
        .where(Candidate.organisation_id == organisation, Candidate.campaign_id.in_(ids))
        .group_by(Candidate.campaign_id, column)
    )
    counts: dict[int, dict[str, int]] = {name: {} for name in ids}
    for name, status, count in counted:
        counts[name][status] = count
    return counts
