"""Which anchors the next calibration will watch, with how many answers, and how small a change it could tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from statistics import median

import numpy as np
from sqlalchemy import func, select

from lms import publishing
from lms.database import db
from lms.evidence.calibration import well_known
from lms.evidence.matrix import skills
from lms.evidence.models import Evidence
from lms.evidence.parameter_models import ParameterSet
from lms.evidence.parameters import units
from lms.evidence.voids import counts
from lms.identity.tenant_guard import UNSCOPED
from lms.psychometrics.anchor_drift import LEAST_ANSWERS
from lms.psychometrics.drift_power import detectable_shifts
from lms.psychometrics.items import Items


@dataclass(frozen=True)
class AnchorWatch:
    """anchors: questions that hold the scale; watched: of them, those with enough answers since the set in force, in
    skills that have enough such; answers: of those, median; change: logits by which the median one must have become
    easier to be told in four cases of five, None where none is watched."""

    anchors: int
    watched: int
    answers: int
    change: float | None


def anchor_watch(present: ParameterSet) -> AnchorWatch:
    """Of the set in force."""
    skill_of = {revision: item.skill for revision in well_known(present) if (item := publishing.find_item(revision))}
    answer_counts, parameters, tests = _answers_since(present), units(skill_of, present.id), len(skills())
    answers: list[int] = []
    changes: list[float] = []
    for _, group in groupby(sorted(skill_of, key=skill_of.__getitem__), skill_of.__getitem__):
        revisions = list(group)
        counted = np.array([answer_counts.get(revision, 0) for revision in revisions])
        items = Items.of([parameters[revision] for revision in revisions])
        shifts = detectable_shifts(items, counted, tests).tolist()
        changes += shifts
        answers += counted[counted >= LEAST_ANSWERS].tolist() if shifts else []
    return AnchorWatch(len(skill_of), len(answers), int(median(answers or [0])), median(changes) if changes else None)


def _answers_since(present: ParameterSet) -> Mapping[int, int]:
    """Of everybody, as a calibration reads them."""
    later = select(Evidence.revision_id, func.count()).where(Evidence.answered_at > present.created_at, counts())
    rows = db.session.execute(later.group_by(Evidence.revision_id), execution_options=UNSCOPED)
    return {row[0]: row[1] for row in rows}
