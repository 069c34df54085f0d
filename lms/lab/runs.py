"""Beginning, playing and ending a run. Verbs expect the row's lock and leave the commit to the view."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from werkzeug.datastructures import MultiDict

from lms import clock, evidence
from lms.database import db, write_aside
from lms.identity.models import Person
from lms.lab.model import marks
from lms.lab.model.log import ACTS, Action, Play
from lms.lab.models import LabAction, LabRun
from lms.lab.tasks import TASKS, LabTask
from lms.worklog.log import EntryRefused, WorkLog

KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
MOST_VALUES, LONGEST, LONGEST_TEXT = 20, 40, 600  # of a form: values of a name, signs of a value
LOG = WorkLog(LabRun, LabAction, most=2_000, kind=("task", "brief"))
run_of, runs_of, log_of, finish = LOG.own, LOG.all_of, LOG.entries_of, LOG.finish


@dataclass(frozen=True)
class Sent:
    """An action as a page sends it. base: how many actions its page knew."""

    action: Action
    key: str
    base: int


def sent(task: LabTask, form: MultiDict[str, str], act: str, step: int) -> Sent:
    """ValueError where no page of ours could send it."""
    key, base = form.get("key", ""), form.get("base", "")
    if not KEY.fullmatch(key) or not re.fullmatch(r"[0-9]{1,6}", base) or act not in ACTS:
        raise ValueError("key, base or act")
    if not 1 <= step <= task.play.LAST:
        raise ValueError("step")
    fields = sorted(name for name in form if re.fullmatch(task.fields, name))
    value = {name: [typed.strip() for typed in form.getlist(name)] for name in fields}
    if any(len(each) > MOST_VALUES or max(map(len, each)) > _longest(task, name) for name, each in value.items()):
        raise ValueError("too long")
    wanted = {"card"} if act == "buy" else set() if act == "undo" else set(value) - {"card"}
    return Sent(Action(act, step, {name: value[name] for name in value if name in wanted}), key, int(base))


def _longest(task: LabTask, name: str) -> int:
    return LONGEST_TEXT if re.fullmatch(task.texts, name) else LONGEST


def start(
    person: Person,
    task: LabTask,
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
    running = LOG.running(person.id, give_back_url, task=task.name, brief=brief)
    if brief not in task.briefs or (seed is not None and seed not in task.seeds):
        raise ValueError(f"{task.name}: no brief {brief!r}, or the seed {seed} was not screened")
    if running:
        return running
    run = LabRun(
        organisation_id=person.organisation_id,
        task=task.name,
        brief=brief,
        brief_version=task.brief_version(brief),
        model_version=task.version,
        seed=_unseen(person.id, task) if seed is None else seed,
        language=language,
    )
    return LOG.begin(run, person, task.limit, deadline, give_back_url)


def _unseen(person_id: int, task: LabTask) -> int:
    rows = select(LabRun.seed).where(LabRun.person_id == person_id, LabRun.task == task.name)
    played = set(db.session.scalars(rows))
    return secrets.choice([seed for seed in task.seeds if seed not in played] or list(task.seeds))


def run_before(run: LabRun) -> LabRun | None:
    """The person's last finished run of the same task and brief."""
    rows = select(LabRun).where(
        LabRun.person_id == run.person_id, LabRun.task == run.task, LabRun.brief == run.brief, LabRun.id < run.id
    )
    return db.session.scalar(rows.where(LabRun.finished_at.is_not(None)).order_by(LabRun.id.desc()).limit(1))


def actions_in(log: Sequence[LabAction]) -> list[Action]:
    """Those that count."""
    return [Action(row.act, row.step, row.form) for row in log if not row.late]


def play_of(run: LabRun) -> tuple[Play, int]:
    """Where the run stands and how many actions its log holds."""
    log = log_of(run)
    return task_of(run).play.replay(actions_in(log)), len(log)


def task_of(run: LabRun) -> LabTask:
    return TASKS[run.task].at(run.model_version)


def last_key(run: LabRun) -> str:
    """Key of the newest action; "" before the first."""
    log = log_of(run)
    return log[-1].idempotency_key if log else ""


def take(run: LabRun, sending: Sent) -> int:
    """Append one action and return its number; a repeated key gets its first number again."""
    log, action = log_of(run), sending.action
    if first := next((row for row in log if row.idempotency_key == sending.key), None):
        if (first.act, first.step, first.form) != (action.act, action.step, dict(action.form)):
            raise EntryRefused("key_reused")
        return first.number
    row = LabAction(idempotency_key=sending.key, act=action.act, step=action.step, form=dict(action.form))
    number = LOG.append(run, row, len(log), sending.base)
    if task_of(run).play.replay(actions_in([*log, row])).is_done:
        finish(run)
    return number


@LOG.at_end
def _score(run: LabRun) -> None:
    """Score the run from its log and hand the evidence over. A run that showed what it holds is evidence also when the
    clock ended it; one that went on after its person had met the result is practice."""
    outcome, task = outcome_of(run), task_of(run)
    run.outcome = marks.canonical(outcome)
    units: Mapping[str, int] = outcome["units"]
    if run.finished_at and units and not run.result_shown_at and play_of(run)[0].step >= task.begun:
        work = task.work_name(run.brief)
        shown = evidence.WorkShown(work, run.id, task.kind, task.unit, run.finished_at)
        evidence.record_work(run.person_id, shown, units)


@LOG.before_reopening
def _unscore(run: LabRun) -> None:
    evidence.withdraw_work(run.person_id, task_of(run).work_name(run.brief), run.id)
    run.outcome = None


@LOG.after_reopening
def _end_if_done(run: LabRun) -> None:
    """The last decision had come after the wrong end."""
    if play_of(run)[0].is_done:
        finish(run)


def note_result_shown(run: LabRun) -> None:
    """Keep when the person first met the result, also from a page that only reads."""
    if run.result_shown_at is None:
        mine = LabRun.id == run.id, LabRun.person_id == run.person_id
        write_aside(update(LabRun).where(*mine).values(result_shown_at=clock.now()))


def outcome_of(run: LabRun) -> dict[str, Any]:
    """Computed from the log, as `finish` stored it."""
    return task_of(run).outcome(run.seed, run.brief, actions_in(log_of(run)))
