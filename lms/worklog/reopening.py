"""Taking back an end that a wrong clock made, for every kind of work: staff give the reason, the trail keeps it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from lms import clock
from lms.database import audit, db
from lms.identity import reopening
from lms.identity.reopening import Ended, Kind
from lms.worklog.log import E, W, WorkLog


def offer(app: Flask, name: str, log: WorkLog[W, Any], title: Callable[[W], str]) -> None:
    """Have the works of this log that the clock ended offered on the person's page. title: in the reader's language."""

    def ended(person_id: int) -> list[Ended]:
        rows = select(log.works).where(log.works.person_id == person_id, log.works.finished_by == "deadline")
        works = db.session.scalars(rows.order_by(log.works.finished_at.desc()).limit(reopening.SHOWN)).all()
        return [Ended(work.id, title(work), work.finished_at) for work in works if work.finished_at]

    def again(person_id: int, number: int, reason: str, actor: int) -> None:
        reopen(log, log.own(person_id, number, lock=True), reason, actor)

    reopening.register(app, name, Kind(ended, again))


def reopen(log: WorkLog[W, E], work: W, reason: str, actor: int | None) -> None:
    """Let the work run again with the time that was left at its last entry in time (all of it without one). Entries
    that came after the wrong end count again. ValueError with the reason in words where it cannot be."""
    _must_be_possible(log, work, reason)
    log.take_back_end(work)
    last = log.last(work, in_time=True)
    gone = clock.now() - (last.received_at if last else work.started_at)
    work.deadline_at += max(gone, timedelta(0))
    work.finished_at = work.finished_by = None
    of_work = log.entries.work_id == work.id, log.entries.person_id == work.person_id
    db.session.execute(update(log.entries).where(*of_work, log.entries.late).values(late=False))
    db.session.flush()
    log.go_on(work)
    detail = {"work": ["", f"{work.task} {work.id}"], "reason": ["", reason]}
    audit.append_entry(work.organisation_id, actor, "work_reopened", work.person_id, **detail)


def _must_be_possible(log: WorkLog[W, E], work: W, reason: str) -> None:
    reopening.check_reason(reason)
    if work.finished_by != "deadline":
        raise ValueError("the work runs, or the person ended it")
    kind = {name: getattr(work, name) for name in log.kind}
    if log.running(work.person_id, work.give_back_url, **kind):
        raise ValueError("the person has begun another work of the same kind since; it has to end first")
