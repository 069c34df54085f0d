"""What people type for the second factor: to pass it, to set it up, to prove who they are."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length

from lms.identity.forms import proof_field, tidy
from lms.web.forms import Form


def code_field(label: Any, *checks: Any) -> StringField:
    controls = {"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false"}
    return StringField(label, [*checks, Length(max=60)], filters=[tidy], render_kw=controls)


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


class ProofForm(Form):
    """The password, or a code of somebody who has none."""

    present = proof_field()
    code = code_field(_l("Code of the app, or a recovery code"))
