"""Beginning, playing and ending a run. Verbs expect the row's lock and leave the commit to the view."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import abort
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from lms import clock, evidence
from lms.database import db
from lms.identity.models import Person
from lms.lab.model import marks
from lms.lab.model.log import ACTS, Action, Play
from lms.lab.models import LabAction, LabRun
from lms.lab.tasks import TASKS, Task

GRACE = timedelta(seconds=30)  # that an action may be under way when the time ends
LATE = timedelta(days=7)  # for so long after the end actions are kept, as late
MOST = 2_000  # actions of a run; no person comes near it
KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
GIVE_BACK = re.compile(r"/(?!/)[\w/.\-]{1,190}")
MOST_VALUES, LONGEST = 20, 40


class Refused(Exception):
    """The run does not take this action. reason: "newer" (the page is older than the log), "key_reused", "too_late",
    "too_many"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Sent:
    """An action as a page sends it. base: how many actions its page knew."""

    action: Action
    key: str
    base: int


def sent(task: Task, form: MultiDict[str, str], act: str, step: int) -> Sent:
    """ValueError where no page of ours could send it."""
    key, base = form.get("key", ""), form.get("base", "")
    if not KEY.fullmatch(key) or not re.fullmatch(r"[0-9]{1,6}", base) or act not in ACTS:
        raise ValueError("key, base or act")
    if not 1 <= step <= task.play.LAST:
        raise ValueError("step")
    known = sorted(name for name in form if re.fullmatch(task.fields, name))
    value = {name: [one.strip() for one in form.getlist(name)] for name in known}
    if any(len(each) > MOST_VALUES or any(len(one) > LONGEST for one in each) for each in value.values()):
        raise ValueError("too long")
    wanted = {"card"} if act == "buy" else set() if act == "undo" else set(value) - {"card"}
    return Sent(Action(act, step, {name: value[name] for name in value if name in wanted}), key, int(base))


def start(
    person: Person,
    task: Task,
    seed: int | None = None,
    language: str | None = None,
    deadline: datetime | None = None,
    give_back_url: str = "",
    brief: str | None = None,
) -> LabRun:
    """The open run that this page (or, without one, the person) asked for, else a new one. It needs no role of the
    person. seed: drawn where not given; deadline: the task's own limit and the person's extra time where not given;
    give_back_url: a path of ours to which the person returns at the end. ValueError for another address, an unknown
    brief, or a seed that was not screened."""
    brief = task.briefs[0] if brief is None else brief
    if (give_back_url and not GIVE_BACK.fullmatch(give_back_url)) or brief not in task.briefs:
        raise ValueError("give_back_url or brief")
    if seed is not None and seed not in task.seeds:
        raise ValueError(f"{task.name}: the seed {seed} was not screened")
    if running := _running(person.id, task, brief, give_back_url):
        return running
    now = clock.now()
    run = LabRun(
        person_id=person.id,
        organisation_id=person.organisation_id,
        task=task.name,
        brief=brief,
        brief_version=task.brief_version(brief),
        model_version=task.version,
        seed=_unseen(person.id, task) if seed is None else seed,
        language=language,
        give_back_url=give_back_url,
        started_at=now,
        deadline_at=deadline or now + timedelta(minutes=task.limit * person.extra_time),
    )
    db.session.add(run)
    db.session.flush()
    return run


def _running(person_id: int, task: Task, brief: str, give_back_url: str) -> LabRun | None:
    """The open run; one whose time is over ends here."""
    rows = select(LabRun).where(LabRun.person_id == person_id, LabRun.task == task.name, LabRun.brief == brief)
    running = db.session.scalar(
        rows.where(LabRun.give_back_url == give_back_url, LabRun.finished_at.is_(None)).with_for_update()
    )
    if running and is_over(running):
        finish(running)
        db.session.flush()
        return None
    return running


def _unseen(person_id: int, task: Task) -> int:
    rows = select(LabRun.seed).where(LabRun.person_id == person_id, LabRun.task == task.name)
    seen = set(db.session.scalars(rows))
    return secrets.choice([seed for seed in task.seeds if seed not in seen] or list(task.seeds))


