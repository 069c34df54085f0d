"""What HR types about a campaign, and how days become moments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import get_timezone
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from lms import clock
from lms.identity.forms import LANGUAGE_CHOICES, Ticked, email_field, tidy
from lms.web.forms import Form

EXTRA_TIMES = (1.0, 1.25, 1.5, 2.0)
OPEN_DAYS, KEPT_DAYS, LONGEST = 14, 180, 366  # by default a campaign is open, data are kept; the longest window


class Window(Form):
    """What can be changed while a campaign runs."""

    name = StringField(_l("Name of the campaign"), [DataRequired(), Length(max=120)], filters=[tidy])
    opens_on = DateField(_l("Opens on"), [DataRequired()])
    closes_on = DateField(_l("Last day"), [DataRequired()])
    remind_days = IntegerField(
        _l("Remind by letter so many days before the end (0: never)"), [InputRequired(), NumberRange(0, 14)]
    )
    shown = RadioField(_l("Candidates see their own result"))
    blind = BooleanField(_l("Hide names until a decision"))
    delete_on = DateField(_l("Candidates' data are deleted on"), [DataRequired()])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.shown.choices = [
            SelectChoice("released", _("when you release it")),
            SelectChoice("at_end", _("as soon as they have finished")),
            SelectChoice("never", _("never")),
        ]

    def validate_closes_on(self, field: Any) -> None:
        if self.opens_on.data and field.data < self.opens_on.data:
            raise ValidationError(_("The last day lies before the first."))
        if self.opens_on.data and field.data > self.opens_on.data + timedelta(days=LONGEST):
            raise ValidationError(_("A campaign is open for a year at most."))
        if day_end(field.data) <= clock.now():
            raise ValidationError(_("This day is over already."))

    def validate_delete_on(self, field: Any) -> None:
        if self.closes_on.data and field.data <= self.closes_on.data:
            raise ValidationError(_("Data cannot be deleted before the campaign is over."))


class NewCampaign(Window):
    """The second step; the role was chosen in the first."""

    form = RadioField(_l("Test"), choices=["screening", "full", "own"])
    languages = Ticked(_l("Languages of the test"), [DataRequired()], choices=LANGUAGE_CHOICES)
    retakes = SelectField(_l("May repeat the test"), coerce=int)
    pauses = BooleanField(_l("Candidates may pause"))

    def __init__(self, title: str = "") -> None:
        today = local_today()
        super().__init__(
            data={
                "name": title,
                "form": "screening",
                "opens_on": today,
                "closes_on": today + timedelta(days=OPEN_DAYS),
                "remind_days": 2,
                "languages": [choice.value for choice in LANGUAGE_CHOICES],
                "retakes": 0,
                "pauses": True,
                "blind": False,
                "shown": "released",
                "delete_on": today + timedelta(days=KEPT_DAYS),
            }
        )
        times = (_("never"), _("once"), _("twice"))
        self.retakes.choices = [SelectChoice(count, word) for count, word in enumerate(times)]


class EditCandidate(Form):
    """Accommodations stand here alone, and in no result."""

    name = StringField(_l("Name"), [DataRequired(), Length(max=120)], filters=[tidy])
    email = email_field()
    language = SelectField(_l("Language of test and letters"), choices=LANGUAGE_CHOICES)
    extra_time = SelectField(_l("Time limits are multiplied by"), coerce=float)
    may_pause = BooleanField(_l("May pause the test"))

    def __init__(self, languages: Sequence[str], **values: Any) -> None:
        super().__init__(**values)
        self.extra_time.choices = [SelectChoice(factor, f"{factor:g}") for factor in EXTRA_TIMES]
        self.language.choices = [choice for choice in LANGUAGE_CHOICES if choice.value in languages]


def local_today() -> dt.date:
    return clock.now().astimezone(get_timezone()).date()


def day_start(day: dt.date) -> dt.datetime:
    return _here(day, dt.time())


def day_end(day: dt.date) -> dt.datetime:
    """The last minute of the day."""
    return _here(day, dt.time(23, 59))


def _here(day: dt.date, time: dt.time) -> dt.datetime:
    here: dt.datetime = get_timezone().localize(dt.datetime.combine(day, time))
    return here.astimezone(dt.UTC)


def local_day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(get_timezone()).date()
