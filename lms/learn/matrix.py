"""The person's own matrix: the drawing, its history, every cell's evidence and what would sharpen it, the role gap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lms import assess, evidence
from lms.competency import LevelStatement, role_profiles, state, state_matrix
from lms.content.kinds import kind_names
from lms.database import db
from lms.database.transaction import transaction
from lms.evidence.models import Evidence
from lms.identity.access import current_person, needs
from lms.learn.blueprint import bp, course_slugs, title_of
from lms.learn.next_evidence import most_informative_item, next_evidence, open_modules, unseen_items
from lms.learn.progress import progress_of
from lms.learn.steps import check_step, find_level, next_step
from lms.psychometrics.matrix import Cell, Matrix
from lms.psychometrics.profile import role_gap
from lms.web.i18n import language


@dataclass(frozen=True)
class Proof:
    """One piece of evidence as the page lists it; share: category reached of those possible, 0..1."""

    evidence: Evidence
    title: str
    position: int
    share: float


@bp.get("/matrix")
@needs("trainee")
def matrix() -> ResponseReturnValue:
    framework = evidence.framework(current_person.organisation_id)
    name = framework.role_or_usual(current_person.role_wanted)
    role = role_profiles(framework)[name]
    measured, progress = evidence.matrix_of(current_person.id), progress_of(current_person.id)
    return render_template(
        "learn/matrix.html",
        matrix=state_matrix(measured),
        next_item=most_informative_item(measured, unseen_items(current_person.id)),
        kinds=kind_names(language()),
        ahead={key: modules[0] for key in measured.skills if (modules := open_modules(key, progress))},
        title_of=title_of,
        course_slugs=course_slugs(),
        lines=_lines(evidence.history(current_person.id)),
        role_name=name,
        role=role,
        gap=role_gap(measured, role),
        titles=framework.role_titles(language()),
        names=framework.cell_names(language()),
        levels=framework.levels,
        cuts=framework.cuts,
        step=next_step(current_person.id, progress),
    )


def _lines(history: list[tuple[datetime, Matrix]]) -> dict[str, list[tuple[datetime, LevelStatement]]]:
    """The skills that have been known on two days or more, with what is said of them by day."""
    days = {skill: _days(history, skill) for skill in evidence.skills()}
    named = {skill: [(moment, cell) for moment, cell in points if cell.enough] for skill, points in days.items()}
    return {skill: points for skill, points in named.items() if len(points) > 1}


def _days(history: list[tuple[datetime, Matrix]], key: str) -> list[tuple[datetime, LevelStatement]]:
    return [(moment, state(past.cells[key], past.rules.cuts)) for moment, past in history]


@bp.post("/matrix/role")
@needs("trainee")
@transaction
def choose_role() -> ResponseReturnValue:
    wanted = request.form.get("role", "")
    if evidence.framework(current_person.organisation_id).role(wanted) is None:
        abort(400)
    current_person.role_wanted = wanted
    return redirect(url_for("learn.matrix", _anchor="role"), 303)


@bp.get("/matrix/<key>")
@needs("trainee")
def cell(key: str) -> ResponseReturnValue:
    framework = evidence.framework(current_person.organisation_id)
    measured = evidence.matrix_of(current_person.id)
    opened = measured.cells.get(key) or abort(404)
    progress = progress_of(current_person.id)
    ahead = next_evidence(opened, measured, current_person.id, progress)
    asking = ahead.item.module if ahead.item else None
    return render_template(
        "learn/cell.html",
        matrix=state_matrix(measured),
        cell=state(opened, measured.rules.cuts),
        skill=key.split(".")[0],
        subs=measured.skills.get(key, ()),
        proofs=_proofs(opened),
        sharpening=ahead,
        history=_days(evidence.history(current_person.id), key),
        names=framework.cell_names(language()),
        levels=framework.level_names(language()),
        describe=lambda level: framework.describe(key, level, language()),
        about=framework.about(key, language()),
        esco=framework.sub_competencies[key].esco if key in framework.sub_competencies else (),
        cuts=framework.cuts,
        title_of=title_of,
        course_slugs=course_slugs(),
        kinds=kind_names(language()),
        gates=_gates(),
        step=check_step(asking) if asking else find_level(),
    )


def _gates() -> dict[str, str]:
    """What the gate of a level may still ask for, by the scorer's name of the count."""
    return {
        "observations": _("more answers: {count}"),
        "subs": _("answers about further sub-competencies: {count}"),
        "performance": _("another kind of performance task (judging a situation, reading a table): {count}"),
        "human": _("work rated by a person: {count}"),
        "portfolio": _("portfolio pieces rated by two people: {count}"),
    }


def _proofs(opened: Cell) -> list[Proof]:
    rows = [observation.ref for observation in opened.observations if isinstance(observation.ref, Evidence)]
    attempts = {
        attempt.id: attempt
        for attempt in db.session.scalars(
            select(assess.Attempt).where(
                assess.Attempt.id.in_({row.attempt_id for row in rows}), assess.Attempt.person_id == current_person.id
            )
        )
    }
    return [
        _proof(row, attempts[row.attempt_id])
        for row in sorted(rows, key=lambda row: row.answered_at, reverse=True)
        if row.attempt_id in attempts
    ]


def _proof(row: Evidence, attempt: assess.Attempt) -> Proof:
    position = next((item.position for item in attempt.items if item.revision_id == row.revision_id), 1)
    return Proof(row, attempt.title_in(language()), position, row.category / (row.categories - 1))