def run_of(person_id: int, run_id: int, lock: bool = False) -> LabRun:
    """The person's own run, or 404; with `lock` no other transaction changes it until this one ends."""
    statement = select(LabRun).where(LabRun.id == run_id, LabRun.person_id == person_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(statement) or abort(404)


def runs_of(person_id: int) -> Sequence[LabRun]:
    """Newest first."""
    return db.session.scalars(select(LabRun).where(LabRun.person_id == person_id).order_by(LabRun.id.desc())).all()


def run_before(run: LabRun) -> LabRun | None:
    """The person's last finished run of the same task and brief."""
    rows = select(LabRun).where(
        LabRun.person_id == run.person_id, LabRun.task == run.task, LabRun.brief == run.brief, LabRun.id < run.id
    )
    return db.session.scalar(rows.where(LabRun.finished_at.is_not(None)).order_by(LabRun.id.desc()).limit(1))


def log_of(run: LabRun) -> Sequence[LabAction]:
    rows = select(LabAction).where(LabAction.run_id == run.id, LabAction.person_id == run.person_id)
    return db.session.scalars(rows.order_by(LabAction.number)).all()


def actions_in(log: Sequence[LabAction]) -> list[Action]:
    """Those that count."""
    return [Action(row.act, row.step, row.form) for row in log if not row.late]


def play_of(run: LabRun) -> tuple[Play, int]:
    """Where the run stands and how many actions its log holds."""
    log = log_of(run)
    return task_of(run).play.replay(actions_in(log)), len(log)


def task_of(run: LabRun) -> Task:
    return TASKS[run.task]


def last_key(run: LabRun) -> str:
    """Key of the newest action; "" before the first."""
    log = log_of(run)
    return log[-1].idempotency_key if log else ""


def is_over(run: LabRun, at: datetime | None = None) -> bool:
    """The time is over, and even an action sent at the last second would have arrived."""
    return (at or clock.now()) > run.deadline_at + GRACE


def take(run: LabRun, given: Sent) -> int:
    """Append one action and return its number; a repeated key gets its first number again."""
    log, now = log_of(run), clock.now()
    if first := next((row for row in log if row.idempotency_key == given.key), None):
        if (first.act, first.step, first.form) != (given.action.act, given.action.step, dict(given.action.form)):
            raise Refused("key_reused")
        return first.number
    if len(log) >= MOST:
        raise Refused("too_many")
    late = run.finished_at is not None or is_over(run, now)
    if late and now > (run.finished_at or run.deadline_at) + LATE:
        raise Refused("too_late")
    if not late and given.base != len(log):
        raise Refused("newer")
    _append(run, given, len(log) + 1, now, late)
    if late or task_of(run).play.replay([*actions_in(log), given.action]).is_done:
        finish(run)
    return len(log) + 1


def _append(run: LabRun, given: Sent, number: int, now: datetime, late: bool) -> None:
    row = LabAction(
        run_id=run.id,
        person_id=run.person_id,
        number=number,
        idempotency_key=given.key,
        act=given.action.act,
        step=given.action.step,
        form=dict(given.action.form),
        received_at=now,
        late=late,
    )
    db.session.add(row)
    db.session.flush()


def finish(run: LabRun) -> None:
    """End the run, score it from its log and hand the evidence over; once, however often it is asked for. A run that
    showed what it holds is evidence also when the clock ended it."""
    if run.finished_at is not None:
        return
    over, task = is_over(run), task_of(run)
    run.finished_at = run.deadline_at if over else max(clock.now(), run.started_at)
    run.finished_by = "deadline" if over else "person"
    found = outcome_of(run)
    run.outcome = marks.canonical(found)
    units: Mapping[str, int] = found["units"]
    if units and play_of(run)[0].step >= task.begun:
        work = task.work_name(run.brief)
        evidence.record_work(run.person_id, work, run.id, task.kind, units, task.unit, run.finished_at)


def outcome_of(run: LabRun) -> dict[str, Any]:
    """Computed from the log, as `finish` stored it."""
    return task_of(run).outcome(run.seed, run.brief, actions_in(log_of(run)))


@dataclass(frozen=True)
class Result:
    """What a finished run says. x: by sub-competency, 0 is chance and 1 a good professional; categories: 0..3 of each;
    is_evidence: whether this very run counts in the matrix (only the first of a period does)."""

    x: Mapping[str, float]
    categories: Mapping[str, int]
    is_evidence: bool


def result_of(run: LabRun) -> Result | None:
    """None while the run goes on."""
    if run.outcome is None:
        return None
    found, task = json.loads(run.outcome), task_of(run)
    counts = evidence.counts_as_evidence(run.person_id, task.work_name(run.brief), run.id)
    return Result(marks.by_sub(found["scores"], task.places), found["units"], counts)
