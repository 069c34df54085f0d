"""Beginning, playing and ending a run. Verbs expect the row's lock and leave the commit to the view."""

from __future__ import annotations

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
from lms.lab.briefs import Brief, brief_of
from lms.lab.model import play as playing
from lms.lab.model import scoring
from lms.lab.model.constants import VERSION
from lms.lab.model.play import Action, Form, Play
from lms.lab.model.seeds import SEEDS
from lms.lab.models import LabAction, LabRun
from lms.psychometrics.items import ItemParameters

MINUTES = 30  # of a sprint that is planned for some fourteen; a person's extra time multiplies it
GRACE = timedelta(seconds=30)  # that an action may be under way when the time ends
LATE = timedelta(days=7)  # for so long after the end actions are kept, as late
MOST = 2_000  # actions of a run; no person comes near it
KIND = "lab"  # of evidence
# Thresholds where bots of known error cross the cuts of a unit's score (vague 0.47, researched 0.74, expert 0.91 taken
# as levels about 0, 1 and 2 on theta); provisional until people have played.
UNIT = ItemParameters(a=0.8, b=(-0.7, 0.1, 1.05), sd_b=0.5)
KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
FIELD = re.compile(
    r"rank_[a-z]{2,10}|segments|windows|kpi|target|pillars|hours_[a-z]{2,12}|p[0-3]_[a-z]{2,10}|tags|reply_[0-4]"
    r"|first|rate|cause|claim|tested|card"
)
MOST_VALUES, LONGEST = 12, 40


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


def sent(form: MultiDict[str, str], act: str, step: int) -> Sent:
    """ValueError where no page of ours could send it."""
    key, base = form.get("key", ""), form.get("base", "")
    if not KEY.fullmatch(key) or not re.fullmatch(r"[0-9]{1,6}", base) or act not in ("save", "next", "undo", "buy"):
        raise ValueError("key, base or act")
    if not 1 <= step <= playing.LAST:
        raise ValueError("step")
    value = {name: [one.strip() for one in form.getlist(name)] for name in sorted(form) if FIELD.fullmatch(name)}
    if any(len(each) > MOST_VALUES or any(len(one) > LONGEST for one in each) for each in value.values()):
        raise ValueError("too long")
    wanted = {"card"} if act == "buy" else set() if act == "undo" else set(value) - {"card"}
    return Sent(Action(act, step, {name: value[name] for name in value if name in wanted}), key, int(base))


def begin(person: Person, brief: Brief) -> LabRun:
    """The person's open run of the brief, else a new one in a world that they have not seen."""
    running = db.session.scalar(
        select(LabRun)
        .where(LabRun.person_id == person.id, LabRun.brief == brief.id, LabRun.finished_at.is_(None))
        .with_for_update()
    )
    if running and is_over(running):
        finish(running)
        db.session.flush()
    elif running:
        return running
    now = clock.now()
    run = LabRun(
        person_id=person.id,
        organisation_id=person.organisation_id,
        brief=brief.id,
        brief_version=brief.version,
        model_version=VERSION,
        seed=_unseen(person.id),
        started_at=now,
        deadline_at=now + timedelta(minutes=MINUTES * person.extra_time),
    )
    db.session.add(run)
    db.session.flush()
    return run


def _unseen(person_id: int) -> int:
    seen = set(db.session.scalars(select(LabRun.seed).where(LabRun.person_id == person_id)))
    return secrets.choice([seed for seed in SEEDS if seed not in seen] or SEEDS)


def run_of(person_id: int, run_id: int, lock: bool = False) -> LabRun:
    """The person's own run, or 404; with `lock` no other transaction changes it until this one ends."""
    statement = select(LabRun).where(LabRun.id == run_id, LabRun.person_id == person_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(statement) or abort(404)


def runs_of(person_id: int) -> Sequence[LabRun]:
    """Newest first."""
    return db.session.scalars(select(LabRun).where(LabRun.person_id == person_id).order_by(LabRun.id.desc())).all()


def log_of(run: LabRun) -> Sequence[LabAction]:
    rows = select(LabAction).where(LabAction.run_id == run.id, LabAction.person_id == run.person_id)
    return db.session.scalars(rows.order_by(LabAction.number)).all()


def actions_in(log: Sequence[LabAction]) -> list[Action]:
    """Those that count."""
    return [Action(row.act, row.step, row.form) for row in log if not row.late]


def play_of(run: LabRun) -> tuple[Play, int]:
    """Where the run stands and how many actions its log holds."""
    log = log_of(run)
    return playing.replay(actions_in(log)), len(log)


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
    if late or playing.replay([*actions_in(log), given.action]).step == playing.DONE:
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
    """End the run, score it from its log and hand the evidence over; once, however often it is asked for. A run whose
    week went out is evidence also when the clock ended it: its results were seen."""
    if run.finished_at is not None:
        return
    over = is_over(run)
    run.finished_at = run.deadline_at if over else max(clock.now(), run.started_at)
    run.finished_by = "deadline" if over else "person"
    found = outcome_of(run)
    run.outcome = scoring.canonical(found)
    if play_of(run)[0].step >= playing.LAUNCHED:
        units: Mapping[str, int] = found["units"]
        evidence.record_work(run.person_id, work_name(run.brief), run.id, KIND, units, UNIT, run.finished_at)


def outcome_of(run: LabRun) -> dict[str, Any]:
    """Computed from the log, as `finish` stored it."""
    return scoring.outcome(run.seed, brief_of(run.brief).rules, actions_in(log_of(run)))


def work_name(brief: str) -> str:
    return f"{KIND} {brief}"


def form_of(play: Play, step: int) -> Form:
    """What the step's page is filled with: the next plan begins as a copy of the last one."""
    if step == playing.LAST and step not in play.forms:
        both = {**play.form(3), **play.form(4)}
        return {name: value for name, value in both.items() if name.startswith("p") and not name.endswith("_style")}
    return play.form(step)
