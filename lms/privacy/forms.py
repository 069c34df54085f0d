"""Asking twice before data go: the act, and a word that only somebody who means it types."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from lms.identity.passwords import LONGEST
from lms.web.forms import Form


class Erasure(Form):
    """password: where it is one's own account and has one; name: typed in every other case."""

    act = RadioField(
        _l("What shall be done?"),
        choices=[
            SelectChoice("anonymise", _l("Erase the person, keep marks for statistics without a way back")),
            SelectChoice("erase", _l("Erase everything")),
        ],
        default="anonymise",
    )
    password = PasswordField(
        _l("Present password"), [DataRequired(), Length(max=LONGEST)], render_kw={"autocomplete": "current-password"}
    )
    name = StringField(_l("Type the name to confirm"), [DataRequired(), Length(max=120)])
