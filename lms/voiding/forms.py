"""Saying that an item is void, or valid again."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from lms.evidence.voids import MAX_REASON
from lms.web.forms import Form

ALL = "all"


class Void(Form):
    act = SelectField(
        _l("What"),
        choices=[SelectChoice("void", _l("Declare it void")), SelectChoice("restore", _l("Make it valid again"))],
    )
    revision = SelectField(_l("Which version"))
    reason = TextAreaField(_l("Reason"), [DataRequired(), Length(max=MAX_REASON)], render_kw={"rows": "3"})
    letter = BooleanField(_l("Write a letter to the people it touches"), default=True)

    def offer(self, versions: list[tuple[str, str]]) -> None:
        self.revision.choices = [SelectChoice(ALL, _l("All versions")), *(SelectChoice(*choice) for choice in versions)]

    @property
    def revision_id(self) -> int | None:
        return None if self.revision.data == ALL else int(self.revision.data)
