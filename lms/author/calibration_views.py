"""The page on which staff have the questions' difficulties estimated anew and see what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import update

from lms import evidence, publishing
from lms.author import calibration_runs, overview
from lms.author.models import CalibrationRun
from lms.author.verdicts import drift_verdict
from lms.database import audit, db
from lms.database.transaction import transaction
from lms.evidence.anchor_watch import anchor_watch
from lms.evidence.calibration import ANCHOR_ANSWERS
from lms.evidence.parameters import current_set
from lms.identity.access import current_person, needs
from lms.psychometrics.anchor_drift import LEAST_ANCHORS, LEAST_ANSWERS
from lms.web.i18n import language

SHOWN, MOVED = 10, 50
staff = needs("instructor", "administrator")


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/calibration", view_func=calibration)
    bp.add_url_rule("/calibration", view_func=calibrate, methods=["POST"])
    bp.add_url_rule("/calibration/end", view_func=end_calibration, methods=["POST"])


@staff
def calibration() -> ResponseReturnValue:
    home = current_person.organisation_id
    runs, present = calibration_runs.newest(home, SHOWN), current_set()
    may_ask = calibration_runs.may_ask(home)
    return render_template(
        "author/calibration.html",
        runs=runs,
        open_run=next((run for run in runs if run.is_open), None),
        may_ask=may_ask,
        present=present,
        moved=_readable(present.moved if present else ())[:MOVED],
        drifted=[(line["item"], drift_verdict(line).text) for line in _readable(present.drifted if present else ())],
        watch=anchor_watch(present) if present and may_ask else None,
        few=(LEAST_ANCHORS, LEAST_ANSWERS),
        firm=ANCHOR_ANSWERS,
        outcomes=_outcomes(),
        skills=evidence.framework().cell_names(language()),
    )


def _readable(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those about questions whose authors these are."""
    library = publishing.library()
    shut = {path for path, bank in library.banks.items() if not overview.may_read(bank)}
    readable = {key for key, item in library.items.items() if item.path not in shut}
    return [line for line in lines if line["item"] in readable]


def _outcomes() -> dict[str, str]:
    return {
        "": _("waits or runs"),
        "done": _("a new set, in force for tests that begin from then on"),
        "empty": _("there are no answers yet"),
        "stopped": _("stopped; nothing was changed"),
        "failed": _("it broke off; nothing was changed"),
    }


@staff
@transaction
def calibrate() -> ResponseReturnValue:
    home, myself = current_person.organisation_id, current_person.id
    if not calibration_runs.may_ask(home):
        flash(_("Answers of several organisations are counted together here, so the operator starts it."), "error")
    elif any(run.is_open for run in calibration_runs.newest(home, 1)):
        flash(_("One is under way already."), "error")
    else:
        run = calibration_runs.ask(home, myself)
        audit.append_entry(home, myself, "calibration_asked", home, run=run.id)
        flash(_("It begins within seconds. You may leave this page."))
    return redirect(url_for("author.calibration"), 303)


@staff
@transaction
def end_calibration() -> ResponseReturnValue:
    mine = CalibrationRun.organisation_id == current_person.organisation_id
    db.session.execute(update(CalibrationRun).where(mine, CalibrationRun.is_open.is_(True)).values(stop=True))
    flash(_("It is being stopped."))
    return redirect(url_for("author.calibration"), 303)
