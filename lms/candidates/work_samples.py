"""Work samples of a candidate: runs of the Lab and written works that people rate. Both give the person back to the way
at their end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from flask import url_for
from sqlalchemy import select

from lms import evidence
from lms.campaigns import OfferedWork
from lms.database import db
from lms.identity.models import Person
from lms.lab import runs
from lms.lab import tasks as lab
from lms.lab.models import LabRun
from lms.rating import desk
from lms.rating import tasks as rating
from lms.rating import works as written
from lms.rating.models import RatedWork
from lms.worklog.log import WorkLog

PLAYED = {task.code: task for task in lab.TASKS.values() if task.code}
RATED = {task.code: task for task in rating.TASKS.values() if task.code}
CODES = {task.name: code for code, task in PLAYED.items()} | {task.name: code for code, task in RATED.items()}
State = Literal["begun", "rated", "done"]  # "rated": handed in, people are rating it
Run = LabRun | RatedWork
LOGS: tuple[WorkLog[Any, Any], ...] = (runs.LOG, written.LOG)


def offered() -> Iterator[OfferedWork]:
    """All that can be put before a candidate; a portfolio is no task of an hour."""
    for code, task in PLAYED.items():
        yield OfferedWork(code, task.words.title, float(task.minutes), task.kind, task.sub_competencies, task.unit)
    cuts = evidence.framework().cuts.theta
    for code, work in RATED.items():
        yield OfferedWork(
            code, work.title, float(work.minutes), work.kind, work.sub_competencies, work.unit(cuts), by_people=True
        )


def number_of_raters(organisation_id: int) -> int:
    return len(desk.raters(organisation_id))


def start_address(person: Person, part: Mapping[str, Any], back: str, practice: bool = False) -> str | None:
    """The page that begins the work sample of the part, or goes on with it, and gives the person back at the end; None
    for one that is not here. practice: nobody shall rate it."""
    code = part["task"]
    begun = next((run for run in _runs(person.id, code, back) if run.finished_at is None), None)
    if code in PLAYED:
        played = begun or runs.start(person, PLAYED[code], language=person.language, give_back_url=back)
        return url_for("lab.play", run_id=played.id)  # also where the time is over: it says so; there is no second try
    if code in RATED:
        work = begun or written.start(person, RATED[code], person.language, give_back_url=back, practice=practice)
        return url_for("rating.write", work_id=work.id)
    return None


def is_done(person_id: int, part: Mapping[str, Any], back: str) -> bool:
    """Whether the person has handed in the run that this address was given for; what cannot be begun stands in nobody's
    way."""
    return part["task"] not in PLAYED | RATED or any(run.finished_at for run in _runs(person_id, part["task"], back))


def is_begun(person_id: int, part: Mapping[str, Any], back: str) -> bool:
    """Whether a run of it is open, so that its clock runs."""
    return any(run.finished_at is None for run in _runs(person_id, part["task"], back))


def _runs(person_id: int, code: str, back: str) -> list[Run]:
    log, task = (runs.LOG, PLAYED.get(code)) if code in PLAYED else (written.LOG, RATED.get(code))
    all_runs: Sequence[Run] = log.all_of(person_id)
    return [run for run in all_runs if task and (run.task, run.give_back_url) == (task.name, back)]


def states_of(person_ids: Sequence[int]) -> Mapping[int, Mapping[str, State]]:
    """How far each of these candidates is with the work samples that they have begun, by code."""
    states: dict[int, dict[str, State]] = defaultdict(dict)
    played = select(LabRun.person_id, LabRun.task, LabRun.finished_at).where(LabRun.person_id.in_(person_ids))
    for person, task, finished in db.session.execute(played.order_by(LabRun.id)):
        if task in CODES:
            states[person][CODES[task]] = "done" if finished else "begun"
    rated = select(RatedWork).where(RatedWork.person_id.in_(person_ids), RatedWork.task.in_(CODES))
    for work in db.session.scalars(rated.order_by(RatedWork.id)):
        waits = work.for_evidence and work.settled_at is None
        states[work.person_id][CODES[work.task]] = "begun" if not work.finished_at else "rated" if waits else "done"
    return states
