"""A panel's page: who is how far, the next round, the end, and from then on the record of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms import clock
from lms.database.transaction import transaction
from lms.identity.access import current_person
from lms.identity.actions import record_action
from lms.panels import drawings, links
from lms.panels.blueprint import coordinators, framework_of, judges_of, own_panel, readers
from lms.panels.crossed_cuts import crossed, crossed_by_panel
from lms.panels.forms import Adoption
from lms.panels.models import Panel, PanelJudge
from lms.panels.ratings import ratings_of
from lms.panels.result import LEAST_ANSWERS, LEAST_JUDGES, LEAST_PEOPLE, outcome_of
from lms.web.i18n import language

WIDE_ERROR = 0.25  # of a cut: its 95 % band is as wide as a level
FIXED: Mapping[str, Any] = {
    "letters": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "least_judges": LEAST_JUDGES,
    "wide_error": WIDE_ERROR,
    "least_people": LEAST_PEOPLE,
    "least_answers": LEAST_ANSWERS,
}


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/panels/<id:panel_id>", view_func=panel)
    bp.add_url_rule("/panels/<id:panel_id>/second", view_func=second, methods=["POST"])
    bp.add_url_rule("/panels/<id:panel_id>/end", view_func=end, methods=["POST"])


@readers
def panel(panel_id: int) -> ResponseReturnValue:
    return page(own_panel(panel_id))


@coordinators
@transaction
def second(panel_id: int) -> ResponseReturnValue:
    """Open the second round: from now on everybody sees the distribution, and a letter says so."""
    panel = own_panel(panel_id, lock=True)
    judges = judges_of(panel)
    if panel.state != "first" or _handed_in(judges) < LEAST_JUDGES:
        flash(_("The second round needs %(count)s judges who handed in the first.", count=LEAST_JUDGES), "error")
        return redirect(url_for("panels.panel", panel_id=panel.id), 303)
    panel.state = "second"
    record_action("panel_second_round", panel.id)
    waiting = [judge for judge in judges if judge.done(1) and judge.revoked_at is None]
    sent = [(judge.name, links.send(panel, judge)) for judge in waiting]
    if not current_app.config["SMTP_URL"]:
        return render_template("panels/links.html", panel=panel, links=sent)
    flash(_("The second round is open. Letters in the outbox: %(count)s.", count=len(sent)))
    return redirect(url_for("panels.panel", panel_id=panel.id), 303)


@coordinators
@transaction
def end(panel_id: int) -> ResponseReturnValue:
    """Count, keep the result for good, shut every link and forget every address."""
    panel = own_panel(panel_id, lock=True)
    judges = judges_of(panel)
    outcome = outcome_of(panel, judges) if panel.state == "second" else {}
    if not outcome:
        flash(_("There is no result yet: the second round has not been open."), "error")
        return redirect(url_for("panels.panel", panel_id=panel.id), 303)
    close(panel, judges, outcome)
    record_action("panel_closed", panel.id, theta=[outcome["cut_before"], outcome["theta"]])
    flash(_("The panel is over. Its record stands below."))
    return redirect(url_for("panels.panel", panel_id=panel.id), 303)


def close(panel: Panel, judges: Sequence[PanelJudge], outcome: dict[str, object]) -> None:
    panel.state, panel.closed_at, panel.result = "closed", clock.now(), outcome
    for judge in judges:
        judge.token_hash, judge.email = None, None


def _handed_in(judges: Sequence[PanelJudge]) -> int:
    return sum(judge.done(1) for judge in judges)


def _crossed(panel: Panel, judges: Sequence[PanelJudge]) -> int | None:
    """The level whose cut is reached, by the result or by what it would be now."""
    if panel.state == "closed":
        return None if panel.adopted_at else crossed(panel, panel.result["theta"])
    return crossed_by_panel(panel, judges)


def page(
    panel: Panel,
    *,
    text: str = "",
    wrong: Sequence[tuple[int, str]] = (),
    most: int = 0,
    form: Adoption | None = None,
) -> str:
    framework, judges = framework_of(panel), judges_of(panel)
    counts = {judge.id: len(ratings_of(judge, panel.round)) for judge in judges if panel.state != "closed"}
    return render_template(
        "panels/panel.html",
        panel=panel,
        judges=judges,
        counts=counts,
        handed_in=_handed_in(judges),
        names=framework.cell_names(language()),
        level=next(each for each in framework.levels if each.level == panel.level),
        cuts=framework.cuts,
        found=panel.result,
        other=_crossed(panel, judges),
        drawn=drawings.cuts_of_judges(panel.result) if panel.result else "",
        form=form or Adoption(formdata=None),
        text=text,
        wrong=wrong,
        most=most,
        now=clock.now(),
        **_rights(),
        **FIXED,
    )


def _rights() -> dict[str, bool]:
    return {
        "may_coordinate": current_person.has_role("hr", "instructor"),
        "may_adopt": current_person.has_role("hr", "administrator"),
    }
