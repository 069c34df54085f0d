"""The team against a role, and one person of it. Everything is loaded through the viewer's organisation."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select

from lms import evidence
from lms.competency import Framework, role_profiles, state_matrix
from lms.content.evidence_kinds import kind_names
from lms.database import one_or_404
from lms.evidence.level_words import gate_words
from lms.hiring import editions, standing_chart
from lms.hiring.interview import guide
from lms.hiring.team import TeamQuery, team
from lms.hiring.work_samples import samples
from lms.identity.access import current_person, needs
from lms.identity.models import Membership, Person
from lms.psychometrics.profile import RoleProfile, role_gap
from lms.web.i18n import language

bp = Blueprint("hiring", __name__)
editions.add_to(bp)


@bp.get("/team")
@needs("hr")
def people() -> ResponseReturnValue:
    framework = evidence.framework(current_person.organisation_id)
    name, role = _role(framework)
    number, letters = request.args.get("page", 1, type=int), request.args.get("name", "").strip()[:80]
    shown = team(TeamQuery(current_person.organisation_id, name, role, number, letters))
    address = partial(url_for, "hiring.people", role=name, name=letters or None)
    usual = name == framework.role_or_usual(None)
    return render_template(
        "hiring/people.html",
        team=shown,
        letters=letters,
        address=lambda page: address(page=page),
        link=partial(url_for, "hiring.person", role=None if usual else name),
        **_common(framework, name),
    )


@bp.get("/team/<id:person_id>")
@needs("hr")
def person(person_id: int) -> ResponseReturnValue:
    learner: Person = one_or_404(_learners().where(Person.id == person_id))
    framework = evidence.framework(current_person.organisation_id)
    name, role = _role(framework)
    matrix = evidence.matrix_of(learner.id)
    gap = role_gap(matrix, role)
    return render_template(
        "hiring/person.html",
        person=learner,
        matrix=state_matrix(matrix),
        gap=gap,
        questions=guide(framework, matrix, role, gap, language()),
        kinds=kind_names(language()),
        samples=samples(learner.id),
        gates=gate_words(framework),
        **_common(framework, name),
    )


def _learners() -> Select[Any]:
    ours = Person.organisation_id == current_person.organisation_id
    return select(Person).join(Membership).where(ours, Membership.role == "trainee", Person.active)


def _role(framework: Framework) -> tuple[str, RoleProfile]:
    """The role that the address asks for, or the usual one: its id and what the scorer wants of it."""
    name = framework.role_or_usual(request.args.get("role"))
    return name, role_profiles(framework)[name]


def _common(framework: Framework, name: str) -> dict[str, object]:
    return {
        "role_name": name,
        "role": role_profiles(framework)[name],
        "titles": framework.role_titles(language()),
        "names": framework.cell_names(language()),
        "cuts": framework.cuts,
        "standing": partial(standing_chart.standing, framework.cuts.theta),
        "standing_scale": standing_chart.scale,
    }
