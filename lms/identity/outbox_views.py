"""The administrator's list of letters: what waits, what left, what was given up."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select

from lms.background.mail import OutboxMail, send_again
from lms.database import one_or_404
from lms.database.transaction import transaction
from lms.identity.access import current_person
from lms.identity.invitations import administrators, listed


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/outbox", view_func=outbox)
    bp.add_url_rule("/outbox/<id:mail_id>/tries", view_func=try_again, methods=["POST"])


def _letters() -> Select[OutboxMail]:
    return select(OutboxMail).where(OutboxMail.organisation_id == current_person.organisation_id)


@administrators
def outbox() -> ResponseReturnValue:
    return render_template(
        "identity/outbox.html",
        mails=listed(_letters().order_by(OutboxMail.id.desc()), request.args.get("page", 1, type=int)),
        server=bool(current_app.config["SMTP_URL"]),
        address=lambda number: url_for("identity.outbox", page=number),
    )


@administrators
@transaction
def try_again(mail_id: int) -> ResponseReturnValue:
    """Have a letter tried anew that was given up."""
    send_again(one_or_404(_letters().where(OutboxMail.id == mail_id)))
    return redirect(url_for("identity.outbox"), 303)
