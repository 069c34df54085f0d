"""A calm letter about a weekly aim that is still open: for who asked for it, on Friday, stopped by one link."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import Select, or_, select

from lms import clock
from lms.background import mail
from lms.database import db, one_or_404
from lms.database.transaction import finds, transaction
from lms.identity.access import public
from lms.identity.letters import absolute
from lms.identity.models import Person
from lms.learn.blueprint import bp
from lms.learn.models import WeeklyAim
from lms.learn.progress import progress_of
from lms.learn.week import week_start
from lms.learn.weekly_aim import FRIDAY_MORNING, state_of
from lms.web.security import csrf

BATCH = 20  # people of one transaction
LAST = timedelta(days=6)  # from Monday, midnight: on Sunday it is too late to remind


def remind_due() -> int:
    """Write the letters of this week that are due; the number of those written."""
    start, now = week_start(clock.now()), clock.now()
    written, more = 0, start + FRIDAY_MORNING <= now < start + LAST
    while more and finds(_waiting()):
        letters, more = _remind_batch()
        written += letters
    return written


@transaction
def _remind_batch() -> tuple[int, bool]:
    """Decide on the next few: how many letters were written, and whether more people wait."""
    waiting = _waiting().order_by(WeeklyAim.person_id).limit(BATCH)
    few = db.session.execute(waiting.with_for_update(of=WeeklyAim, skip_locked=True)).all()
    return sum(_settle(aim, person) for aim, person in few), len(few) == BATCH


def _waiting() -> Select[WeeklyAim, Person]:
    return (
        select(WeeklyAim, Person)
        .join(Person, Person.id == WeeklyAim.person_id)
        .where(WeeklyAim.reminder, Person.active)
        .where(or_(WeeklyAim.settled_at.is_(None), WeeklyAim.settled_at < week_start(clock.now())))
    )


def _settle(aim: WeeklyAim, person: Person) -> bool:
    """Whether a letter was written: none where the aim is met. Either way it is done for this week."""
    aim.settled_at = clock.now()
    state = state_of(aim, progress_of(person.id))
    if state.met:
        return False
    with current_app.test_request_context(), force_locale(person.language):  # for the addresses of our pages
        body = render_template(
            "learn/mail_reminder.txt",
            name=person.name,
            aim=state,
            home=absolute(url_for("learn.home")),
            stop=absolute(url_for("learn.reminder", code=aim.code)),
        )
        mail.post(person.organisation_id, person.email, _("Your aim of this week"), body)
    return True


@bp.get("/reminders/<code>")
@public
def reminder(code: str) -> ResponseReturnValue:
    """The page behind a letter's link. Opening it changes nothing, since mail scanners open links first."""
    return render_template("learn/reminder.html", aim=_by_code(code))


@bp.post("/reminders/<code>")
@public
@transaction
def stop_reminder(code: str) -> ResponseReturnValue:
    """No more letters, whoever is signed in or nobody. Mail programs post here by themselves (RFC 8058)."""
    aim = _by_code(code)
    aim.reminder = False
    return render_template("learn/reminder.html", aim=aim)


csrf.exempt(stop_reminder)  # the mail program's button has no page of ours behind it; the code is the proof


def _by_code(code: str) -> WeeklyAim:
    aim: WeeklyAim = one_or_404(select(WeeklyAim).where(WeeklyAim.code == code))
    return aim
