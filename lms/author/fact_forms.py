"""The form of a platform fact: what was found, on which day, and on what that rests."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from lms import clock
from lms.content.reference_entries import Fact
from lms.identity.forms import tidy
from lms.web.forms import Form

WHOLE = re.compile(r"[0-9]{1,12}\Z")


class FactForm(Form):
    """Filled with the fact as it stands, looked up today."""

    value = StringField(_l("Value"), [Length(max=80)], filters=[tidy])
    as_of = DateField(_l("Looked up on"), [InputRequired()])
    basis = TextAreaField(_l("Basis: what you looked at, and where"), [Length(max=500)], filters=[tidy])

    def __init__(self, fact: Fact) -> None:
        self.fact = fact
        value = "" if fact.value is None else str(fact.value)
        super().__init__(data={"value": value, "as_of": clock.now().date()})

    @property
    def found_value(self) -> str | int | None:
        """As the file would write it: a whole number, a text, or None where sources do not agree."""
        text = self.value.data or ""
        if self.fact.value is None and not text:
            return None
        digits = re.sub(r"[\s,]", "", text)
        return int(digits) if not isinstance(self.fact.value, str) and WHOLE.match(digits) else text

    @property
    def found_basis(self) -> str:
        """Of a confirmed fact the old basis stands where no new one is given."""
        return self.basis.data or self.fact.basis or "-"

    def validate_value(self, _field: StringField) -> None:
        if self.fact.value is not None and not self.value.data:
            raise ValidationError(_("Write the value."))
        if isinstance(self.fact.value, int) and not isinstance(self.found_value, int):
            raise ValidationError(_("Write a whole number of up to 12 digits."))

    def validate_as_of(self, field: DateField) -> None:
        if field.data is None:
            return  # no date, which is said already
        if field.data > clock.now().date():
            raise ValidationError(_("The day lies ahead."))
        if self.fact.as_of and field.data < self.fact.as_of:
            raise ValidationError(_("The fact has been looked up later than that."))

    def validate_basis(self, field: TextAreaField) -> None:
        if not field.data and self.found_value != self.fact.value:
            raise ValidationError(_("A new value needs its basis."))
