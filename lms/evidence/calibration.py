"""A new dated parameter set from the evidence: each skill by itself, experts' difficulties as priors, the old set kept.

Items that the present set rests on enough answers are anchors: they stay, and the population is free around them
(FIPC), so that new items land on the old scale although other people answer them. Without anchors the priors hold the
scale, and the population is N(0, 1).

Anchors whose answers since the present set speak of another difficulty (`anchor_drift`) hold nothing, keep their
parameters and are named: what becomes of them, people decide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

import numpy as np
from sqlalchemy import select

from lms.database import db
from lms.evidence.answer_stream import Answers, answers_of_subs
from lms.evidence.models import Evidence, TrialAnswer
from lms.evidence.parameter_models import ItemParameter, ParameterSet
from lms.evidence.parameters import current_set, prior, units
from lms.evidence.voids import counts
from lms.psychometrics.anchor_drift import Drift, drifting
from lms.psychometrics.calibrate import Calibration
from lms.psychometrics.expert_error import calibrate_by_experts
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.responses import Responses

ANCHOR_ANSWERS = 200  # answers from which an item's parameters hold the scale for others
FEWEST_ANCHORS = 3
WATCHED_PEOPLE = 5_000  # the newest: enough to see any drift, and no more memory than for so many


@dataclass(frozen=True)
class SkillRun:
    """One skill's calibration: revisions and answers per item, the units before and after, which ones were anchors,
    how far experts' difficulties lie off, and which anchors drift, by their place."""

    skill: str
    revisions: tuple[int, ...]
    answers: tuple[int, ...]
    before: tuple[ItemParameters, ...]
    after: tuple[ItemParameters, ...]
    anchors: tuple[bool, ...]
    result: Calibration
    experts: float
    drifting: tuple[Drift, ...] = ()


class Step(NamedTuple):
    """The skill that is begun: the how manyth it is, of how many."""

    number: int
    of: int
    skill: str
    answers: int


def calibrate_all(report: Callable[[Step], None]) -> list[SkillRun]:
    """Calibrate every skill that has evidence, holding one skill's answers at a time; `report` hears how far it is.
    Writes nothing."""
    on_trial = select(TrialAnswer.sub).distinct()
    subs = sorted({*db.session.scalars(select(Evidence.sub).where(counts()).distinct()), *db.session.scalars(on_trial)})
    by_skill = {skill: list(group) for skill, group in groupby(subs, key=_skill)}
    runs, present = [], current_set()
    for number, (skill, of_skill) in enumerate(by_skill.items(), 1):
        answers, later = answers_of_subs(of_skill), answers_of_subs(of_skill, present.created_at) if present else None
        report(Step(number, len(by_skill), skill, len(answers.people)))
        runs.append(calibrate_skill(skill, answers, later, len(by_skill)))
    return runs


def calibrate_skill(skill: str, answers: Answers, later: Answers | None = None, skills: int = 1) -> SkillRun:
    """Penalised marginal maximum likelihood over the answers of one skill; later: those since the present set, by which
    its anchors are watched; skills: how many are."""
    distinct, columns = np.unique(answers.revisions, return_inverse=True)
    people, rows = np.unique(answers.people, return_inverse=True)
    revisions = [int(revision) for revision in distinct]
    present = current_set()
    before = tuple(units(revisions, present.id if present else None)[revision] for revision in revisions)
    anchors = _anchors(revisions, present)
    moved_on = _watched(revisions, before, anchors, later, skills) if later else ()
    anchors = _holding(anchors, moved_on)
    start = tuple(
        unit if fixed else prior(revision) for revision, unit, fixed in zip(revisions, before, anchors, strict=True)
    )
    items = Items.of(start)
    responses = Responses.triplets(items, rows, columns, answers.categories, len(people))
    result, experts = calibrate_by_experts(responses, items, anchors)
    kept = {drift.column for drift in moved_on}
    after = tuple(
        before[index] if index in kept else _unit(result.items, index, start[index]) for index in range(len(revisions))
    )
    counts = tuple(int(n) for n in np.bincount(columns, minlength=len(revisions)))
    return SkillRun(skill, tuple(revisions), counts, before, after, anchors, result, experts, moved_on)


def _watched(
    revisions: Sequence[int], units: Sequence[ItemParameters], anchors: Sequence[bool], later: Answers, skills: int
) -> tuple[Drift, ...]:
    """The anchors that drift, of the newest people of the later time."""
    place = {revision: index for index, (revision, anchor) in enumerate(zip(revisions, anchors, strict=True)) if anchor}
    if not place:
        return ()
    newest = np.unique(later.people)[-WATCHED_PEOPLE:]
    rows = np.isin(later.people, newest) & np.isin(later.revisions, list(place))
    people, row = np.unique(later.people[rows], return_inverse=True)
    columns = list(place.values())
    table = np.full((len(people), len(columns)), -1)
    table[row, [columns.index(place[int(revision)]) for revision in later.revisions[rows]]] = later.categories[rows]
    drifts = drifting(Items.of([units[column] for column in columns]), table, skills)
    return tuple(replace(drift, column=columns[drift.column]) for drift in drifts)


def _holding(anchors: Sequence[bool], moved_on: Sequence[Drift]) -> tuple[bool, ...]:
    """The anchors that still hold the scale; all of them where too few would be left."""
    away = {drift.column for drift in moved_on}
    steady = tuple(anchor and index not in away for index, anchor in enumerate(anchors))
    return steady if sum(steady) >= FEWEST_ANCHORS else tuple(anchors)


def _anchors(revisions: Sequence[int], present: ParameterSet | None) -> tuple[bool, ...]:
    firm = well_known(present) if present else frozenset()
    anchors = tuple(revision in firm for revision in revisions)
    return anchors if sum(anchors) >= FEWEST_ANCHORS else (False,) * len(revisions)


def well_known(of: ParameterSet) -> frozenset[int]:
    """The revisions whose parameters rest on enough answers to hold the scale."""
    enough = ItemParameter.n >= ANCHOR_ANSWERS, ItemParameter.origin == "calibrated"
    return frozenset(
        db.session.scalars(select(ItemParameter.revision_id).where(ItemParameter.set_id == of.id, *enough))
    )


def _unit(items: Items, index: int, start: ItemParameters) -> ItemParameters:
    thresholds = tuple(float(value) for value in items.b[index, : items.m[index]])
    error = float(items.sd_b[index])
    return ItemParameters(
        float(items.a[index]), thresholds, start.c, error if np.isfinite(error) else start.sd_b, start.name
    )


def _skill(sub: str) -> str:
    return sub.partition(".")[0]
