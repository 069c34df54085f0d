"""What a coordinator types about a panel."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from lms import clock
from lms.campaigns.forms import day_end, local_today
from lms.competency import Framework
from lms.web.forms import Form

FEWEST, MOST, USUAL = 8, 40, 20  # items
OPEN_DAYS, LONGEST = 21, 120


class NewPanel(Form):
    level = SelectField(_l("Level whose beginning is judged"), coerce=int)
    skill = SelectField(_l("Skill"))
    pool = RadioField(_l("Items are drawn from"))
    count = IntegerField(_l("Number of items"), [InputRequired(), NumberRange(FEWEST, MOST)])
    closes_on = DateField(_l("Last day"), [DataRequired()])
    about = TextAreaField(_l("Who the judges are, and how they were chosen"), [DataRequired(), Length(max=2000)])

    def __init__(self, framework: Framework, language: str, **values: Any) -> None:
        days = {"closes_on": local_today() + timedelta(days=OPEN_DAYS)}
        super().__init__(data={"level": 3, "skill": "", "pool": "placement", "count": USUAL, **days, **values})
        names = framework.level_names(language)
        self.level.choices = [SelectChoice(level, f"{level} · {names[level]}") for level in names if level]
        skills = [SelectChoice(skill.id, skill.name.get(language)) for skill in framework.skills]
        self.skill.choices = [SelectChoice("", _("all skills")), *skills]
        self.pool.choices = [SelectChoice("placement", _("“Find my level”")), SelectChoice("practice", _("checks"))]

    def validate_closes_on(self, field: Any) -> None:
        if day_end(field.data) <= clock.now():
            raise ValidationError(_("This day is over already."))
        if field.data > local_today() + timedelta(days=LONGEST):
            raise ValidationError(_("A panel is open for %(days)s days at most.", days=LONGEST))


class Adoption(Form):
    reason = TextAreaField(_l("Why this cut is taken over"), [DataRequired(), Length(max=500)])
