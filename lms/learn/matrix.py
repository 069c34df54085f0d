"""The person's own matrix: the drawing, its history, every cell's evidence and what would sharpen it, the role gap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lms import assess, evidence
from lms.database import db
from lms.database.transaction import transaction
from lms.evidence.competency_labels import cell_names, descriptor, kind_names, level_names
from lms.evidence.models import Evidence
from lms.evidence.roles import DEFAULT, role_titles, roles
from lms.identity.access import current_person, needs
from lms.learn.blueprint import bp, course_slugs, title_of
from lms.learn.next_evidence import open_modules, sharpening, telling, unseen
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
    name = current_person.role_wanted if current_person.role_wanted in roles() else DEFAULT
    found, progress = evidence.matrix_of(current_person.id), progress_of(current_person.id)
    return render_template(
        "learn/matrix.html",
        matrix=found,
        telling=telling(found, unseen(current_person.id)),
        kinds=kind_names(language()),
        ahead={key: modules[0] for key in found.skills if (modules := open_modules(key, progress))},
        title_of=title_of,
        course_slugs=course_slugs(),
        lines=_lines(evidence.history(current_person.id)),
        role_name=name,
        role=roles()[name],
        gap=role_gap(found, roles()[name]),
        titles=role_titles(language()),
        names=cell_names(language()),
        levels=level_names(language()),
        step=next_step(current_person.id, progress),
    )


def _lines(history: list[tuple[datetime, Matrix]]) -> dict[str, list[tuple[datetime, Cell]]]:
    """The skills that have been known on two days or more, with their cells by day."""
    known = {
        skill: [(moment, past.cells[skill]) for moment, past in history if past.cells[skill].enough]
        for skill in evidence.skills()
    }
    return {skill: points for skill, points in known.items() if len(points) > 1}


@bp.post("/matrix/role")
@needs("trainee")
@transaction
def choose_role() -> ResponseReturnValue:
    wanted = request.form.get("role", "")
    if wanted not in roles():
        abort(400)
    current_person.role_wanted = wanted
    return redirect(url_for("learn.matrix", _anchor="role"), 303)


@bp.get("/matrix/<key>")
@needs("trainee")
def cell(key: str) -> ResponseReturnValue:
    found = evidence.matrix_of(current_person.id)
    opened = found.cells.get(key) or abort(404)
    progress = progress_of(current_person.id)
    ahead = sharpening(opened, found, current_person.id, progress)
    asking = ahead.telling.module if ahead.telling else None
    return render_template(
        "learn/cell.html",
        matrix=found,
        cell=opened,
        skill=key.split(".")[0],
        subs=found.skills.get(key, ()),
        proofs=_proofs(opened),
        sharpening=ahead,
        history=[(moment, past.cells[key]) for moment, past in evidence.history(current_person.id)],
        names=cell_names(language()),
        levels=level_names(language()),
        describe=lambda level: descriptor(key, level, language()),
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
    rows = [seen.ref for seen in opened.observations if isinstance(seen.ref, Evidence)]
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
    return Proof(row, attempt.title[language()], position, row.category / (row.categories - 1))
