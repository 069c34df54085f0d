"""The person's own matrix: the drawing, its history, every cell's evidence and what would sharpen it, the role gap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import inf

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms import evidence
from lms.competency import LevelStatement, role_profiles, state, state_matrix
from lms.content.evidence_kinds import kind_names
from lms.database.transaction import transaction
from lms.identity.access import current_person, needs
from lms.learn.blueprint import bp, course_slugs, title_of
from lms.learn.cell_evidence import evidence_pieces, works
from lms.learn.next_evidence import NextEvidence, most_informative_item, next_evidence, open_modules, unseen_items
from lms.learn.next_step import NextStep, check_step, level_step, module_step
from lms.learn.progress import Progress, progress_of
from lms.learn.sharpening import portrait
from lms.learn.undecided_role import next_sheet
from lms.psychometrics.matrix import Matrix
from lms.psychometrics.profile import RoleGap, RoleProfile, SkillGap, role_gap
from lms.rating.tasks import TASKS
from lms.web.i18n import language


@dataclass(frozen=True)
class RoleLine:
    """What a role asks of a skill, or of a sub-competency without which it is not met (critical).

    state: "met", "below" or "open"."""

    key: str
    required: int
    critical: bool
    state: str


@bp.get("/matrix")
@needs("trainee")
def matrix() -> ResponseReturnValue:
    framework = evidence.framework(current_person.organisation_id)
    name = framework.role_or_usual(current_person.role_wanted)
    role = role_profiles(framework)[name]
    measured, progress = evidence.matrix_of(current_person.id), progress_of(current_person.id)
    gap = role_gap(measured, role)
    lines = role_lines(gap, role, measured)
    keys = {*measured.skills, *(line.key for line in lines)}
    return render_template(
        "learn/matrix.html",
        matrix=state_matrix(measured),
        next_item=most_informative_item(measured, unseen_items(current_person.id)),
        ahead={key: modules[0] for key in keys if (modules := open_modules(key, progress))},
        title_of=title_of,
        course_slugs=course_slugs(),
        history=_lines(evidence.history(current_person.id)),
        role_name=name,
        role=role,
        gap=gap,
        lines=lines,
        round=next_sheet(current_person, progress, measured, role) if _may_settle(gap) else None,
        titles=framework.role_titles(language()),
        names=framework.cell_names(language()),
        levels=framework.levels,
        cuts=framework.cuts,
        step=None if any(cell.n for cell in measured.cells.values()) else level_step(current_person.id),
        portrait=portrait(current_person.id, measured),
    )


def _may_settle(gap: RoleGap) -> bool:
    return gap.assessed > 0 and gap.outcome == "inconclusive"


def role_lines(gap: RoleGap, role: RoleProfile, measured: Matrix) -> list[RoleLine]:
    """What the role asks, line by line: what lies below it first, then what is not known, then what is met."""
    skills = [RoleLine(it.key, it.required, False, _state(it, measured)) for it in gap.gaps]
    words = {**dict.fromkeys(gap.met, "met"), **dict.fromkeys(gap.failed, "below")}
    minima = [RoleLine(key, level, True, words.get(key, "open")) for key, level in role.critical.items()]
    return sorted([*skills, *minima], key=lambda line: ("below", "open", "met").index(line.state))


def _state(gap: SkillGap, measured: Matrix) -> str:
    """Below only where the whole interval lies below what is asked: a level that a cap holds down is not known."""
    cell, cut = measured.cells[gap.key], measured.rules.cuts[gap.required - 1] if gap.required else -inf
    if cell.n and cell.high < cut:
        return "below"
    if gap.gap is None or (gap.gap and "capped" in cell.reasons):
        return "open"
    return "below" if gap.gap else "met"


def _lines(history: list[tuple[datetime, Matrix]]) -> dict[str, list[tuple[datetime, LevelStatement]]]:
    """The skills that have been known on two days or more, with what is said of them by day."""
    days = {skill: _days(history, skill) for skill in evidence.skills()}
    named = {skill: [(moment, cell) for moment, cell in points if cell.known] for skill, points in days.items()}
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
    return render_template(
        "learn/cell.html",
        matrix=state_matrix(measured),
        cell=state(opened, measured.rules.cuts),
        wanted=max(ahead.answers, 0 if opened.precise else dict(opened.missing).get("observations", 0)),
        skill=key.split(".")[0],
        subs=measured.skills.get(key, ()),
        pieces=evidence_pieces(opened),
        works=works(opened),
        written=TASKS,
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
        next_gate=(opened.cap or 0) + 1,
        step=_sharpening_step(ahead, progress),
    )


def _sharpening_step(ahead: NextEvidence, progress: Progress) -> NextStep:
    """The check that may ask the best question, else a module about the cell; a placement where none was sat yet."""
    module = ahead.item.module if ahead.item else None
    if module:
        return check_step(module, progress.modules[module.id])
    if progress.placed is None or not ahead.modules:
        return level_step(current_person.id)
    module = ahead.modules[0]
    return module_step(progress.modules[module.id], module)


def _gates() -> dict[str, str]:
    """What the gate of a level may still ask for, by the scorer's name of the count."""
    return {
        "observations": _("more answers: {count}"),
        "subs": _("answers about further sub-competencies: {count}"),
        "performance": _("another kind of performance task (judging a situation, reading a table): {count}"),
        "human": _("work rated by a person: {count}"),
        "portfolio": _("portfolio pieces rated by two people: {count}"),
    }
