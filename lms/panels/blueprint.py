"""The room's blueprint, and loading through the viewer's organisation."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint
from sqlalchemy import select

from lms import evidence
from lms.competency import Framework
from lms.database import db, one_or_404
from lms.identity.access import current_person, needs
from lms.panels.models import Panel, PanelJudge

bp = Blueprint("panels", __name__)
coordinators = needs("hr", "instructor")
readers = needs("hr", "instructor", "administrator")
adopters = needs("hr", "administrator")  # the same who change roles


def own_panel(panel_id: int, lock: bool = False) -> Panel:
    """A panel of the viewer's organisation, or 404; with `lock` nobody else changes it until this transaction ends."""
    statement = select(Panel).where(Panel.organisation_id == current_person.organisation_id, Panel.id == panel_id)
    panel: Panel = one_or_404(statement.with_for_update() if lock else statement)
    return panel


def own_judge(panel: Panel, judge_id: int) -> PanelJudge:
    ours = select(PanelJudge).where(PanelJudge.organisation_id == panel.organisation_id)
    judge: PanelJudge = one_or_404(ours.where(PanelJudge.panel_id == panel.id, PanelJudge.id == judge_id))
    return judge


def judges_of(panel: Panel) -> Sequence[PanelJudge]:
    """In the order in which they were invited."""
    ours = select(PanelJudge).where(PanelJudge.organisation_id == panel.organisation_id)
    return db.session.scalars(ours.where(PanelJudge.panel_id == panel.id).order_by(PanelJudge.id)).all()


def framework_of(panel: Panel) -> Framework:
    return evidence.framework(panel.organisation_id)
