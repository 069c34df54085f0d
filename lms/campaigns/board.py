"""How far the people of one campaign are: paged and counted by the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, or_, select

from lms import clock
from lms.assess import Attempt
from lms.assess.models import AttemptItem
from lms.background.mail import ATTEMPTS, OutboxMail
from lms.campaigns import board_pages, letters
from lms.campaigns.blueprint import bp, candidates_of, hr, own_campaign, own_framework
from lms.campaigns.candidacies import status_column
from lms.campaigns.expected import ask_for, figures_of
from lms.campaigns.models import Campaign, Candidate
from lms.campaigns.offered_works import would_show
from lms.campaigns.parts import PURPOSE, minutes_of, rules_of
from lms.database import db
from lms.web.i18n import language

PAGE = 50
LETTER_FAILED = "letter"  # a filter beside the statuses
STATUSES = ("waiting", "invited", "opened", "ready", "sitting", "finished", "expired", "revoked")


@dataclass(frozen=True)
class BoardLine:
    """One candidate on the board. answered: questions behind them; letter: the newest one."""

    candidate: Candidate
    status: str
    answered: int
    letter: OutboxMail | None


@dataclass(frozen=True)
class Board:
    """A page of the board; counts: of all people by status, and of letters that did not arrive."""

    lines: Sequence[BoardLine]
    counts: Mapping[str, int]
    number: int
    pages: int
    matches: int


def role_title(campaign: Campaign) -> str:
    return letters.role_name(campaign, language())


@bp.get("/campaigns/<id:campaign_id>")
@hr
def board(campaign_id: int) -> ResponseReturnValue:
    campaign = own_campaign(campaign_id)
    wanted, name = request.args.get("status", ""), request.args.get("name", "").strip()[:80]
    shown = board_of(campaign, wanted, name, request.args.get("page", 1, type=int))
    address = partial(url_for, "campaigns.board", campaign_id=campaign.id, name=name or None)
    return render_template(
        "campaigns/board.html",
        campaign=campaign,
        board=shown,
        wanted=wanted,
        name=name,
        statuses=status_names(),
        title=role_title(campaign),
        pages=board_pages.pages(),
        names=own_framework().cell_names(language()),
        expected=_expected(campaign),
        would_show=would_show,
        minutes=minutes_of(campaign.parts),
        most=rules_of(campaign.parts).most,
        now=clock.now(),
        week=(clock.now() + timedelta(days=7)),
        server=bool(current_app.config["SMTP_URL"]),
        filtered=lambda status: address(status=status or None),
        address=lambda page: address(status=wanted or None, page=page),
    )


def _expected(campaign: Campaign) -> Mapping[str, Any]:
    """What was promised when the campaign was made; where nothing had been measured then, what is known now."""
    framework = own_framework()
    if campaign.expected or framework.role(campaign.role) is None:
        return campaign.expected
    figures = figures_of(framework, campaign.role, campaign.parts)
    if not figures:
        ask_for(campaign.organisation_id, framework, campaign.role, campaign.parts)
    return figures


def board_of(campaign: Campaign, wanted: str, name: str, number: int) -> Board:
    """One page of the people whose status is wanted ("" for all) and whose name or address holds these letters."""
    counts = _counts(campaign)
    matching = _filtered(campaign, wanted, name)
    count = db.session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    pages = max(1, -(-count // PAGE))
    number = min(max(number, 1), pages)
    rows = db.session.execute(
        matching.add_columns(status_column())
        .order_by(Candidate.name, Candidate.id)
        .offset((number - 1) * PAGE)
        .limit(PAGE)
    ).all()
    people = [row[0] for row in rows]
    answered, sent = _answered(people), letters.states(people)
    lines = [
        BoardLine(candidate, status, answered.get(candidate.person_id, 0), sent.get(candidate.id))
        for candidate, status in rows
    ]
    return Board(lines, counts, number, pages, count)


def _counts(campaign: Campaign) -> Mapping[str, int]:
    column = status_column()
    counted = db.session.execute(candidates_of(campaign).with_only_columns(column, func.count()).group_by(column))
    failed = _filtered(campaign, LETTER_FAILED, "")
    lost = db.session.scalar(select(func.count()).select_from(failed.subquery())) or 0
    return dict(counted.all()) | {LETTER_FAILED: lost}


def _filtered(campaign: Campaign, wanted: str, name: str) -> Select[Candidate]:
    candidates: Select[Candidate] = candidates_of(campaign)
    if wanted in STATUSES:
        candidates = candidates.where(status_column() == wanted)
    if wanted == LETTER_FAILED:
        candidates = candidates.join(OutboxMail, OutboxMail.id == Candidate.letter_id).where(*_is_lost())
    for_letters = {name, name.title(), name.lower()} - {""}
    if for_letters:
        columns = (Candidate.name, Candidate.email)
        candidates = candidates.where(
            or_(*(at.icontains(form, autoescape=True) for form in for_letters for at in columns))
        )
    return candidates


def _is_lost() -> tuple[ColumnElement[bool], ...]:
    """A letter that a server refused or that nobody tries any more, to somebody who has not come by another way."""
    given_up = or_(OutboxMail.tries >= ATTEMPTS, OutboxMail.error.is_not(None))
    return OutboxMail.sent_at.is_(None), given_up, Candidate.finished_at.is_(None)


def _answered(people: Sequence[Candidate]) -> Mapping[int, int]:
    """Questions behind each person: those put, but for the one that lies before who still sits."""
    ids = [candidate.person_id for candidate in people]
    counted = db.session.execute(
        select(Attempt.person_id, func.count(AttemptItem.id), func.count(Attempt.submitted_at))
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .where(Attempt.person_id.in_(ids), Attempt.purpose == PURPOSE)
        .group_by(Attempt.person_id)
    )
    return {person: count if ended else max(count - 1, 0) for person, count, ended in counted}


def status_names() -> dict[str, str]:
    return {
        "waiting": _("waits for your approval"),
        "invited": _("invited"),
        "opened": _("has opened the link"),
        "ready": _("has agreed, not begun"),
        "sitting": _("sits the test"),
        "finished": _("finished"),
        "expired": _("link is over"),
        "revoked": _("link is shut"),
        LETTER_FAILED: _("letter did not arrive"),
    }
