"""What people type about themselves."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, Length

from lms.forms import Form


class SignIn(Form):
    email = StringField(
        _l("E-mail"), [DataRequired(), Length(max=254)], render_kw={"autocomplete": "username", "type": "email"}
    )
    password = PasswordField(
        _l("Password"), [DataRequired(), Length(max=200)], render_kw={"autocomplete": "current-password"}
    )
