"""What people type about themselves and what an administrator types about them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DecimalField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from lms.config import LANGUAGES
from lms.formats import own_name
from lms.identity.membership import ADDRESS, LONGEST_NAME
from lms.identity.passwords import LONGEST, SHORTEST, is_guessable
from lms.web.forms import Form
from lms.web.visible_line import visible_line

LANGUAGE_CHOICES = [SelectChoice(code, own_name(code)) for code in LANGUAGES]


def tidy(value: str | None) -> str:
    """One line that a reader can see: names stand in headings and in mails."""
    return visible_line(value)


def lower(value: str | None) -> str:
    return tidy(value).lower()


def is_address(_form: Any, field: Any) -> None:
    if not ADDRESS.fullmatch(field.data):
        raise ValidationError(_("This does not look like an e-mail address, for example ani@example.am."))


def is_strong(form: Any, field: Any) -> None:
    """`form.about`, where a form has it, are words that the password must not rest on."""
    if len(field.data) < SHORTEST:
        raise ValidationError(_("Use at least %(count)s characters; a short sentence is best.", count=SHORTEST))
    if is_guessable(field.data, getattr(form, "about", ())):
        raise ValidationError(
            _("This password is guessed quickly: it is a common one, or little more than a name. Choose another.")
        )


def name_field(label: Any, **controls: Any) -> StringField:
    """Too long a name is told: a browser that knew the limit would cut what is pasted without a word."""
    return StringField(
        label,
        [DataRequired(), Length(max=LONGEST_NAME)],
        filters=[tidy],
        render_kw={"maxlength": False, **controls},
    )


def email_field() -> StringField:
    controls = {"autocomplete": "username", "type": "email", "inputmode": "email"}
    return StringField(_l("E-mail"), [DataRequired(), Length(max=254), is_address], filters=[lower], render_kw=controls)


def new_password_field(label: Any) -> PasswordField:
    controls = {"autocomplete": "new-password"}
    return PasswordField(label, [DataRequired(), Length(max=LONGEST), is_strong], render_kw=controls)


def proof_field() -> PasswordField:
    return PasswordField(
        _l("Present password"), [DataRequired(), Length(max=LONGEST)], render_kw={"autocomplete": "current-password"}
    )


class Ticked(SelectMultipleField):
    """Several of a few, each with a box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class Factor(DecimalField):
    """A decimal with comma or point, shown as short as it is."""

    def _value(self) -> str:
        text = str(super()._value())
        return text.rstrip("0").rstrip(".") if "." in text and not self.raw_data else text

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
    about: tuple[str, ...] = ()
    password = new_password_field(_l("New password"))


class Join(Form):
    name = name_field(_l("Name"), autocomplete="name")
    password = new_password_field(_l("Password"))

    def __init__(self, about: tuple[str, ...], **values: Any) -> None:
        super().__init__(**values)
        self.about = (*about, self.name.data or "")


class Register(Form):
    email = email_field()


class ProfileForm(Form):
    name = name_field(_l("Name"), autocomplete="name")
    language = SelectField(_l("Language"), choices=LANGUAGE_CHOICES)


class ChangePassword(Form):
    about: tuple[str, ...] = ()
    present = proof_field()
    password = new_password_field(_l("New password"))
