"""What an administrator types: whom to invite, what a person may do, how the organisation is set."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from lms.identity.forms import LANGUAGE_CHOICES, Factor, Ticked, name_field
from lms.identity.invitees import MOST, Invitee, Unread, read, reason
from lms.identity.models import ROLES
from lms.identity.sessions import STAFF
from lms.web.forms import Form

SHOWN = 20  # wrong lines that are said one by one


class Roles(Ticked):
    def name_them(self, names: dict[str, str]) -> None:
        self.choices = [SelectChoice(role, names[role]) for role in ROLES]


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
        problems = [_said(line) for line in unread]
        if len(problems) > SHOWN:
            problems[SHOWN:] = [_("Lines more that are wrong: %(count)s.", count=len(problems) - SHOWN)]
        if len(self.people) > MOST:
            problems.append(_("Invite at most %(count)s people at once.", count=MOST))
        if problems:
            raise ValidationError("\n".join(problems))


def _said(line: Unread) -> str:
    return str(_("Line %(line)s, “%(text)s”: %(reason)s.", line=line.line, text=line.text, reason=reason(line)))


class EditPerson(Form):
    name = name_field(_l("Name"))
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
    name = name_field(_l("Name of the organisation"))
    language = SelectField(_l("Language of its mails"), choices=LANGUAGE_CHOICES)
    registration_open = BooleanField(_l("Anybody with the address may register as a trainee"))
    factor_roles = Roles(_l("Who needs a second factor to sign in"))

    def __init__(self, names: dict[str, str], **values: Any) -> None:
        super().__init__(**values)
        self.factor_roles.choices = [SelectChoice(role, names[role]) for role in STAFF]
