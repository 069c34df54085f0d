"""Taking a panel's cut over: a person's act with a reason, which makes the organisation's next edition."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_timezone
from flask_babel import gettext as _

from lms import clock, evidence
from lms.competency import CutRecord, FrameworkError
from lms.database.transaction import transaction
from lms.identity.access import current_person
from lms.identity.actions import record_action
from lms.panels import board
from lms.panels.blueprint import adopters, framework_of, own_panel
from lms.panels.crossed_cuts import DIGITS
from lms.panels.forms import Adoption
from lms.panels.models import Panel


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/panels/<id:panel_id>/adoption", view_func=adopt, methods=["POST"])


@adopters
@transaction
def adopt(panel_id: int) -> ResponseReturnValue:
    panel, form = own_panel(panel_id, lock=True), Adoption()
    if panel.state != "closed" or panel.adopted_at or panel.result["beyond"] or panel.made_up:
        abort(404)
    if not form.validate_on_submit():
        return board.page(panel, form=form), 422
    try:
        edition = take_over(panel, current_person.id, form.reason.data)
    except FrameworkError:
        form.reason.errors = [_("This cut lies beyond that of a level beside it. Set that one first.")]
        return board.page(panel, form=form), 422
    record_action("panel_adopted", panel.id, edition=[None, edition])
    flash(_("Taken over: edition %(number)s of your roles and cuts is in force.", number=edition))
    return redirect(url_for("panels.panel", panel_id=panel.id), 303)


def take_over(panel: Panel, person_id: int | None, reason: str) -> int:
    """The number of the new edition, whose cut names the panel. FrameworkError where levels would not rise."""
    overlay = evidence.overlay_in(evidence.newest_edition(panel.organisation_id))
    cuts = framework_of(panel).cuts.with_record(record_of(panel), round(panel.result["theta"], DIGITS))
    edition = evidence.add_edition(panel.organisation_id, person_id, replace(overlay, cuts=cuts), reason)
    panel.adopted_at, panel.adopted_by, panel.edition = clock.now(), person_id, edition.number
    return edition.number


def record_of(panel: Panel) -> CutRecord:
    """What the cut says of where it comes from. An error of nothing is told as the least that is written."""
    day = (panel.closed_at or clock.now()).astimezone(get_timezone()).date().isoformat()
    error = max(round(panel.result["se_general"], DIGITS), 10**-DIGITS)
    return CutRecord(panel.level, panel.id, day, len(panel.result["judges"]), error)
