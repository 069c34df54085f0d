"""What people type about themselves and what an administrator types about them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DecimalField,
    HiddenField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from lms.identity.invitees import MOST, Invitee, read
from lms.identity.membership import ADDRESS
from lms.identity.models import ROLES
from lms.identity.passwords import LONGEST, SHORTEST, is_guessable
from lms.identity.sessions import STAFF
from lms.web.forms import Form
from lms.web.names import visible_line

LANGUAGE_CHOICES = [SelectChoice("hy", "հայերեն"), SelectChoice("en", "English")]


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


def code_field(label: Any, *checks: Any) -> StringField:
    controls = {"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false"}
    return StringField(label, [*checks, Length(max=60)], filters=[tidy], render_kw=controls)


class Ticked(SelectMultipleField):
    """Several of a few, each with a box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class Roles(Ticked):
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
    about: tuple[str, ...] = ()
    password = new_password_field(_l("New password"))


class Join(Form):
    name = StringField(
        _l("Name"), [DataRequired(), Length(max=120)], filters=[tidy], render_kw={"autocomplete": "name"}
    )
    password = new_password_field(_l("Password"))

    def __init__(self, about: tuple[str, ...], **values: Any) -> None:
        super().__init__(**values)
        self.about = (*about, self.name.data or "")


class Register(Form):
    email = email_field()


class Profile(Form):
    name = StringField(
        _l("Name"), [DataRequired(), Length(max=120)], filters=[tidy], render_kw={"autocomplete": "name"}
    )
    language = SelectField(_l("Language"), choices=LANGUAGE_CHOICES)


class ChangePassword(Form):
    about: tuple[str, ...] = ()
    present = proof_field()
    password = new_password_field(_l("New password"))


class SecondStep(Form):
    code = code_field(_l("Code"), DataRequired())


class PasskeyAnswer(Form):
    """What the browser says, as JSON; a script fills it in."""

    credential = HiddenField(validators=[DataRequired(), Length(max=20_000)])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        for field in self:
            field.id = f"passkey_{field.id}"  # a second form on its page


class AddApp(Form):
    sealed = HiddenField(validators=[Length(max=400)])
    code = code_field(_l("Code that the app shows"), DataRequired())
    present = proof_field()


class NewPasskey(Form):
    name = StringField(_l("Name of the device"), [DataRequired(), Length(max=60)], filters=[tidy])
    present = proof_field()


class Proof(Form):
    """The password, or a code of somebody who has none."""

    present = proof_field()
    code = code_field(_l("Code of the app, or a recovery code"))


class Invite(Form):
    """One person or a whole class; `people` are those that could be read once the form is valid."""

    email = TextAreaField(
        _l("E-mail addresses, one person a line"),
        [DataRequired(), Length(max=40_000)],
        render_kw={"rows": "5", "autocomplete": "off", "spellcheck": "false"},
    )
    roles = Roles(_l("Roles"), [DataRequired()])
    language = SelectField(_l("Language of the letters"), choices=LANGUAGE_CHOICES, validate_choice=True)

    def __init__(self, names: dict[str, str], language: str) -> None:
        super().__init__()
        self.people: list[Invitee] = []
        self.roles.name_them(names)
        if self.language.data in (None, "None"):  # a form without the field asks for the organisation's own language
            self.language.data = language

    def validate_email(self, field: Any) -> None:
        """Nobody is invited unless every line is understood: half a class is worse than an error."""
        self.people, unread = read(field.data or "")
        problems = [
            _("Line %(line)s: %(email)s stands here a second time.", line=one.line, email=one.text)
            if one.again
            else _("Line %(line)s: no e-mail address in “%(text)s”.", line=one.line, text=one.text)
            for one in unread
        ]
        if len(self.people) > MOST:
            problems.append(_("Invite at most %(count)s people at once.", count=MOST))
        if problems:
            raise ValidationError(" ".join(problems[:20]))


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
    factor_roles = Roles(_l("Who needs a second factor to sign in"))

    def __init__(self, names: dict[str, str], **values: Any) -> None:
        super().__init__(**values)
        self.factor_roles.choices = [SelectChoice(role, names[role]) for role in STAFF]
