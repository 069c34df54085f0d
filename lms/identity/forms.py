"""What people type about themselves and what an administrator types about them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DecimalField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from lms.identity.membership import ADDRESS
from lms.identity.models import ROLES
from lms.identity.passwords import LONGEST, SHORTEST, is_common
from lms.web.forms import Form

LANGUAGE_CHOICES = [SelectChoice("hy", "հայերեն"), SelectChoice("en", "English")]


def tidy(value: str | None) -> str:
    """One line without spaces around it: names stand in headings and in mails."""
    return " ".join((value or "").split())


def lower(value: str | None) -> str:
    return tidy(value).lower()


def is_address(_form: Any, field: Any) -> None:
    if not ADDRESS.fullmatch(field.data):
        raise ValidationError(_("This does not look like an e-mail address, for example ani@example.am."))


def is_strong(_form: Any, field: Any) -> None:
    if len(field.data) < SHORTEST:
        raise ValidationError(_("Use at least %(count)s characters; a short sentence is best.", count=SHORTEST))
    if is_common(field.data):
        raise ValidationError(_("This password is on the lists that attackers try first. Choose another."))


def email_field() -> StringField:
    controls = {"autocomplete": "username", "type": "email", "inputmode": "email"}
    return StringField(_l("E-mail"), [DataRequired(), Length(max=254), is_address], filters=[lower], render_kw=controls)


def new_password_field(label: Any) -> PasswordField:
    controls = {"autocomplete": "new-password"}
    return PasswordField(label, [DataRequired(), Length(max=LONGEST), is_strong], render_kw=controls)


class Roles(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def name_them(self, names: dict[str, str]) -> None:
        self.choices = [SelectChoice(role, names[role]) for role in ROLES]


class Factor(DecimalField):
    """A decimal with comma or point."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([value.replace(",", ".") for value in valuelist])


class SignIn(Form):
    email = StringField(
        _l("E-mail"),
        [DataRequired(), Length(max=254)],
        filters=[lower],
        render_kw={"autocomplete": "username", "type": "email"},
    )
    password = PasswordField(
        _l("Password"), [DataRequired(), Length(max=LONGEST)], render_kw={"autocomplete": "current-password"}
    )


class AskReset(Form):
    email = email_field()


class NewPassword(Form):
    password = new_password_field(_l("New password"))


class Join(Form):
    name = StringField(
        _l("Name"), [DataRequired(), Length(max=120)], filters=[tidy], render_kw={"autocomplete": "name"}
    )
    password = new_password_field(_l("Password"))


class Register(Form):
    email = email_field()


class Profile(Form):
    name = StringField(
        _l("Name"), [DataRequired(), Length(max=120)], filters=[tidy], render_kw={"autocomplete": "name"}
    )
    language = SelectField(_l("Language"), choices=LANGUAGE_CHOICES)


class ChangePassword(Form):
    present = PasswordField(
        _l("Present password"), [DataRequired(), Length(max=LONGEST)], render_kw={"autocomplete": "current-password"}
    )
    password = new_password_field(_l("New password"))


class Invite(Form):
    email = email_field()
    roles = Roles(_l("Roles"), [DataRequired()])

    def __init__(self, names: dict[str, str]) -> None:
        super().__init__()
        self.roles.name_them(names)


class EditPerson(Form):
    name = StringField(_l("Name"), [DataRequired(), Length(max=120)], filters=[tidy])
    roles = Roles(_l("Roles"), [DataRequired()])
    extra_time = Factor(
        _l("Time limits are multiplied by"),
        [InputRequired(), NumberRange(1, 4)],
        places=2,
        render_kw={"inputmode": "decimal"},
    )
    active = BooleanField(_l("May sign in"))

    def __init__(self, names: dict[str, str], **values: Any) -> None:
        super().__init__(**values)
        self.roles.name_them(names)


class Settings(Form):
    name = StringField(_l("Name of the organisation"), [DataRequired(), Length(max=120)], filters=[tidy])
    language = SelectField(_l("Language of its mails"), choices=LANGUAGE_CHOICES)
    registration_open = BooleanField(_l("Anybody with the address may register as a trainee"))
