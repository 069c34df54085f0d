"""The page that says in words how raters agree, for instructors and administrators."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lms.database import db
from lms.formats import format_number
from lms.identity.access import current_person, needs
from lms.identity.membership import names_of
from lms.rating import agreement
from lms.rating.agreement import GivenRating, RaterFigures
from lms.rating.blueprint import bp
from lms.rating.models import RatedWork, WorkRating
from lms.rating.tasks import TASKS
from lms.web.i18n import language

NEWEST = 4_000  # ratings of a task that are read: more say nothing new


@dataclass(frozen=True)
class RaterLine:
    """One rater of a task: n as in `RaterFigures`, then what it means, one sentence each."""

    name: str
    n: int
    sentences: list[str]


@bp.get("/rating/agreement")
@needs("instructor", "administrator")
def agreement_page() -> ResponseReturnValue:
    organisation_id = current_person.organisation_id
    agreements = {name: agreement.figures(_given(organisation_id, name)) for name in TASKS}
    names = names_of(organisation_id, {each.rater for figures in agreements.values() for each in figures})
    lines = {
        name: [RaterLine(names.get(each.rater, f"№ {each.rater}"), each.n, sentences(each)) for each in figures]
        for name, figures in agreements.items()
        if figures
    }
    return render_template("rating/agreement.html", tasks=TASKS, lines=lines, least=agreement.LEAST)


def _given(organisation_id: int, task: str) -> list[GivenRating]:
    rows = select(WorkRating.work_id, WorkRating.rater_id, WorkRating.scores, WorkRating.given_at)
    rows = rows.join(RatedWork, RatedWork.id == WorkRating.work_id).where(
        WorkRating.organisation_id == organisation_id,
        RatedWork.organisation_id == organisation_id,
        RatedWork.task == task,
        WorkRating.counts,
        WorkRating.given_at.is_not(None),
    )
    newest = db.session.execute(rows.order_by(WorkRating.id.desc()).limit(NEWEST))
    return [GivenRating(work, rater, scores, at) for work, rater, scores, at in newest if at]


def sentences(each: RaterFigures) -> list[str]:
    """What the figures mean; none below the least number of works."""
    lines = [_agrees(each), _severe(each), _drifts(each)]
    return [sentence for sentence in lines if sentence]


def _agrees(each: RaterFigures) -> str:
    if each.kappa is None or each.icc is None:
        return ""
    figures = {"kappa": format_number(each.kappa, language(), 2), "icc": format_number(each.icc, language(), 2)}
    least = min(each.kappa, each.icc)
    if least >= agreement.GOOD:
        return str(_("Agrees well with the others (weighted kappa %(kappa)s, ICC %(icc)s).", **figures))
    if least >= agreement.FAIR:
        return str(
            _("Agrees in part: worth talking over the anchors (weighted kappa %(kappa)s, ICC %(icc)s).", **figures)
        )
    return str(
        _("Agrees little: rate some texts together before going on (weighted kappa %(kappa)s, ICC %(icc)s).", **figures)
    )


def _severe(each: RaterFigures) -> str:
    if each.severity is None:
        return ""
    points = format_number(abs(each.severity), language(), 1)
    if each.severity >= agreement.NOTICEABLE:
        return str(_("Stricter than the mean rater by %(points)s of 3 points.", points=points))
    if each.severity <= -agreement.NOTICEABLE:
        return str(_("Milder than the mean rater by %(points)s of 3 points.", points=points))
    return str(_("Neither strict nor mild."))


def _drifts(each: RaterFigures) -> str:
    if each.drift is None or abs(each.drift) < agreement.NOTICEABLE:
        return "" if each.drift is None else str(_("No drift over time."))
    points = format_number(abs(each.drift), language(), 1)
    if each.drift > 0:
        return str(_("Has become stricter over time, by %(points)s points.", points=points))
    return str(_("Has become milder over time, by %(points)s points.", points=points))
