"""Beginning, writing and handing in a work. Verbs expect the row's lock and leave the commit to the view."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import abort
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from lms import clock, evidence
from lms.database import db
from lms.identity.models import Person
from lms.rating.checks import Form
from lms.rating.models import RatedWork, WorkSave
from lms.rating.tasks import TASKS, Field, Task, Variant

GRACE = timedelta(seconds=30)  # that a save may be under way when the time ends
LATE = timedelta(days=7)  # for so long after the end saves are kept, as late
MOST = 3_000  # saves of a work; no person comes near it
MAX_SEQ = 2**53
WRITER = re.compile(r"[0-9a-f]{8,64}")
LINK = "link"  # the field that holds an address; it is shown to raters and never opened by the program
HTTPS = re.compile(r"https://[^\s/@:]+\.[^\s/@:]+(?::\d{1,5})?(?:/\S*)?")
GIVE_BACK = re.compile(r"/(?!/)[\w/.\-]{1,190}")


class Refused(Exception):
    """The work does not take this save. reason: "newer" (another page wrote since), "too_late", "too_many"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Draft:
    """A form as a page sends it. base: how many saves its page knew; writer, seq: see `WorkSave`."""

    form: Form
    base: int
    writer: str
    seq: int


def draft(work: RatedWork, sent: MultiDict[str, str]) -> Draft:
    """ValueError where no page of ours could send it."""
    base, writer, seq = sent.get("base", ""), sent.get("writer", ""), sent.get("seq", "")
    if not WRITER.fullmatch(writer) or not re.fullmatch(r"\d{1,6}", base) or not re.fullmatch(r"\d{1,16}", seq):
        raise ValueError("base, writer or seq")
    task, variant = task_of(work), variant_of(work)
    form = {field.name: _value(field, sent.getlist(field.name)) for field in task.fields_of(variant)}
    return Draft({name: value for name, value in form.items() if value}, int(base), writer, min(int(seq), MAX_SEQ))


def _value(field: Field, given: list[str]) -> list[str]:
    """Without line ends of another system; a text is never cut silently."""
    values = [each.replace("\r\n", "\n") for each in given if each.strip()]
    if field.options:
        if not set(values) <= set(field.options) or len(values) > (field.most if field.kind == "choices" else 1):
            raise ValueError(field.name)
    elif len(values) > 1 or any(len(each) > field.most for each in values):
        raise ValueError(field.name)
    return values


def start(
    person: Person,
    task: Task,
    language: str,
    variant: str | None = None,
    deadline: datetime | None = None,
    give_back_url: str = "",
    practice: bool = False,
) -> RatedWork:
    """The open work that this page (or, without one, the person) asked for, else a new one. It needs no role of the
    person. variant: one that the person has not met where not given; deadline: the task's own limit and the person's
    extra time where not given; give_back_url: a path of ours to which the person returns; practice: it asks for no
    evidence. ValueError for another address or an unknown variant."""
    if (give_back_url and not GIVE_BACK.fullmatch(give_back_url)) or (variant and variant not in task.variants):
        raise ValueError("give_back_url or variant")
    if running := _running(person.id, task, give_back_url):
        return running
    now, fresh = clock.now(), unmet(person.id, task)
    work = RatedWork(
        person_id=person.id,
        organisation_id=person.organisation_id,
        task=task.name,
        variant=variant or secrets.choice(fresh or list(task.variants)),
        version=task.version,
        language=language,
        give_back_url=give_back_url,
        for_evidence=not practice and (bool(give_back_url) or may_count(person.id, task)),
        started_at=now,
        deadline_at=deadline or now + timedelta(minutes=task.limit * person.extra_time),
    )
    db.session.add(work)
    db.session.flush()
    return work


def unmet(person_id: int, task: Task) -> list[str]:
    """Variants that the person has not written about within the period in which one work is evidence."""
    since = clock.now() - evidence.PERIOD
    rows = select(RatedWork.variant).where(
        RatedWork.person_id == person_id, RatedWork.task == task.name, RatedWork.started_at > since
    )
    met = set(db.session.scalars(rows))
    return [name for name in task.variants if name not in met]


