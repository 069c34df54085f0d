"""A new dated parameter set from the evidence: each skill by itself, experts' difficulties as priors, the old set kept.

Items that the present set rests on enough answers are anchors: they stay, and the population is free around them
(FIPC), so that new items land on the old scale although other people answer them. Without anchors the priors hold the
scale, and the population is N(0, 1).

Anchors whose answers since the present set speak of another difficulty (`anchor_drift`) hold nothing, keep their
parameters and are named: what becomes of them, people decide.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, false, select

from lms import publishing
from lms.database import db
from lms.evidence.models import Evidence, ItemParameter, ParameterSet, TrialAnswer
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
EASIER, HARDER = "more people were right than expected", "fewer people were right than expected"
STREAM = 10_000  # rows fetched together
MOVED = 0.05  # logits or relative slope below which a change is not worth telling


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


Column = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Answers:
    """The answers of one skill, in three arrays of equal length (n,) in the order of the evidence."""

    people: Column
    revisions: Column
    categories: Column


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
        answers, later = _answers(of_skill), _answers(of_skill, present.created_at) if present else None
        report(Step(number, len(by_skill), skill, len(answers.people)))
        runs.append(calibrate_skill(skill, answers, later, len(by_skill)))
    return runs


def _answers(subs: Sequence[str], since: datetime | None = None) -> Answers:
    """Read in a stream: twelve bytes are kept of each answer. Those on trial come last, and belong to the revision that
    counts now where the trial has ended well; since: evidence of a later time alone."""
    counting = _columns(Evidence).where(Evidence.sub.in_(subs), counts()).order_by(Evidence.id)
    on_trial = _columns(TrialAnswer).where(TrialAnswer.sub.in_(subs)).order_by(TrialAnswer.id)
    if since:
        counting, on_trial = counting.where(Evidence.answered_at > since), on_trial.where(false())
    kept, now = tuple(array("i") for _ in range(3)), lru_cache(_revision_now)
    for row in db.session.execute(counting, execution_options={"yield_per": STREAM}):
        _keep(kept, row)
    for row in db.session.execute(on_trial, execution_options={"yield_per": STREAM}):
        _keep(kept, (row.person_id, now(row.revision_id), row.category))
    return Answers(*(np.array(column, np.int32) for column in kept))


def _columns(model: type[Evidence] | type[TrialAnswer]) -> Select[int, int, int]:
    return select(model.person_id, model.revision_id, model.category)


def _keep(columns: Sequence[array[int]], row: Iterable[int]) -> None:
    for column, value in zip(columns, row, strict=True):
        column.append(value)


def _revision_now(revision: int) -> int:
    """Of a question that was on trial: the published one where that asks the same, else itself."""
    item = publishing.item(revision)
    now = publishing.revision_of(item.id)
    return now if now is not None and publishing.item(now).asked == item.asked else revision


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


def drifted(run: SkillRun) -> list[dict[str, Any]]:
    """The anchors that moved since the set before, the surest first; change: levels by which they are harder."""
    return [
        {
            "item": run.before[drift.column].name,
            "revision": run.revisions[drift.column],
            "answers": drift.n,
            "change": round(drift.change, 2),
            "error": round(drift.error, 2),
        }
        for drift in run.drifting
    ]


def moved(run: SkillRun) -> list[dict[str, Any]]:
    """The items whose difficulty or slope changed, largest shift first, each with the reason."""
    away = {drift.column for drift in run.drifting}
    lines = [_line(run, index) for index in range(len(run.revisions)) if not run.anchors[index] and index not in away]
    notable = [line for line in lines if abs(line["shift"]) >= MOVED or abs(line["slope"] - 1) >= MOVED]
    return sorted(notable, key=lambda line: -abs(line["shift"]))


def _line(run: SkillRun, index: int) -> dict[str, Any]:
    before, after, n = run.before[index], run.after[index], run.answers[index]
    return {
        "item": after.name,
        "revision": run.revisions[index],
        "skill": run.skill,
        "answers": n,
        "before": round(float(np.mean(before.b)), 3),
        "after": round(float(np.mean(after.b)), 3),
        "shift": round(float(np.mean(after.b) - np.mean(before.b)), 3),
        "slope": round(after.a / before.a, 3),
        "why": "; ".join(
            filter(None, (EASIER if np.mean(after.b) < np.mean(before.b) else HARDER, run.result.notes.get(after.name)))
        ),
    }


def _anchors(revisions: Sequence[int], present: ParameterSet | None) -> tuple[bool, ...]:
    if present is None:
        return (False,) * len(revisions)
    firm = set(
        db.session.scalars(
            select(ItemParameter.revision_id).where(
                ItemParameter.set_id == present.id,
                ItemParameter.n >= ANCHOR_ANSWERS,
                ItemParameter.origin == "calibrated",
            )
        )
    )
    held = tuple(revision in firm for revision in revisions)
    return held if sum(held) >= FEWEST_ANCHORS else (False,) * len(revisions)


def _unit(items: Items, index: int, start: ItemParameters) -> ItemParameters:
    thresholds = tuple(float(value) for value in items.b[index, : items.m[index]])
    error = float(items.sd_b[index])
    return ItemParameters(
        float(items.a[index]), thresholds, start.c, error if np.isfinite(error) else start.sd_b, start.name
    )


def _skill(sub: str) -> str:
    return sub.partition(".")[0]
