"""The form of an own role: a level and a weight for every skill, a minimum for every sub-competency, a reason."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from lms.competency import Framework, FrameworkError, Role
from lms.competency.validate_role import LEVELS
from lms.identity.forms import Factor, tidy
from lms.web.forms import Form


class RoleForm(Form):
    """`role_form` adds the fields `level-SKILL`, `weight-SKILL` and `minimum-SUB`."""

    name_hy = StringField(_l("Name of the role in Armenian"), [DataRequired(), Length(max=80)], filters=[tidy])
    name_en = StringField(_l("Name of the role in English"), [DataRequired(), Length(max=80)], filters=[tidy])
    floor_below = SelectField(
        _l("A skill may lie below what the role asks by so many levels"),
        coerce=int,
        choices=[SelectChoice(level, str(level)) for level in LEVELS],
    )
    reason = TextAreaField(_l("Why this role is made or changed"), [DataRequired(), Length(max=500)])

    def field(self, kind: str, key: str) -> Field:
        return self[f"{kind}-{key}"]

    def level(self, skill: str) -> int:
        return int(self.field("level", skill).data)

    def weight(self, skill: str) -> float:
        return float(self.field("weight", skill).data)

    def minimum(self, sub: str) -> int:
        """0 where the role names none."""
        return int(self.field("minimum", sub).data)

    def show(self, error: FrameworkError, role_id: str) -> None:
        """Put each contradiction beside the field that it is about, and what is about the whole above the form."""
        places = {"required": "level", "weights": "weight", "critical": "minimum"}
        for problem in error.problems:
            group, _dot, key = problem.key.removeprefix(f"roles.{role_id}.").partition(".")
            name = f"{places.get(group, '')}-{key}"
            if name in self:
                self[name].errors = [*self[name].errors, _said(group)]
            else:
                self.form_errors.append(_said(group))


def role_form(framework: Framework, role: Role, *, as_copy: bool) -> RoleForm:
    """The form filled with a role; of a copy the names are left to be chosen."""
    levels = [SelectChoice(level, str(level)) for level in LEVELS]
    fields: dict[str, Field] = {}
    for skill in framework.tree:
        fields[f"level-{skill}"] = SelectField(coerce=int, choices=levels, default=role.required[skill])
        weight = Decimal(f"{role.weights[skill]:g}")
        fields[f"weight-{skill}"] = Factor(
            validators=[InputRequired(), NumberRange(0, 100)], default=weight, places=None
        )
    for sub in framework.sub_competencies:
        fields[f"minimum-{sub}"] = SelectField(coerce=int, choices=levels, default=role.critical.get(sub, 0))
    names = ("", "") if as_copy else (role.name.hy, role.name.en)
    below = framework.decision.floor_below if role.floor_below is None else role.floor_below
    filled: type[RoleForm] = type("FilledRoleForm", (RoleForm,), fields)
    form = filled(data={"name_hy": names[0], "name_en": names[1], "floor_below": below})
    return form


def _said(group: str) -> str:
    """What is wrong, in the reader's language; the group is the part of a role that it is about."""
    words = {
        "weights": _("The weights must sum to 100, and a skill weighs something exactly when the role asks for it."),
        "critical": _("A minimum lies at most one level above its skill, and not below the floor."),
    }
    return str(words.get(group, _("This contradicts the framework.")))
