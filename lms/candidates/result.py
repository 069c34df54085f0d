"""A candidate's own result once it may be seen: the matrix, what is strong, what to learn."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from lms import evidence, publishing
from lms.candidates import progress
from lms.candidates.own_candidacy import own_candidacy
from lms.competency import LevelStatement, MatrixStatement, state_matrix
from lms.content.model import Module
from lms.identity.access import current_person, needs_person
from lms.web.i18n import language

STRONG, WEAK, MODULES = 2, 4, 5


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/candidate/result", view_func=own_result)


@needs_person
def own_result() -> ResponseReturnValue:
    candidate, campaign = own_candidacy()
    if not progress.is_shown(campaign, candidate):
        abort(404)
    framework = evidence.framework(candidate.organisation_id)
    matrix = state_matrix(evidence.matrix_of(current_person.id))
    return render_template(
        "candidates/result.html",
        campaign=campaign,
        candidate=candidate,
        matrix=matrix,
        names=framework.cell_names(language()),
        cuts=framework.cuts,
        levels=framework.levels,
        strong=strong(matrix),
        learn=to_learn(weak(matrix)),
    )


def strong(matrix: MatrixStatement) -> list[LevelStatement]:
    """The skills with the highest estimates, of those that are known."""
    return _known(matrix, list(matrix.skills), STRONG, descending=True)


def weak(matrix: MatrixStatement) -> list[LevelStatement]:
    """The sub-competencies with the lowest estimates, of those that are known."""
    return _known(matrix, [sub for subs in matrix.skills.values() for sub in subs], WEAK)


def _known(matrix: MatrixStatement, keys: list[str], most: int, descending: bool = False) -> list[LevelStatement]:
    cells = [matrix.cells[key] for key in keys if matrix.cells[key].known]
    return sorted(cells, key=lambda cell: cell.estimate, reverse=descending)[:most]


def to_learn(cells: list[LevelStatement]) -> list[tuple[str, Module]]:
    """(sub-competency, module about it), the weakest first, each module once."""
    modules, by_module = publishing.library().modules.values(), dict[str, tuple[str, Module]]()
    for cell in cells:
        about = [module for module in modules if cell.key in module.sub_competencies]
        for module in about[:2]:
            by_module.setdefault(module.id, (cell.key, module))
    return list(by_module.values())[:MODULES]
