"""The aim that a learner sets for their weeks, and how far this week is."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lms import clock
from lms.database import db
from lms.database.transaction import transaction
from lms.identity.access import current_person, needs
from lms.learn.blueprint import bp
from lms.learn.models import WeeklyAim
from lms.learn.progress import Progress
from lms.learn.week import answers_since, week_start

CHOICES = (("modules", 1), ("modules", 2), ("modules", 3), ("answers", 20), ("answers", 40), ("answers", 60))
NONE = "none"
HERE = "aim"  # messages that stand beside the form
FRIDAY_MORNING = timedelta(days=4, hours=10)  # from Monday, midnight


@dataclass(frozen=True)
class AimState:
    """An aim and what of it this week has brought; days: that are left of the week, today with them."""

    kind: str
    number: int
    reminder: bool
    done: int
    days: int

    @property
    def met(self) -> bool:
        return self.done >= self.number

    @property
    def choice(self) -> str:
        return choice_of(self.kind, self.number)


def aim_state(person_id: int, progress: Progress) -> AimState | None:
    """None where the person has set no aim."""
    aim = db.session.get(WeeklyAim, person_id)
    return state_of(aim, progress) if aim else None


def state_of(aim: WeeklyAim, progress: Progress) -> AimState:
    start = week_start(clock.now())
    done = len(progress.since(start)) if aim.kind == "modules" else answers_since(aim.person_id, start)
    days = 7 - (clock.now() - start).days
    return AimState(aim.kind, aim.number, aim.reminder, done, days)


def choices() -> list[tuple[str, str]]:
    """What the form offers: value and words."""
    return [(NONE, _("no aim")), *((choice_of(*choice), aim_words(*choice)) for choice in CHOICES)]


def choice_of(kind: str, number: int) -> str:
    return f"{kind}-{number}"


def aim_words(kind: str, number: int) -> str:
    if kind == "modules":
        return str(ngettext("%(num)s module a week", "%(num)s modules a week", number))
    return str(ngettext("%(num)s question a week", "%(num)s questions a week", number))


@bp.post("/aim")
@needs("trainee")
@transaction
def choose_aim() -> ResponseReturnValue:
    """Set, change or drop the weekly aim, and say whether a letter may remind of it."""
    wanted, aim = request.form.get("aim", ""), db.session.get(WeeklyAim, current_person.id)
    offered = {choice_of(*choice): choice for choice in CHOICES}
    if wanted == NONE:
        if aim:
            db.session.delete(aim)
        flash(_("You have no weekly aim now, and no letter reminds you."), HERE)
    elif wanted in offered:
        _set(aim or _new(), *offered[wanted], "reminder" in request.form)
        flash(_("Your weekly aim is set."), HERE)
    else:
        abort(400)
    return redirect(url_for("learn.home", _anchor="aim"), 303)


def _new() -> WeeklyAim:
    aim = WeeklyAim(person_id=current_person.id, code=secrets.token_urlsafe(32))
    db.session.add(aim)
    return aim


def _set(aim: WeeklyAim, kind: str, number: int, reminder: bool) -> None:
    aim.kind, aim.number, aim.reminder = kind, number, reminder
    if clock.now() >= week_start(clock.now()) + FRIDAY_MORNING:  # too late in this week to be reminded of it
        aim.settled_at = clock.now()
