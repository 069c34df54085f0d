"""What keeps a role open: a sheet of questions about the critical minima that answers could still decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort
from flask.typing import ResponseReturnValue

from lms import evidence
from lms.assess import Specification
from lms.assess.item_sampling import are_enemies
from lms.competency import role_profiles
from lms.content.model import Item
from lms.database.transaction import transaction
from lms.identity.access import current_person, needs
from lms.identity.models import Person
from lms.learn.blueprint import bp
from lms.learn.checks import sit
from lms.learn.new_items import new_items
from lms.learn.next_step import SECONDS_A_QUESTION
from lms.learn.progress import Progress, progress_of
from lms.learn.specifications import CHECK, SETTLE
from lms.psychometrics.matrix import Matrix
from lms.psychometrics.next_best import most_informative
from lms.psychometrics.profile import RoleProfile, undecided

EACH = 5  # questions about one sub-competency in one sheet


@dataclass(frozen=True)
class UndecidedSheet:
    """What can be asked now: sub-competencies, so many questions about them, minutes."""

    subs: tuple[str, ...]
    questions: int
    minutes: int


def next_sheet(person: Person, progress: Progress, measured: Matrix, role: RoleProfile) -> UndecidedSheet | None:
    """The sheet that would be asked; None where nothing is open, or too little is new to the person."""
    sheet = _sheet(person, progress, measured, role)
    if not sheet:
        return None
    subs = tuple(dict.fromkeys(item.sub for _, item in sheet))
    return UndecidedSheet(subs, len(sheet), round(len(sheet) * SECONDS_A_QUESTION / 60))


def sheet_revisions(_test: Specification, person: Person, role_id: str) -> Sequence[int]:
    """The revisions of the sheet, none where nothing can be asked."""
    role = _roles(person).get(role_id) or abort(404)
    return [revision for revision, _ in _sheet(person, progress_of(person.id), evidence.matrix_of(person.id), role)]


def _roles(person: Person) -> dict[str, RoleProfile]:
    return role_profiles(evidence.framework(person.organisation_id))


def _sheet(person: Person, progress: Progress, measured: Matrix, role: RoleProfile) -> list[tuple[int, Item]]:
    cuts = open_cuts(measured, role)
    about = [(revision, item) for revision, item in _left(person, progress) if item.sub in cuts]
    units = evidence.parameters(revision for revision, _ in about)
    best = most_informative([(item.sub, units[revision]) for revision, item in about], cuts, EACH, SETTLE.most)
    chosen = _without_enemies([about[index] for index in best])
    return chosen if len(chosen) >= SETTLE.least else []


def _left(person: Person, progress: Progress) -> list[tuple[int, Item]]:
    """What is new to the person in the pool of placements, and of a check's only once it is passed: until then its
    questions are the check's own."""
    passed = {module for module, state in progress.modules.items() if state.check_at}
    new = new_items(person.id, SETTLE.pool, CHECK.pool)
    return [(revision, item) for revision, item in new if item.pool == SETTLE.pool or item.module in passed]


def open_cuts(measured: Matrix, role: RoleProfile) -> Mapping[str, float]:
    """The minima that answers could still decide, with theta of what is asked."""
    return {key: measured.rules.cuts[role.critical[key] - 1] for key in undecided(measured, role)}


def _without_enemies(sheet: Sequence[tuple[int, Item]]) -> list[tuple[int, Item]]:
    """No question that gives away an earlier one, or is given away by it."""
    kept: list[tuple[int, Item]] = []
    for revision, item in sheet:
        if not are_enemies([(revision, item)], kept):
            kept.append((revision, item))
    return kept


@bp.post("/matrix/roles/<role_id>/questions")
@needs("trainee")
@transaction
def settle(role_id: str) -> ResponseReturnValue:
    """Begin, or go on with, the questions about what keeps a role open; 404 where there is nothing to ask."""
    titles = evidence.framework(current_person.organisation_id).role(role_id) or abort(404)
    return sit(SETTLE, role_id, {code: f"{word} · {titles.name.get(code)}" for code, word in SETTLE.title.items()})
