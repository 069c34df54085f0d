"""The person's own matrix: the drawing, its history, every cell's evidence and what would sharpen it, the role gap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lms import assess, record, shelf
from lms.assess import transaction
from lms.db import db
from lms.i18n import language
from lms.learn.progress import progress_of
from lms.learn.room import rooms, title_of
from lms.learn.steps import find_level, next_step
from lms.library.model import Module
from lms.people.access import current_person, needs
from lms.record.models import Evidence
from lms.record.naming import cell_names, descriptor, kind_names, level_names
from lms.record.roles import DEFAULT, role_titles, roles
from lms.score.matrix import Cell, Rules
from lms.score.model import Items, information
from lms.score.profile import role_gap


@dataclass(frozen=True)
class Proof:
    """One piece of evidence as the page lists it; share: category reached of those possible, 0..1."""

    evidence: Evidence
    title: str
    position: int
    share: float


@dataclass(frozen=True)
class Sharpening:
    """What would make a cell surer: unseen questions there are, how many answers are about needed, modules to take."""

    unseen: int
    answers: int
    modules: tuple[Module, ...]


@rooms.get("/matrix")
@needs("trainee")
def matrix() -> ResponseReturnValue:
    name = current_person.role_wanted if current_person.role_wanted in roles() else DEFAULT
    found = record.matrix_of(current_person.id)
    return render_template(
        "learn/matrix.html",
        matrix=found,
        history=record.history(current_person.id),
        role_name=name,
        role=roles()[name],
        gap=role_gap(found, roles()[name]),
        titles=role_titles(language()),
        names=cell_names(language()),
        levels=level_names(language()),
        step=next_step(current_person.id, progress_of(current_person.id)),
    )


@rooms.post("/matrix/role")
@needs("trainee")
@transaction
def choose_role() -> ResponseReturnValue:
    wanted = request.form.get("role", "")
    if wanted not in roles():
        abort(400)
    current_person.role_wanted = wanted
    return redirect(url_for("learn.matrix", _anchor="role"), 303)


@rooms.get("/matrix/<key>")
@needs("trainee")
def cell(key: str) -> ResponseReturnValue:
    found = record.matrix_of(current_person.id)
    opened = found.cells.get(key) or abort(404)
    return render_template(
        "learn/cell.html",
        matrix=found,
        cell=opened,
        skill=key.split(".")[0],
        subs=found.skills.get(key, ()),
        proofs=_proofs(opened),
        sharpening=_sharpening(opened, found.rules),
        history=[(moment, past.cells[key]) for moment, past in record.history(current_person.id)],
        names=cell_names(language()),
        levels=level_names(language()),
        describe=lambda level: descriptor(key, level, language()),
        title_of=title_of,
        course_slugs={course.id: course.slug for course in shelf.library().courses.values()},
        kinds=kind_names(),
        gates=_gates(),
        step=find_level(),
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


def _sharpening(opened: Cell, rules: Rules) -> Sharpening:
    """Modules that serve the cell and are not passed, and what one could still be asked about it."""
    progress, library = progress_of(current_person.id), shelf.library()
    open_ = [module for module in library.modules.values() if progress.modules[module.id].passed_at is None]
    serving = [module for module in open_ if any(_serves(opened.key, sub) for sub in module.sub_competencies)]
    seen = record.seen_keys(current_person.id) | record.answered_keys(current_person.id)
    fresh = [
        number
        for pool in ("practice", "placement")
        for number, item in shelf.items(pool)
        if item.id not in seen and _serves(opened.key, item.sub)
    ]
    return Sharpening(len(fresh), _answers_needed(opened, fresh, rules), tuple(serving))


def _serves(key: str, sub: str) -> bool:
    return sub == key or sub.split(".")[0] == key


def _answers_needed(opened: Cell, fresh: Sequence[int], rules: Rules) -> int:
    """About how many more answers bring the error below the limit: the precision that is missing, over the mean
    information of the unseen items at the present estimate. 0 when it is there already or nothing is left to ask."""
    missing = 1 / rules.max_sd**2 - 1 / opened.sd**2
    if missing <= 0 or not fresh:
        return 0
    units = Items.of(list(record.parameters(fresh).values()))
    mean = float(information(units, np.array([opened.theta])).mean())
    return math.ceil(missing / mean) if mean > 0 else 0
