"""Beginning, writing and handing in a work. Verbs expect the row's lock and leave the commit to the view."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from lms import clock, evidence
from lms.database import db
from lms.identity.models import Person
from lms.rating.checks import Form
from lms.rating.draws import drawn, unmet
from lms.rating.files import files_of
from lms.rating.models import RatedWork, WorkRating, WorkSave
from lms.rating.tasks import TASKS, Variant, WorkField, WrittenTask
from lms.worklog.log import WorkLog

MAX_SEQ = 2**53
WRITER = re.compile(r"[0-9a-f]{8,64}")
LINK = "link"  # the field that holds an address; it is shown to raters and never opened by the program
HTTPS = re.compile(r"https://[^\s/@:]+\.[^\s/@:]+(?::\d{1,5})?(?:/\S*)?")
LOG = WorkLog(RatedWork, WorkSave, most=3_000, kind=("task",))
work_of, finish = LOG.own, LOG.finish


@dataclass(frozen=True)
class WorkDraft:
    """A form as a page sends it. base: how many saves its page knew; writer, seq: see `WorkSave`."""

    form: Form
    base: int
    writer: str
    seq: int


def draft(work: RatedWork, sent: MultiDict[str, str]) -> WorkDraft:
    """ValueError where no page of ours could send it."""
    base, writer, seq = sent.get("base", ""), sent.get("writer", ""), sent.get("seq", "")
    if not WRITER.fullmatch(writer) or not re.fullmatch(r"\d{1,6}", base) or not re.fullmatch(r"\d{1,16}", seq):
        raise ValueError("base, writer or seq")
    task, variant = task_of(work), variant_of(work)
    form = {field.name: _value(field, sent.getlist(field.name)) for field in task.fields_of(variant)}
    return WorkDraft({name: value for name, value in form.items() if value}, int(base), writer, min(int(seq), MAX_SEQ))


def _value(field: WorkField, texts: list[str]) -> list[str]:
    """Without line ends of another system; a text is never cut silently, and one choice too many is kept like any
    other: what was written beside it must not be refused."""
    values = [each.replace("\r\n", "\n") for each in texts if each.strip()]
    if field.options:
        most = len(field.options) if field.kind == "choices" else 1
        if not set(values) <= set(field.options) or len(values) > most:
            raise ValueError(field.name)
    elif len(values) > 1 or any(len(each) > field.most for each in values):
        raise ValueError(field.name)
    return values


def start(
    person: Person,
    task: WrittenTask,
    language: str,
    variant: str | None = None,
    deadline: datetime | None = None,
    give_back_url: str = "",
    practice: bool = False,
) -> RatedWork:
    """The open work that this page (or, without one, the person) asked for, else a new one. It needs no role of the
    person. variant: drawn where not given; deadline: the task's own limit and the person's extra time where not given;
    give_back_url: a path of ours to which the person returns; practice: it asks for no evidence. ValueError for another
    address or an unknown variant."""
    running = LOG.running(person.id, give_back_url, task=task.name)
    if variant and variant not in task.variants:
        raise ValueError("variant")
    if running:
        return running
    work = RatedWork(
        organisation_id=person.organisation_id,
        task=task.name,
        variant=variant or drawn(person, task),
        version=task.version,
        language=language,
        for_evidence=not practice and (bool(give_back_url) or may_count(person.id, task)),
    )
    return LOG.begin(work, person, task.limit, deadline, give_back_url)


def may_count(person_id: int, task: WrittenTask, but: int = 0) -> bool:
    """Whether a work begun now would be evidence: none of the period is or waits to be, and a brief is left that the
    person has not met. but: see `draws.unmet`. A portfolio may hold many pieces; of each sub-competency one of a period
    counts."""
    if task.portfolio:
        return True
    since = clock.now() - evidence.PERIOD
    rows = select(RatedWork.id).where(
        RatedWork.person_id == person_id,
        RatedWork.task == task.name,
        RatedWork.for_evidence,
        RatedWork.give_back_url == "",
        RatedWork.started_at > since,
        RatedWork.id != but,
    )
    return db.session.scalar(rows.limit(1)) is None and bool(unmet(person_id, task, but))


def works_of(person_id: int) -> Sequence[RatedWork]:
    """The person's own, newest first, without what another page asked for."""
    return [work for work in LOG.all_of(person_id) if not work.give_back_url]


def task_of(work: RatedWork) -> WrittenTask:
    return TASKS[work.task]


def variant_of(work: RatedWork) -> Variant:
    return task_of(work).variants[work.variant]


def form_of(work: RatedWork) -> Form:
    """What stands in the work: the last save that came in time."""
    last = LOG.last(work, in_time=True)
    return last.form if last else {}


def saves_of(work: RatedWork) -> int:
    last = LOG.last(work)
    return last.number if last else 0


def take(work: RatedWork, sending: WorkDraft) -> int:
    """Append what changed and return how many saves there are; an older or repeated sending of a page adds nothing, and
    a page need not wait for the reply to its own last save."""
    last = LOG.last(work)
    number, same = (last.number, last.writer == sending.writer) if last else (0, False)
    if last and same and (sending.seq <= last.seq or sending.form == last.form):
        return number
    row = WorkSave(writer=sending.writer, seq=sending.seq, form=dict(sending.form))
    return LOG.append(work, row, number, None if same else sending.base)


def missing(work: RatedWork) -> list[WorkField]:
    """Fields without which the work cannot be handed in; a link that is none and more choices than are asked for count
    as missing, and a piece with a file needs no link."""
    form, all_fields = form_of(work), task_of(work).fields_of(variant_of(work))
    fields = [field for field in all_fields if not field.optional]
    empty = [field for field in all_fields if _lacks(field, form.get(field.name, []))]
    if LINK in form and not HTTPS.fullmatch(form[LINK][0].strip()):
        return [field for field in fields if field in empty or field.name == LINK]
    return [field for field in empty if field.name != LINK] if empty and files_of(work) else empty


def _lacks(field: WorkField, values: list[str]) -> bool:
    return (field.kind == "choices" and len(values) > field.most) or not (values or field.optional)


@LOG.at_end
def _judge_what_stands(work: RatedWork) -> None:
    """What the clock ended is judged as it stood; where nothing stood there is nothing to judge."""
    work.for_evidence = work.for_evidence and bool(form_of(work))


@LOG.before_reopening
def _unless_raters_have_it(work: RatedWork) -> None:
    """What the end found empty, and for that took for practice, is again what it would be if it began now."""
    ratings = select(WorkRating.id).where(WorkRating.work_id == work.id, WorkRating.person_id == work.person_id)
    if db.session.scalar(ratings.limit(1)) is not None:
        raise ValueError("raters have the work in hand")
    if not form_of(work):
        work.for_evidence = bool(work.give_back_url) or may_count(work.person_id, task_of(work), but=work.id)
