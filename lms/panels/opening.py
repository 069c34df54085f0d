"""The list of panels, and opening one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lms import clock, evidence
from lms.campaigns.forms import day_end
from lms.database import db
from lms.database.transaction import transaction
from lms.identity.access import current_person
from lms.identity.actions import record_action
from lms.panels.blueprint import coordinators, readers
from lms.panels.forms import FEWEST, NewPanel
from lms.panels.models import Panel
from lms.panels.panel_items import drawn_items
from lms.web.i18n import language


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/panels", view_func=panels)
    bp.add_url_rule("/panels/new", view_func=new)
    bp.add_url_rule("/panels/new", view_func=open_panel, methods=["POST"])


@readers
def panels() -> ResponseReturnValue:
    ours = select(Panel).where(Panel.organisation_id == current_person.organisation_id).order_by(Panel.id.desc())
    framework = evidence.framework(current_person.organisation_id)
    return render_template(
        "panels/panels.html",
        panels=db.session.scalars(ours.limit(200)).all(),
        names=framework.cell_names(language()),
        cuts=framework.cuts,
        now=clock.now(),
    )


@coordinators
def new() -> ResponseReturnValue:
    return _page(_form())


@coordinators
@transaction
def open_panel() -> ResponseReturnValue:
    form = _form()
    if not form.validate_on_submit():
        return _page(form), 422
    items = drawn_items(form.pool.data, form.skill.data, form.count.data)
    if len(items) < FEWEST:
        form.count.errors = [_("There are only %(count)s items.", count=len(items))]
        return _page(form), 422
    panel = Panel(
        organisation_id=current_person.organisation_id,
        level=form.level.data,
        skill=form.skill.data,
        pool=form.pool.data,
        items=items,
        about=form.about.data.strip(),
        closes_at=day_end(form.closes_on.data),
        created_by=current_person.id,
    )
    db.session.add(panel)
    db.session.flush()
    record_action("panel_opened", panel.id, level=[None, panel.level])
    flash(_("The panel is open. Now invite the judges."))
    return redirect(url_for("panels.panel", panel_id=panel.id), 303)


def _form() -> NewPanel:
    return NewPanel(evidence.framework(current_person.organisation_id), language())


def _page(form: NewPanel) -> str:
    return render_template("panels/new.html", form=form, fewest=FEWEST)