def may_count(person_id: int, task: Task) -> bool:
    """Whether a work begun now would be evidence: none of the period is or waits to be, and a brief is left that the
    person has not met. A portfolio may hold many pieces; of each sub-competency one of a period counts."""
    if task.portfolio:
        return True
    since = clock.now() - evidence.PERIOD
    rows = select(RatedWork.id).where(
        RatedWork.person_id == person_id,
        RatedWork.task == task.name,
        RatedWork.for_evidence,
        RatedWork.give_back_url == "",
        RatedWork.started_at > since,
    )
    return db.session.scalar(rows.limit(1)) is None and bool(unmet(person_id, task))


def _running(person_id: int, task: Task, give_back_url: str) -> RatedWork | None:
    """The open work; one whose time is over ends here."""
    rows = select(RatedWork).where(RatedWork.person_id == person_id, RatedWork.task == task.name)
    rows = rows.where(RatedWork.give_back_url == give_back_url, RatedWork.finished_at.is_(None))
    running = db.session.scalar(rows.with_for_update())
    if running and is_over(running):
        finish(running)
        db.session.flush()
        return None
    return running


def work_of(person_id: int, work_id: int, lock: bool = False) -> RatedWork:
    """The person's own work, or 404; with `lock` no other transaction changes it until this one ends."""
    statement = select(RatedWork).where(RatedWork.id == work_id, RatedWork.person_id == person_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(statement) or abort(404)


def works_of(person_id: int) -> Sequence[RatedWork]:
    """The person's own, newest first, without what another page asked for."""
    rows = select(RatedWork).where(RatedWork.person_id == person_id, RatedWork.give_back_url == "")
    return db.session.scalars(rows.order_by(RatedWork.id.desc())).all()


def task_of(work: RatedWork) -> Task:
    return TASKS[work.task]


def variant_of(work: RatedWork) -> Variant:
    return task_of(work).variants[work.variant]


def is_over(work: RatedWork, at: datetime | None = None) -> bool:
    """The time is over, and even a save sent at the last second would have arrived."""
    return (at or clock.now()) > work.deadline_at + GRACE


def _last(work: RatedWork, counting: bool = False) -> WorkSave | None:
    rows = select(WorkSave).where(WorkSave.work_id == work.id, WorkSave.person_id == work.person_id)
    if counting:
        rows = rows.where(WorkSave.late.is_(False))
    return db.session.scalar(rows.order_by(WorkSave.number.desc()).limit(1))


def form_of(work: RatedWork) -> Form:
    """What stands in the work: the last save that came in time."""
    last = _last(work, counting=True)
    return last.form if last else {}


def saves_of(work: RatedWork) -> int:
    last = _last(work)
    return last.number if last else 0


def take(work: RatedWork, given: Draft) -> int:
    """Append what changed and return how many saves there are; an older or repeated sending of a page adds nothing."""
    last, now = _last(work), clock.now()
    number = last.number if last else 0
    same = last is not None and last.writer == given.writer
    if last and same and (given.seq <= last.seq or given.form == last.form):
        return number
    if number >= MOST:
        raise Refused("too_many")
    late = work.finished_at is not None or is_over(work, now)
    if late and now > (work.finished_at or work.deadline_at) + LATE:
        raise Refused("too_late")
    if not late and not same and given.base != number:
        raise Refused("newer")
    _append(work, given, number + 1, now, late)
    if late:
        finish(work)
    return number + 1


def _append(work: RatedWork, given: Draft, number: int, now: datetime, late: bool) -> None:
    row = WorkSave(work_id=work.id, person_id=work.person_id, number=number, received_at=now, late=late)
    row.writer, row.seq, row.form = given.writer, given.seq, dict(given.form)
    db.session.add(row)
    db.session.flush()


def missing(work: RatedWork) -> list[Field]:
    """Fields without which the work cannot be handed in; a link that is none counts as missing."""
    form = {name: value for name, value in form_of(work).items() if name != LINK or HTTPS.fullmatch(value[0].strip())}
    return [
        field for field in task_of(work).fields_of(variant_of(work)) if not field.optional and field.name not in form
    ]


def finish(work: RatedWork) -> None:
    """Hand the work in; once, however often it is asked for. What the clock ended is judged as it stood; where nothing
    stood there is nothing to judge."""
    if work.finished_at is None:
        over = is_over(work)
        work.for_evidence = work.for_evidence and bool(form_of(work))
        work.finished_at = work.deadline_at if over else max(clock.now(), work.started_at)
        work.finished_by = "deadline" if over else "person"
