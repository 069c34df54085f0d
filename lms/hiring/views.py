"""The team against a role, and one person of it. Everything is loaded through the viewer's organisation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select

from lms import evidence
from lms.database import db, one_or_404
from lms.evidence.competency_labels import cell_names, kind_names
from lms.evidence.roles import DEFAULT, role_titles, roles
from lms.hiring import picture
from lms.hiring.comparison import compare, first_choice
from lms.hiring.interview import guide
from lms.identity.access import current_person, needs
from lms.identity.models import Membership, Person
from lms.psychometrics.profile import role_gap
from lms.web.i18n import language

bp = Blueprint("hiring", __name__)


@bp.get("/team")
@needs("hr")
def people() -> ResponseReturnValue:
    name = _role_name()
    rows = compare(db.session.scalars(_learners().order_by(Person.name)).all(), roles()[name])
    return render_template("hiring/people.html", rows=rows, choice=first_choice(rows), **_common(name))


@bp.get("/team/<id:person_id>")
@needs("hr")
def person(person_id: int) -> ResponseReturnValue:
    found: Person = one_or_404(_learners().where(Person.id == person_id))
    name, matrix = _role_name(), evidence.matrix_of(found.id)
    gap = role_gap(matrix, roles()[name])
    questions = guide(matrix, roles()[name], gap, language())
    return render_template(
        "hiring/person.html", person=found, matrix=matrix, gap=gap, questions=questions, kinds=kind_names(language()),
        **_common(name),
    )  # fmt: skip


def _learners() -> Select[Any]:
    ours = Person.organisation_id == current_person.organisation_id
    return select(Person).join(Membership).where(ours, Membership.role == "trainee", Person.active)


def _role_name() -> str:
    wanted = request.args.get("role", DEFAULT)
    return wanted if wanted in roles() else DEFAULT


def _common(name: str) -> dict[str, object]:
    return {
        "role_name": name,
        "role": roles()[name],
        "titles": role_titles(language()),
        "names": cell_names(language()),
        "standing": picture.standing,
        "standing_scale": picture.scale,
    }
