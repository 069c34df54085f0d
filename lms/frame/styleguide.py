"""The living style page: every component once, in the reader's language. Part of the demonstration only."""

from __future__ import annotations

from functools import lru_cache

from flask import Blueprint, Flask, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired

from lms import publishing
from lms.competency import Framework, MatrixStatement, level_rules, state_matrix
from lms.config import LANGUAGES
from lms.formats import own_name
from lms.identity.access import public
from lms.psychometrics.evidence import Observation
from lms.psychometrics.items import ItemParameters
from lms.psychometrics.matrix import matrix
from lms.web.forms import Form
from lms.web.i18n import language

bp = Blueprint("styleguide", __name__)
TOKENS = ("paper", "surface", "sunken", "line", "ink", "ink-soft", "accent", "accent-soft", "good", "care", "bad")


class SampleForm(Form):
    name = StringField(_l("Name"), [DataRequired()])
    language = SelectField(_l("Language"), choices={"": [(code, own_name(code)) for code in LANGUAGES]})


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)


@bp.get("/styleguide")
@public
def styleguide() -> ResponseReturnValue:
    if not current_app.config["HMUT_DEMO"]:
        abort(404)
    form = SampleForm(meta={"csrf": False})
    form.validate()
    sample, names = example()
    return render_template("styleguide.html", form=form, tokens=TOKENS, names=names, sample=sample)


def example() -> tuple[MatrixStatement, dict[str, str]]:
    """An invented matrix and the names of its cells, to show what a matrix is; pages call it an example."""
    framework = publishing.reference().framework
    return _sample(framework), framework.cell_names(language())


@lru_cache(maxsize=2)
def _sample(framework: Framework) -> MatrixStatement:
    """A wide cell, a narrow one, a thin one and empty ones; computed once, since the front page asks each time."""
    skills = framework.tree
    answers = {
        "platforms": (18, 3),
        "content": (9, 2),
        "analytics": (40, 6),
        "communication": (12, 3),
        "creativity": (2, 2),
    }
    observations = [
        Observation(
            skills[skill][index % len(skills[skill])],
            ItemParameters(1.2, (0.0,)),
            int(index % wrong > 0),
            "sample",
            True,
        )
        for skill, (count, wrong) in answers.items()
        for index in range(count if skill in skills else 0)
    ]
    return state_matrix(matrix(observations, skills, level_rules(framework)))
