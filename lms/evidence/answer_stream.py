"""The answers that a calibration rests on, read in a stream: those that count, then those to questions on trial."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, false, select

from lms import publishing
from lms.database import db
from lms.evidence.models import Evidence, TrialAnswer
from lms.evidence.voids import counts

STREAM = 10_000  # rows fetched together


Column = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Answers:
    """The answers of one skill, in three arrays of equal length (n,) in the order of the evidence."""

    people: Column
    revisions: Column
    categories: Column


def answers_of_subs(subs: Sequence[str], since: datetime | None = None) -> Answers:
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
