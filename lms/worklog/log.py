"""Beginning, going on with and ending a work, and its log. Verbs expect the work's lock and leave the commit to the
view."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from flask import abort
from sqlalchemy import select

from lms import clock
from lms.database import db
from lms.identity.models import Person
from lms.worklog.models import LogEntry, Work

LATE = timedelta(days=7)  # for so long after the end entries are kept, as late
GIVE_BACK = re.compile(r"/(?!/)[\w/.\-]{1,190}")
W = TypeVar("W", bound=Work)
E = TypeVar("E", bound=LogEntry)


class EntryRefused(Exception):
    """The work does not take this entry. reason: "newer" (its page is older than the log), "key_reused", "too_late",
    "too_many"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class WorkLog(Generic[W, E]):
    """The works of one table and the entries of another. most: entries of a work; no person comes near it. kind:
    columns of which, with the page that asked, a person has one open work at a time."""

    def __init__(self, works: type[W], entries: type[E], most: int, kind: tuple[str, ...]) -> None:
        self.works, self.entries, self.most, self.kind = works, entries, most, kind
        self._at_end: Callable[[W], None] = lambda work: None
        self.take_back_end: Callable[[W], None] = lambda work: None
        self.go_on: Callable[[W], None] = lambda work: None

    def at_end(self, verb: Callable[[W], None]) -> Callable[[W], None]:
        """What else an end brings, as a decorator; it runs once for each work."""
        self._at_end = verb
        return verb

    def before_reopening(self, verb: Callable[[W], None]) -> Callable[[W], None]:
        """How what `at_end` brought is taken back, as a decorator; it raises ValueError where it cannot be."""
        self.take_back_end = verb
        return verb

    def after_reopening(self, verb: Callable[[W], None]) -> Callable[[W], None]:
        """What else is to do once the work runs again and its late entries count, as a decorator."""
        self.go_on = verb
        return verb

    def running(self, person_id: int, give_back_url: str, **of: str) -> W | None:
        """The open work of this kind that the page (or, without one, the person) asked for; one whose time is over ends
        here. ValueError for an address that is no path of ours."""
        if give_back_url and not GIVE_BACK.fullmatch(give_back_url):
            raise ValueError("give_back_url")
        rows = select(self.works).where(self.works.person_id == person_id, self.works.give_back_url == give_back_url)
        work = db.session.scalar(rows.filter_by(**of).where(self.works.finished_at.is_(None)).with_for_update())
        if work and work.is_over():
            self.finish(work)
            db.session.flush()
            return None
        return work

    def begin(self, work: W, person: Person, limit: float, deadline: datetime | None, give_back_url: str) -> W:
        """Keep a new work. limit: minutes, to which the person's extra time comes; deadline: in its place."""
        now = clock.now()
        work.person_id, work.give_back_url, work.started_at = person.id, give_back_url, now
        work.deadline_at = deadline or now + timedelta(minutes=limit * person.extra_time)
        db.session.add(work)
        db.session.flush()
        return work

    def own(self, person_id: int, work_id: int, lock: bool = False) -> W:
        """The person's own work, or 404; with `lock` no other transaction changes it until this one ends."""
        statement = select(self.works).where(self.works.id == work_id, self.works.person_id == person_id)
        if lock:
            statement = statement.with_for_update().execution_options(populate_existing=True)
        return db.session.scalar(statement) or abort(404)

    def all_of(self, person_id: int) -> Sequence[W]:
        """Newest first."""
        rows = select(self.works).where(self.works.person_id == person_id)
        return db.session.scalars(rows.order_by(self.works.id.desc())).all()

    def entries_of(self, work: W) -> Sequence[E]:
        rows = select(self.entries).where(self.entries.work_id == work.id, self.entries.person_id == work.person_id)
        return db.session.scalars(rows.order_by(self.entries.number)).all()

    def last(self, work: W, in_time: bool = False) -> E | None:
        """The newest entry; with `in_time` the newest that counts."""
        rows = select(self.entries).where(self.entries.work_id == work.id, self.entries.person_id == work.person_id)
        if in_time:
            rows = rows.where(self.entries.late.is_(False))
        return db.session.scalar(rows.order_by(self.entries.number.desc()).limit(1))

    def append(self, work: W, entry: E, count: int, base: int | None) -> int:
        """Add the entry to the `count` that are there and return its number. base: how many its page knew, None where
        it need not know. An entry after the end is kept as late, for a while, and ends a work that nobody had ended."""
        now = clock.now()
        late = work.finished_at is not None or work.is_over(now)
        if count >= self.most:
            raise EntryRefused("too_many")
        if late and now > (work.finished_at or work.deadline_at) + LATE:
            raise EntryRefused("too_late")
        if not late and base is not None and base != count:
            raise EntryRefused("newer")
        entry.work_id, entry.person_id, entry.number = work.id, work.person_id, count + 1
        entry.received_at, entry.late = now, late
        db.session.add(entry)
        db.session.flush()
        if late:
            self.finish(work)
        return entry.number

    def finish(self, work: W) -> None:
        """End the work; once, however often it is asked for."""
        if work.finished_at is None:
            over = work.is_over()
            work.finished_at = work.deadline_at if over else max(clock.now(), work.started_at)
            work.finished_by = "deadline" if over else "person"
            self._at_end(work)
