"""What a person did since a moment, and the week that their aim is counted by: from Monday, in our time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import get_timezone
from sqlalchemy import bindparam, func, select

from lms import clock, evidence
from lms.assess import Attempt
from lms.assess.models import AttemptItem, ItemMark
from lms.competency import LevelStatement, state
from lms.database import UTCDateTime, db
from lms.learn.models import EmbeddedAnswer
from lms.learn.progress import Progress
from lms.learn.specifications import CHECK, PLACEMENT, PRETEST, SETTLE, SHARPEN
from lms.psychometrics.matrix import Matrix

GIVES_EVIDENCE = {test.name for test in (CHECK, PRETEST, PLACEMENT, SHARPEN, SETTLE) if test.gives_evidence}


@dataclass(frozen=True)
class CellChange:
    """A cell before and after something."""

    key: str
    before: LevelStatement
    after: LevelStatement

    @property
    def moved(self) -> bool:
        """Whether something else is said of it now."""
        return (self.before.grain, self.before.said) != (self.after.grain, self.after.said)


@dataclass(frozen=True)
class WeekDone:
    """Questions answered and modules completed since a moment, and the skills of which another level is said now."""

    answers: int
    modules: int
    moved: tuple[CellChange, ...]


def week_start(moment: datetime) -> datetime:
    """Monday, midnight, of the week in which the moment lies."""
    local = moment.astimezone(get_timezone())
    return local.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=local.weekday())


def done_since(person_id: int, progress: Progress, moment: datetime) -> tuple[Matrix, WeekDone]:
    """The matrix as it is now, and what the person has done since the moment; nothing moved without a test."""
    attempts = [attempt for attempt in progress.finished_attempts if attempt.at >= moment]
    tested = any(attempt.purpose in GIVES_EVIDENCE for attempt in attempts)
    now, *before = evidence.matrices_at(person_id, (clock.now(), moment) if tested else (clock.now(),))
    moved = _moved(before[0], now) if before else ()
    return now, WeekDone(answers_since(person_id, moment), len(progress.since(moment)), moved)


_SINCE = bindparam("since", type_=UTCDateTime())
_ANSWERS = select(
    select(func.count(ItemMark.response_id))
    .join(AttemptItem, AttemptItem.id == ItemMark.attempt_item_id)
    .join(Attempt, Attempt.id == AttemptItem.attempt_id)
    .where(Attempt.person_id == bindparam("person"), Attempt.submitted_at >= _SINCE)
    .scalar_subquery()
    + select(func.count(EmbeddedAnswer.id))
    .where(EmbeddedAnswer.person_id == bindparam("person"), EmbeddedAnswer.answered_at >= _SINCE)
    .scalar_subquery()
)


def answers_since(person_id: int, moment: datetime) -> int:
    """Questions answered in tests that ended since then, and in the text of modules."""
    return db.session.scalar(_ANSWERS, {"person": person_id, "since": moment}) or 0


def _moved(before: Matrix, after: Matrix) -> tuple[CellChange, ...]:
    cuts = after.rules.cuts
    changes = [CellChange(key, state(before.cells[key], cuts), state(after.cells[key], cuts)) for key in after.skills]
    return tuple(change for change in changes if change.moved)
