"""Work samples of a candidate: runs of the Lab that give the person back to the way at their end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from lms.identity.models import Person
from lms.lab import runs
from lms.lab.models import LabRun
from lms.lab.tasks import TASKS, Task


def offered() -> dict[str, float]:
    """The minutes of each task that can be put before a candidate, by its code."""
    return {task.code: float(task.minutes) for task in TASKS.values() if task.code}


def start_address(person: Person, part: Mapping[str, Any], back: str) -> str | None:
    """The page that begins the work sample of the part, or goes on with it, and gives the person back at the end; None
    for one that is not here."""
    if (task := _task(part)) is None:
        return None
    begun = next((run for run in _runs(person.id, part, back) if run.finished_at is None), None)
    run = begun or runs.start(person, task, language=person.language, give_back_url=back)
    return url_for("lab.play", run_id=run.id)  # also where the time is over: it says so, and there is no second try


def is_done(person_id: int, part: Mapping[str, Any], back: str) -> bool:
    """Whether the person has handed in the run that this address was given for; what cannot be begun stands in nobody's
    way."""
    return _task(part) is None or any(run.finished_at for run in _runs(person_id, part, back))


def is_begun(person_id: int, part: Mapping[str, Any], back: str) -> bool:
    """Whether a run of it is open, so that its clock runs."""
    return any(run.finished_at is None for run in _runs(person_id, part, back))


def _runs(person_id: int, part: Mapping[str, Any], back: str) -> list[LabRun]:
    task = _task(part)
    return [run for run in runs.runs_of(person_id) if task and (run.task, run.give_back_url) == (task.name, back)]


def _task(part: Mapping[str, Any]) -> Task | None:
    return next((task for task in TASKS.values() if task.code == part["task"]), None)
