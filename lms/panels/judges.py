"""Inviting judges by a pasted list, and what is done with one of them: a new link, or the end of it."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms import clock
from lms.config import LANGUAGES
from lms.database.transaction import transaction
from lms.identity import invitees
from lms.identity.actions import record_action
from lms.panels import board, links
from lms.panels.blueprint import coordinators, judges_of, own_judge, own_panel
from lms.panels.models import Panel

MOST = 40  # judges of a panel
LONGEST_PASTE = 20_000  # characters of pasted lines
Links = list[tuple[str, str]]


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/panels/<id:panel_id>/judges", view_func=invite, methods=["POST"])
    bp.add_url_rule("/panels/<id:panel_id>/judges/<id:judge_id>", view_func=change, methods=["POST"])


@coordinators
@transaction
def invite(panel_id: int) -> ResponseReturnValue:
    """Everybody whom the lines name, or nobody: each line that is wrong is said."""
    panel = own_panel(panel_id, lock=True)
    text, spoken = request.form.get("people", ""), request.form.get("language", "")
    if len(text.replace("\r\n", "\n")) > LONGEST_PASTE:  # cut, its last address would be another one
        return board.page(panel, text=text[:LONGEST_PASTE], most=MOST), 422
    invited, unread = invitees.read(text)
    emails = {judge.email for judge in judges_of(panel)}
    wrong = [(line.line, _unread(line)) for line in unread]
    wrong += [
        (line.line, _("%(email)s is a judge already", email=line.email)) for line in invited if line.email in emails
    ]
    if wrong or not invited or len(emails) + len(invited) > MOST or not _is_open(panel):
        return board.page(panel, text=text, wrong=wrong, most=MOST), 422
    judges = [links.add_judge(panel, line.name, line.email, _language(spoken)) for line in invited]
    sent = [(judge.name, links.send(panel, judge)) for judge in judges]
    record_action("panel_judges_invited", panel.id, count=[0, len(sent)])
    return _told(panel, sent)


@coordinators
@transaction
def change(panel_id: int, judge_id: int) -> ResponseReturnValue:
    panel = own_panel(panel_id, lock=True)
    judge, act = own_judge(panel, judge_id), request.form.get("do", "")
    if act == "revoke":
        links.revoke(judge)
        record_action("panel_judge_revoked", panel.id)
        flash(_("The link no longer works; what was rated stays."))
    elif act == "renew" and _is_open(panel):
        return _told(panel, [(judge.name, links.send(panel, judge))])
    return redirect(url_for("panels.panel", panel_id=panel.id), 303)


def _is_open(panel: Panel) -> bool:
    return panel.state != "closed" and panel.closes_at > clock.now()


def _unread(line: invitees.Unread) -> str:
    return f"{invitees.reason(line)} ({line.text})"


def _language(spoken: str) -> str:
    return spoken if spoken in LANGUAGES else LANGUAGES[0]


def _told(panel: Panel, sent: Links) -> ResponseReturnValue:
    """Without a mail server the coordinator hands the links over, and only this page shows them."""
    if not current_app.config["SMTP_URL"]:
        return render_template("panels/links.html", panel=panel, links=sent)
    flash(_("Letters in the outbox: %(count)s. They leave within a minute.", count=len(sent)))
    return redirect(url_for("panels.panel", panel_id=panel.id), 303)
