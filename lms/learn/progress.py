"""How far a person is. Derived from attempts, handed-in practice and reading positions; nothing of it is stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from lms import clock, publishing
from lms.assess import Attempt
from lms.content.model import Course
from lms.database import db
from lms.learn.finished_attempts import FinishedAttempt, finished_attempts
from lms.learn.models import PracticeWork, Reading
from lms.learn.specifications import CHECK, PLACEMENT, PRETEST

SECTIONS = 8


@dataclass(frozen=True)
class ModuleState:
    """Where a person stands with a module; every date is None until it happened."""

    id: str
    anchor: str = ""
    reached: int = 0
    read_at: datetime | None = None
    checks: tuple[FinishedAttempt, ...] = ()
    check_at: datetime | None = None  # check passed, or the course tested out
    tested_out: bool = False
    practice_at: datetime | None = None

    @property
    def passed_at(self) -> datetime | None:
        return max(self.check_at, self.practice_at) if self.check_at and self.practice_at else None

    @property
    def started(self) -> bool:
        return bool(self.reached or self.checks or self.practice_at or self.read_at)

    @property
    def touched(self) -> bool:
        """Whether there is nothing new in it: begun, or skipped by the pre-test."""
        return self.started or self.check_at is not None

    @property
    def share_read(self) -> float:
        return 1.0 if self.read_at else min(self.reached / SECTIONS, 1.0)

    def opens_at(self) -> datetime | None:
        """When the next check may begin, if that lies ahead."""
        return _opens_after(self.checks[-1].at if self.checks else None)


def _opens_after(ended: datetime | None) -> datetime | None:
    """An end ahead itself is a wrong clock's."""
    now = clock.now()
    opens = ended + timedelta(seconds=CHECK.pause) if ended and ended <= now else None
    return opens if opens and opens > now else None


@dataclass(frozen=True)
class Progress:
    """All modules by id, finished pre-tests by course id, every finished attempt in order of its end."""

    modules: Mapping[str, ModuleState]
    pretests: Mapping[str, FinishedAttempt]
    finished_attempts: tuple[FinishedAttempt, ...]

    @property
    def placed(self) -> FinishedAttempt | None:
        """The newest finished placement."""
        placements = (attempt for attempt in reversed(self.finished_attempts) if attempt.purpose == PLACEMENT.name)
        return next(placements, None)

    def since(self, moment: datetime) -> list[ModuleState]:
        """The modules that were completed from then on."""
        return [state for state in self.modules.values() if state.passed_at and state.passed_at >= moment]

    def passed(self, course: Course) -> int:
        return sum(self.modules[module].passed_at is not None for module in course.modules)

    def begun(self, course: Course) -> bool:
        return any(self.modules[module].started for module in course.modules)

    def finished(self, course: Course) -> bool:
        return bool(course.modules) and self.passed(course) == len(course.modules)

    def ready_for(self, course: Course) -> bool:
        """Whether the courses it builds on are finished; advice, never a lock."""
        courses = publishing.library().courses
        return all(self.finished(courses[name]) for name in course.prerequisites if name in courses)


# Every page asks for these, so they are built once, and fetch no more than is shown.
_LAST_CHECK = select(func.max(Attempt.submitted_at)).where(
    Attempt.person_id == bindparam("person"), Attempt.purpose == CHECK.name, Attempt.subject == bindparam("module")
)
_READING = select(Reading.module, Reading.anchor, Reading.reached, Reading.read_at).where(
    Reading.person_id == bindparam("person")
)
_WORK = select(PracticeWork.module, PracticeWork.handed_in_at).where(PracticeWork.person_id == bindparam("person"))


def check_opens_at(person_id: int, module_id: str) -> datetime | None:
    """As `ModuleState.opens_at`, where nothing else of the progress is asked for."""
    return _opens_after(db.session.scalar(_LAST_CHECK, {"person": person_id, "module": module_id}))


def progress_of(person_id: int, void: Collection[int] | None = None) -> Progress:
    """A person's progress with every published module, in four queries. void: `evidence.voids_for` the person, where
    the caller has asked already."""
    attempts = tuple(finished_attempts(person_id, void))
    pretests: dict[str, FinishedAttempt] = {}
    for attempt in attempts:
        if attempt.purpose == PRETEST.name:
            pretests.setdefault(attempt.subject, attempt)
    reading: dict[str, Any] = {row.module: row for row in db.session.execute(_READING, {"person": person_id})}
    handed_in = {row.module: row.handed_in_at for row in db.session.execute(_WORK, {"person": person_id})}
    modules = {
        module.id: _state(
            module.id, attempts, pretests.get(module.course), reading.get(module.id), handed_in.get(module.id)
        )
        for module in publishing.library().modules.values()
    }
    return Progress(modules, pretests, attempts)


def _state(
    name: str,
    attempts: Iterable[FinishedAttempt],
    pretest: FinishedAttempt | None,
    reading: Any,
    handed_in: datetime | None,
) -> ModuleState:
    checks = tuple(each for each in attempts if each.purpose == CHECK.name and each.subject == name)
    passed = [check.at for check in checks if CHECK.passed(check.credit)]
    tested_out = pretest is not None and PRETEST.passed(pretest.credit)
    if pretest and tested_out:
        passed.append(pretest.at)
    return ModuleState(
        id=name,
        anchor=reading.anchor if reading else "",
        reached=reading.reached if reading else 0,
        read_at=reading.read_at if reading else None,
        checks=checks,
        check_at=min(passed, default=None),
        tested_out=tested_out,
        practice_at=handed_in,
    )
